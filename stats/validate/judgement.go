package validate

import (
	"crypto/sha256"

	"github.com/idlebench/idlebench/record"
)

// The limits of the targets. They were set before the first validation.
const (
	MedianError = 1.15
	WorstError  = 1.5
	Differ      = 1.3 // two designs whose order has to be right differ by more
	WakesError  = 2
	tie         = 1.02 // two simulated values that differ by less are equal
)

// HeldOut reports whether a cell may not be used to fit the model.
func HeldOut(c record.Cell) bool {
	sum := sha256.Sum256([]byte(c.Name()))
	return sum[0]&1 == 1
}

// A Judgement is what the comparison of two folders says. Its JSON has no infinities.
type Judgement struct {
	Machine  string `json:"machine"` // that was simulated
	Launches int    `json:"launches"`
	Seeds    int    `json:"seeds"`

	Targets []Target `json:"targets"`
	HeldOut Half     `json:"held_out"`
	Fitted  Half     `json:"fitted"` // may be fitted to; whether anything was is not known here

	Cells     []Cell      `json:"cells"`  // in the order of the plan
	Orders    []Order     `json:"orders"` // of the pairs that count
	NotJudged []NotJudged `json:"not_judged"`
	Warnings  []string    `json:"warnings"`
}

// Met reports whether all targets are met.
func (j Judgement) Met() bool {
	for _, t := range j.Targets {
		if t.Outcome != Met {
			return false
		}
	}
	return true
}

// A Target is one of the suite's, with what became of it.
type Target struct {
	Text    string  `json:"text"`
	Figure  string  `json:"figure"` // what it was
	Outcome Outcome `json:"outcome"`
}

// An Outcome of a target.
type Outcome string

const (
	Met       Outcome = "met"
	Missed    Outcome = "missed"
	Undecided Outcome = "undecided" // there is nothing to decide it by
)

// A Half is what the cells of a half have in common.
type Half struct {
	Cells  int     `json:"cells"`
	Median float64 `json:"median_error"` // 0 without cells
	Worst  float64 `json:"worst_error"`
	At     string  `json:"worst_cell,omitempty"`

	Orders int `json:"orders"` // pairs that count
	Right  int `json:"orders_right"`

	Wakes       int `json:"wakes"` // cells that have wakes/task on both sides
	WakesWithin int `json:"wakes_within"`
}

// A Band is the median, the least and the greatest of some launches.
type Band struct {
	Low  float64 `json:"low"`
	Mid  float64 `json:"mid"`
	High float64 `json:"high"`
}

// A Cell is what was measured and simulated of a cell.
type Cell struct {
	Name      string  `json:"name"`
	HeldOut   bool    `json:"held_out"`
	Unit      string  `json:"unit"`
	Measured  Band    `json:"measured"`
	Simulated Band    `json:"simulated"`
	Error     float64 `json:"error"` // at least 1
	Wakes     *Wakes  `json:"wakes,omitempty"`
}

// Wakes are the wake-ups for each task. Error is nil if only one side had any.
type Wakes struct {
	Measured  float64  `json:"measured"`
	Simulated float64  `json:"simulated"`
	Error     *float64 `json:"error"`
}

// within reports whether both sides agree within the target.
func (w Wakes) within() bool { return w.Error != nil && *w.Error <= WakesError }

// An Order is that of two cells which measurably differ.
type Order struct {
	Row      string  `json:"row"` // what they have in common
	Old      string  `json:"old"` // design, or options of the host
	New      string  `json:"new"`
	HeldOut  bool    `json:"held_out"`
	Unit     string  `json:"unit"`
	Measured float64 `json:"measured"` // new/old
	Lo       float64 `json:"lo"`       // the interval of that
	Hi       float64 `json:"hi"`

	Simulated Band    `json:"simulated"` // new/old, over seeds
	Verdict   Verdict `json:"verdict"`
}

// A Verdict on a simulated order.
type Verdict string

const (
	Right    Verdict = "right"
	Tied     Verdict = "tied"
	Reversed Verdict = "reversed"
)

// NotJudged is a cell that says nothing, and why.
type NotJudged struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}
