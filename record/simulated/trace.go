package simulated

import "fmt"

// A Trace is what CPUs did for a while, in the Trace Event Format that Perfetto
// (ui.perfetto.dev) and chrome://tracing open: a complete event for each stretch in one
// state, a thread for each CPU. An idle CPU has no event.
type Trace struct {
	Unit   string  `json:"displayTimeUnit"`
	Events []Event `json:"traceEvents"`
}

// An Event is one of the format's. Times are in microseconds.
type Event struct {
	Name     string            `json:"name"`
	Phase    string            `json:"ph"`
	Process  int               `json:"pid"`
	Thread   int               `json:"tid"`
	Time     float64           `json:"ts"`
	Duration float64           `json:"dur,omitempty"`
	Args     map[string]string `json:"args,omitempty"`
}

const (
	complete = "X"
	metadata = "M"
	process  = 1
)

// A Stretch is for how long a CPU was in a state, in picoseconds.
type Stretch struct {
	CPU      int
	State    string
	From, To int64
}

// NewTrace makes a trace of stretches. Times begin at the picosecond from. Stretches of the state idle are left out.
func NewTrace(title string, cpus int, from int64, all []Stretch) *Trace {
	t := &Trace{Unit: "ns"}
	t.Events = append(t.Events, Event{Name: "process_name", Phase: metadata, Process: process, Args: map[string]string{"name": title}})
	for i := range cpus {
		name := fmt.Sprintf("CPU %d: worker", i)
		if i == 0 {
			name = "CPU 0: submitter"
		}
		t.Events = append(t.Events, Event{Name: "thread_name", Phase: metadata, Process: process, Thread: i, Args: map[string]string{"name": name}})
	}
	for _, s := range all {
		if s.State != Idle {
			t.Events = append(t.Events, Event{Name: s.State, Phase: complete, Process: process, Thread: s.CPU,
				Time: us(s.From - from), Duration: us(s.To - s.From)})
		}
	}
	return t
}

// Idle is the state that a trace has no events of.
const Idle = "idle"

// us returns picoseconds in microseconds.
func us(ps int64) float64 { return float64(ps) / 1e6 }

// Stretches returns what is in the trace, with times from its beginning.
func (t Trace) Stretches() (all []Stretch) {
	for _, e := range t.Events {
		if e.Phase == complete {
			all = append(all, Stretch{e.Thread, e.Name, ps(e.Time), ps(e.Time) + ps(e.Duration)})
		}
	}
	return all
}

func ps(us float64) int64 { return int64(us*1e6 + 0.5) }

// CPUs returns the number of CPUs.
func (t Trace) CPUs() (n int) {
	for _, e := range t.Events {
		n = max(n, e.Thread+1)
	}
	return n
}
