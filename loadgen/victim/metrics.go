package victim

import (
	"strconv"

	"github.com/idlebench/idlebench/loadgen/workload"
)

// A Result is what a launch measured: the sums of all kept pairs.
type Result struct {
	Alone, Beside Segment
	Pairs         int // kept
	Dropped       int
	Meters        Meters
}

// Add adds a pair.
func (r *Result) Add(alone, beside Segment) {
	r.Pairs++
	r.Alone, r.Beside = r.Alone.Add(alone), r.Beside.Add(beside)
}

// Metrics returns the slowdown, and what a piece took alone and beside the pool.
func (r Result) Metrics() (all []workload.Metric) {
	if r.Alone.Pieces == 0 || r.Beside.Pieces == 0 {
		return nil
	}
	add := func(value float64, unit string) { all = append(all, workload.Metric{Value: value, Unit: unit}) }
	alone, beside := float64(r.Alone.Time)/r.Alone.Pieces, float64(r.Beside.Time)/r.Beside.Pieces
	add(beside/alone, "slowdown/piece")
	add(alone, "alone-ns/piece")
	add(beside, "beside-ns/piece")
	m, n := float64(r.Alone.Metered), float64(r.Beside.Metered)
	if m == 0 || n == 0 {
		return all
	}
	if r.Meters.HasEnergy() {
		add(float64(r.Alone.Energy)/m, "alone-uJ/piece")
		add(float64(r.Beside.Energy)/n, "beside-uJ/piece")
	}
	for i, e := range events {
		if r.Meters.HasCounter(i) {
			add(r.Alone.Counts[i]/m, "alone-"+e.name+"/piece")
			add(r.Beside.Counts[i]/n, "beside-"+e.name+"/piece")
		}
	}
	return all
}

// A Fact is a condition of the measurement.
type Fact struct{ Key, Value string }

// Facts returns the conditions.
func (r Result) Facts() []Fact {
	return []Fact{
		{"victim-pairs", strconv.Itoa(r.Pairs)},
		{"victim-dropped-pairs", strconv.Itoa(r.Dropped)},
		{"victim-energy", r.Meters.Energy()},
		{"victim-counters", r.Meters.Counters()},
	}
}
