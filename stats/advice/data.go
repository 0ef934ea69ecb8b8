package advice

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/record"
)

// A Candidate is what can be chosen. Workers is 0 unless the number of workers can be chosen
// too.
type Candidate struct {
	Design  string `json:"design"`
	Parker  string `json:"parker"`
	Workers int    `json:"workers,omitempty"`
}

func (c Candidate) String() string {
	text := c.Design + "/" + c.Parker
	if c.Workers > 0 {
		text += "/" + strconv.Itoa(c.Workers)
	}
	return text
}

// spinPrefix begins the names of parkers that spin for a time before they sleep.
const spinPrefix = "spin-futex-"

// Spin returns the spin budget of the parker, "" if it has none.
func (c Candidate) Spin() string {
	if budget, ok := strings.CutPrefix(c.Parker, spinPrefix); ok {
		return budget
	}
	return ""
}

// ParseCandidate reads "design/parker" or "design/parker/workers".
func ParseCandidate(text string) (Candidate, error) {
	bad := fmt.Errorf("%q: want DESIGN/PARKER, such as bitmap/futex, or DESIGN/PARKER/WORKERS", text)
	parts := strings.Split(text, "/")
	if len(parts) < 2 || len(parts) > 3 || parts[0] == "" || parts[1] == "" {
		return Candidate{}, bad
	}
	c := Candidate{Design: parts[0], Parker: parts[1]}
	if len(parts) == 3 {
		workers, err := strconv.Atoi(parts[2])
		if err != nil || workers < 1 {
			return Candidate{}, bad
		}
		c.Workers = workers
	}
	return c, nil
}

// A Situation is where candidates are compared. Workers is 0 if their number can be chosen.
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
	if s.Workers > 0 {
		fmt.Fprintf(&b, " workers=%d", s.Workers)
	}
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

// Candidates are those of the data, in its order.
func (d Data) Candidates() []Candidate {
	var all []Candidate
	for _, v := range d.Cells {
		if !slices.Contains(all, v.Candidate) {
			all = append(all, v.Candidate)
		}
	}
	return all
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
		cells[name] = &Values{Situation: Situation{c.Workload, c.Params, c.Workers}, Candidate: Candidate{Design: c.Impl, Parker: c.Park},
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
	chooseWorkers(d.Cells)
	return d, nil
}

// chooseWorkers makes the number of workers a part of the candidates, if each situation was
// measured with the same two numbers or more. A default run is not such a run: each workload
// has the workers that it needs.
func chooseWorkers(cells []Values) {
	counts := map[string]map[int]bool{}
	for _, v := range cells {
		name := v.Situation.anyWorkers().Name()
		if counts[name] == nil {
			counts[name] = map[int]bool{}
		}
		counts[name][v.Situation.Workers] = true
	}
	var first map[int]bool
	for _, c := range counts {
		if first == nil {
			first = c
		}
		if len(c) < 2 || !maps.Equal(c, first) {
			return
		}
	}
	for i := range cells {
		v := &cells[i]
		v.Candidate.Workers = v.Situation.Workers
		v.Situation = v.Situation.anyWorkers()
	}
}

func (s Situation) anyWorkers() Situation {
	s.Workers = 0
	return s
}

// latencyUnit is the primary unit of a workload, if it is a time that a task or its submitter waits,
// or else the unit in which it is reported.
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
