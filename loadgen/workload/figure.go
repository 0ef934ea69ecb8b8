package workload

import (
	"slices"

	"github.com/idlebench/idlebench/loadgen/latency"
)

// A Figure is one of a load's own results. It is kept as the sums that it is made of,
// so that the figures of several runs add up to that of all of them: a mean over
// operations weighs each operation the same, however they are spread over runs.
type Figure struct {
	Unit   string
	Amount float64
	Per    float64 // what Amount is divided by
	Over   Over
}

// Over says how the figures of several runs become one.
type Over int

const (
	Sum      Over = iota // amounts add up, and so does what they are divided by
	Largest              // the largest counts
	Smallest             // the smallest counts
)

// Ratio is a figure that is a mean, a rate or a share.
func Ratio(amount, per float64, unit string) Figure { return Figure{unit, amount, per, Sum} }

// AtMost is a figure that is the largest of all values.
func AtMost(value float64, unit string) Figure { return Figure{unit, value, 1, Largest} }

// AtLeast is a figure that is the smallest of all values.
func AtLeast(value float64, unit string) Figure { return Figure{unit, value, 1, Smallest} }

// Metric returns the figure's value with its unit. Without anything to divide by, the
// value is not a finite number.
func (f Figure) Metric() Metric { return Metric{f.Amount / f.Per, f.Unit} }

// add returns the figure of two runs.
func (f Figure) add(other Figure) Figure {
	switch f.Over {
	case Largest:
		f.Amount = max(f.Amount, other.Amount)
	case Smallest:
		f.Amount = min(f.Amount, other.Amount)
	default:
		f.Amount += other.Amount
		f.Per += other.Per
	}
	return f
}

// Add adds what the load did in another run. It keeps no recorder of that run, since
// loads use theirs again.
func (t *Totals) Add(run Totals) {
	t.Ops += run.Ops
	t.Time += run.Time
	t.Tasks += run.Tasks
	for _, f := range run.Figures {
		i := slices.IndexFunc(t.Figures, func(sum Figure) bool { return sum.Unit == f.Unit })
		if i < 0 {
			t.Figures = append(t.Figures, f)
			continue
		}
		t.Figures[i] = t.Figures[i].add(f)
	}
	for _, lag := range run.Lag {
		if t.Lag == nil {
			t.Lag = []*latency.Recorder{latency.NewRecorder()}
		}
		t.Lag[0].Add(lag)
	}
}

// Metrics returns the load's own results: its figures, and how far its threads were
// behind their schedule if it has one. It allocates a lot, so call it after the
// measurement.
func (t Totals) Metrics() []Metric {
	var all []Metric
	for _, f := range t.Figures {
		all = append(all, f.Metric())
	}
	return append(all, t.lagMetrics()...)
}
