package evidence

import (
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// Evidence is what an audit found. It is computed from the run and the design alone, so
// it can be recomputed from the folder.
type Evidence struct {
	State record.State `json:"state"` // of the run; a partial one has fewer rounds
	Start time.Time    `json:"start"`
	Whole bool         `json:"whole"` // the whole audit, not a selection

	Rounds   int `json:"rounds"`
	Launches int `json:"launches"` // recorded
	Invalid  int `json:"invalid"`  // of these
	Failed   int `json:"failed"`   // besides

	// Config is the configuration of the run: the machine's facts, the commit.
	Config []record.Pair `json:"config"`

	Baseline   string     `json:"baseline"` // the implementation that others are compared with
	Margin     float64    `json:"margin"`   // 0.1 is a factor from 1/1.1 to 1.1
	Confidence float64    `json:"confidence"`
	Properties []Property `json:"properties"`
	Results    []Result   `json:"results"`
}

// A Property is something about the harness that a user's setup might do differently,
// in one of its variations.
type Property struct {
	Name  string `json:"name"`  // slack-1ns, submitter=spin, held=locked
	About string `json:"about"` // one line, no full stop
}

// A Result is the factor by which one property changes one number.
type Result struct {
	Kind     Kind        `json:"kind"`
	Workload string      `json:"workload"`
	Property string      `json:"property"`
	Unit     string      `json:"unit"`
	Primary  bool        `json:"primary"` // the unit is the one in which the workload is judged
	Cell     record.Cell `json:"cell"`    // as a run has it
	Varied   record.Cell `json:"varied"`  // with the property; Cell itself if it has no such variation

	// Against is the cell that Cell is divided by, nil for a value. It is
	// another implementation, or the same one with another parker.
	Against       *record.Cell `json:"against,omitempty"`
	VariedAgainst *record.Cell `json:"varied_against,omitempty"`

	// Ratio is varied/usual of the value, or of the ratio Cell/Against; 0 if there is
	// none. Lo and Hi are its individual confidence interval; both 0 if there is none.
	Ratio float64 `json:"ratio"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
	Pairs int     `json:"pairs"` // rounds with a valid launch of every cell involved

	Status Status `json:"status"`

	// Jointly says that the result is moved even by intervals that hold simultaneously
	// with the same confidence.
	Jointly bool `json:"jointly"`

	Reason string `json:"reason,omitempty"` // why there is no ratio, or what else is wrong with it
}

// Kind says what a result is about.
type Kind string

const (
	Value Kind = "value" // of one cell
	Ratio Kind = "ratio" // between two cells of a run: a verdict
)

// Status is what the interval says about a result.
type Status string

const (
	Moved     Status = "moved"     // wholly beyond the margin
	Steady    Status = "steady"    // wholly within it
	Undecided Status = "undecided" // neither, or there is no interval
)

// Parkers reports whether a result is a ratio between two parkers of an
// implementation. Other ratios are between implementations.
func (r Result) Parkers() bool { return r.Against != nil && r.Against.Impl == r.Cell.Impl }

// Of returns the findings about a cell's value in a unit.
func (e Evidence) Of(cell record.Cell, unit string) []Result {
	return e.where(func(r Result) bool { return r.Kind == Value && r.Unit == unit && r.Cell.Name() == cell.Name() })
}

// Between returns the findings about the ratio of two cells, in either direction, in a
// unit.
func (e Evidence) Between(cell, against record.Cell, unit string) []Result {
	a, b := cell.Name(), against.Name()
	return e.where(func(r Result) bool {
		if r.Kind != Ratio || r.Unit != unit || r.Against == nil {
			return false
		}
		x, y := r.Cell.Name(), r.Against.Name()
		return x == a && y == b || x == b && y == a
	})
}

func (e Evidence) where(is func(Result) bool) (found []Result) {
	for _, r := range e.Results {
		if is(r) {
			found = append(found, r)
		}
	}
	return found
}

// Differs lists how the audit's machine and the configuration of a run differ, nil if
// the audit belongs to the run. The facts of the moment and the commit do not count.
func (e Evidence) Differs(config []record.Pair) (differ []string) {
	for _, key := range keys() {
		was, is := value(e.Config, key), value(config, key)
		if !environ.Same(key, was, is) {
			differ = append(differ, fmt.Sprintf("%s: the audit's is %s, the run's is %s", key, was, is))
		}
	}
	return differ
}

// keys returns the facts that an audit and a run must share.
func keys() []string {
	passing := environ.Passing()
	var keys []string
	for _, f := range environ.Read(environ.System{}) {
		if !slices.Contains(passing, f.Key) {
			keys = append(keys, f.Key)
		}
	}
	return append(keys, "go", "cpus-used")
}

func value(config []record.Pair, key string) string {
	return record.Manifest{Config: config}.Fact(key)
}
