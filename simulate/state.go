package simulate

import "fmt"

// A State is what a CPU is doing.
type State uint8

const (
	Idle      State = iota // it has no thread
	Waking                 // it comes back from being idle, or changes to another thread
	Running                // its thread does something
	Searching              // the same, and has called Doing to say that it searches
	Spinning               // its thread waits in Spin
	Stalled                // its thread waits for a line
	states
)

var stateNames = [states]string{"idle", "waking", "running", "searching", "spinning", "stalled"}

// String returns the state in lower case.
func (s State) String() string {
	if s < states {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// States returns all states.
func States() []State { return []State{Idle, Waking, Running, Searching, Spinning, Stalled} }

// A Spent is how long a CPU was in each state.
type Spent [states]Time

// Sub returns s - t, for t read earlier.
func (s Spent) Sub(t Spent) Spent {
	for i := range s {
		s[i] -= t[i]
	}
	return s
}

// Add returns s + t.
func (s Spent) Add(t Spent) Spent {
	for i := range s {
		s[i] += t[i]
	}
	return s
}

// An Interval is a stretch of time for which a CPU was in one state.
type Interval struct {
	CPU      int
	State    State
	From, To Time
}

// A trace is what CPUs did from a time on.
type trace struct {
	most int // intervals
	from Time
	all  []Interval
}

// A cpuState is the state that a CPU is in, and those that it was in.
type cpuState struct {
	now   State
	since Time
	spent Spent
}

// enter notes that the CPU is in a state from a time on. A thread may be ahead of the
// others and lose its CPU at an earlier time; then the state before keeps that time.
func (s *simulation) enter(c *cpu, to State, at Time) {
	st := &c.state
	if at > st.since {
		st.spent[st.now] += at - st.since
		if len(s.trace.all) < s.trace.most && at > s.trace.from {
			s.trace.all = append(s.trace.all, Interval{c.id, st.now, max(st.since, s.trace.from), at})
			if len(s.trace.all) == s.trace.most {
				st.now, st.since = to, at
				s.endTrace()
			}
		}
		st.since = at
	}
	st.now = to
}

// endTrace adds the states that still go on.
func (s *simulation) endTrace() {
	end := s.trace.from
	for _, i := range s.trace.all {
		end = max(end, i.From)
	}
	for i := range s.cpus {
		if st := &s.cpus[i].state; st.since < end {
			s.trace.all = append(s.trace.all, Interval{i, st.now, max(st.since, s.trace.from), end})
		}
	}
}

// Doing says that the calling thread is Running or Searching from now on. It takes no
// time.
func Doing(what State) {
	s := current
	if s == nil || s.peeking || s.ending || s.running == nil {
		return
	}
	t := s.running
	if t.doing != what {
		t.doing = what
		s.enter(t.cpu, what, t.at)
	}
}

// state is that of the thread's CPU while the thread has it and is not held up.
func (t *thread) state() State {
	if t.spins && t.doing == Running {
		return Spinning
	}
	return t.doing
}

// SpentBy returns how long a CPU has been in each state so far. A thread of the
// simulation calls it, and it takes no time.
func SpentBy(cpu int) Spent {
	s := current
	if s == nil || cpu < 0 || cpu >= len(s.cpus) || s.running == nil {
		return Spent{}
	}
	st := &s.cpus[cpu].state
	spent := st.spent
	if now := s.running.at; now > st.since {
		spent[st.now] += now - st.since
	}
	return spent
}

// Trace begins to note what CPUs do from now on: n intervals, and then what each CPU
// is at. It takes no time.
func Trace(n int) {
	if s := current; s != nil && s.running != nil {
		s.trace = trace{most: n, from: s.running.at}
	}
}

// Traced returns what was noted, for each CPU in the order of time. If there were
// fewer intervals than asked for, those that still go on are missing.
func Traced() []Interval {
	if s := current; s != nil {
		return s.trace.all
	}
	return nil
}
