package advice

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
)

// A Candidate is what can be chosen.
type Candidate struct {
	Design string `json:"design"`
	Parker string `json:"parker"`
}

func (c Candidate) String() string { return c.Design + "/" + c.Parker }

// spinPrefix begins the names of parkers that spin for a time before they sleep.
const spinPrefix = "spin-futex-"

// Spin returns the spin budget of the parker, "" if it has none.
func (c Candidate) Spin() string {
	if budget, ok := strings.CutPrefix(c.Parker, spinPrefix); ok {
		return budget
	}
	return ""
}

// ParseCandidate reads "design/parker".
func ParseCandidate(text string) (Candidate, error) {
	design, parker, ok := strings.Cut(text, "/")
	if !ok || design == "" || parker == "" || strings.Contains(parker, "/") {
		return Candidate{}, fmt.Errorf("%q: want DESIGN/PARKER, such as bitmap/futex", text)
	}
	return Candidate{design, parker}, nil
}

// A Situation is where candidates are compared.
type Situation struct {
	Workload string
	Params   []record.Param
	Workers  int
}

// Name is the workload with its parameters and workers.
func (s Situation) Name() string {
	var b strings.Builder
	b.WriteString(s.Workload)
	for _, p := range s.Params {
		fmt.Fprintf(&b, " %s=%s", p.Name, p.Value)
	}
	fmt.Fprintf(&b, " workers=%d", s.Workers)
	return b.String()
}

// Values are what one candidate has in one situation, by round. A value that is missing or not
// valid is 0.
type Values struct {
	Situation
	Candidate
	Latency, CPU []float64
}

// Data is what an advice is made of.
type Data struct {
	Rounds int      // that may be used
	Cells  []Values // each situation and candidate at most once
	Notes  []string // what the reader has to know of the data
}

// Errors of folders from which no advice can be made.
var (
	ErrSimulated = errors.New("the run was simulated: a model has no noise of a machine, so nothing could be confirmed; \"report\" shows its orders and crossings")
	ErrPeers     = errors.New("the run has peers and references only: there is no design and parker to choose; measure some with \"bench run\"")
)

// FromRun takes the values of the designs out of a run.
func FromRun(run record.Run) (Data, error) {
	if run.Simulated() != "" {
		return Data{}, ErrSimulated
	}
	d := Data{Rounds: run.Plan.Rounds}
	if looks := run.Plan.Looks; len(looks) > 0 && looks[0].Rounds < d.Rounds {
		d.Rounds = looks[0].Rounds
		d.Notes = append(d.Notes, fmt.Sprintf("Of up to %d rounds the first %d are used: later ones have only the cells that an interim analysis left open.", run.Plan.Rounds, d.Rounds))
	}
	if run.State.Partial() {
		d.Notes = append(d.Notes, fmt.Sprintf("The run is %s: some launches of the plan are missing.", run.State))
	}
	lower := map[string]bool{}
	for _, u := range run.Units {
		lower[u.Name] = u.Better == record.Lower
	}
	cells := map[string]*Values{}
	saturated := map[string][2]int{} // launches by situation: saturated, all
	var order []string
	for _, c := range run.Plan.Cells {
		if record.RoleOf(c) != record.Implementation {
			continue
		}
		name := c.Name()
		order = append(order, name)
		cells[name] = &Values{Situation: Situation{c.Workload, c.Params, c.Workers}, Candidate: Candidate{c.Impl, c.Park},
			Latency: make([]float64, d.Rounds), CPU: make([]float64, d.Rounds)}
	}
	if len(cells) == 0 {
		return Data{}, ErrPeers
	}
	for _, l := range run.Recorded {
		v := cells[l.Cell.Name()]
		if v == nil || len(l.Invalid) > 0 || l.Round >= d.Rounds {
			continue
		}
		s := v.Situation.Name()
		n := saturated[s]
		n[1]++
		if l.Saturated() {
			n[0]++
		}
		saturated[s] = n
		v.Latency[l.Round] = value(l, lower, latencyUnit(l, run.Primary[l.Cell.Workload]))
		v.CPU[l.Round] = value(l, lower, "cost-ns/task", "cpu-ns/task", "cost-ns/sec", "cpu-ns/sec")
	}
	var left []string
	for _, name := range order {
		v := *cells[name]
		s := v.Situation.Name()
		if n := saturated[s]; n[0] > 0 && 2*n[0] >= n[1] {
			if !slices.Contains(left, s) {
				left = append(left, s)
			}
			continue
		}
		d.Cells = append(d.Cells, v)
	}
	if len(left) > 0 {
		d.Notes = append(d.Notes, "Left out, since most launches did not sustain the load: "+strings.Join(left, "; ")+".")
	}
	return d, nil
}

// latencyUnit is the primary unit of a workload, if it is a time for which somebody waits, or
// else the unit in which it is reported.
func latencyUnit(l record.Launch, primary string) string {
	unit := primary
	if unit == "" || isCPU(unit) {
		unit = record.Reported(l.Metrics)
	}
	if isCPU(unit) {
		return ""
	}
	return unit
}

func isCPU(unit string) bool {
	return strings.HasPrefix(unit, "cost-") || strings.HasPrefix(unit, "cpu-")
}

// value is that of the first unit that the launch has and of which less is better; 0 if none.
func value(l record.Launch, lower map[string]bool, units ...string) float64 {
	for _, unit := range units {
		for _, m := range l.Metrics {
			if m.Unit == unit && lower[unit] && m.Value > 0 && !math.IsInf(m.Value, 0) {
				return m.Value
			}
		}
	}
	return 0
}
