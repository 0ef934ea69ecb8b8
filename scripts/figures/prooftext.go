package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/gate"
)

// text is what docs/review.md says of the proof.
func (d *proofData) text() string {
	if d == nil {
		return paragraph("Not run yet.")
	}
	return "\n" + wrap(d.summary()) + "\n\n" + d.table() + "\n"
}

// kind returns the comparisons of the same code, or those with a slowdown.
func (d proofData) kind(planted bool) (some []proofRun) {
	for _, r := range d.Done {
		if (r.Planted != "") == planted {
			some = append(some, r)
		}
	}
	return some
}

func right(runs []proofRun) (n int) {
	for _, r := range runs {
		if r.right() {
			n++
		}
	}
	return n
}

// summary says how often the gate was right, on which machine, and whether what was planted
// is what it is meant to be.
func (d proofData) summary() string {
	same, planted := d.kind(false), d.kind(true)
	var changes []float64
	for _, r := range planted {
		if r.Change != nil {
			changes = append(changes, 100*r.Change.Estimate)
		}
	}
	text := fmt.Sprintf("%d of %d comparisons of %s were right: the same code passed in %d of %d, and a slowdown of %.3g %% in one cell was found in %d of %d.",
		right(d.Done), len(d.Done), minutes(d.Budget), right(same), len(same), 100*d.Share, right(planted), len(planted))
	if planned := 2 * d.Runs; len(d.Done) < planned {
		how := "Not finished: "
		if d.Ended != "" {
			how = "Given up, because " + d.Ended + ": "
		}
		text = how + fmt.Sprintf("%d of %d comparisons. ", len(d.Done), planned) + text
	}
	if len(changes) > 0 {
		text += fmt.Sprintf(" The slower cells were estimated at %+.1f %% (median).", compare.Median(changes))
	}
	return text + " Measured on " + machine(d.config()) + "."
}

// config returns the facts of the first comparison with the commit of the proof: what it
// measured was built in folders that have none.
func (d proofData) config() []record.Pair {
	facts := slices.DeleteFunc(slices.Clone(d.Config), func(p record.Pair) bool { return p.Key == "commit" })
	return append(facts, record.Pair{Key: "commit", Value: d.Commit})
}

// table has a line for each comparison.
func (d proofData) table() string {
	var b strings.Builder
	b.WriteString("| | slower cell | status | cells: regressed, unresolved, invalid, 10 % excluded, within 5 % | slower cell estimated at | took |\n|--:|---|--:|---|---|--:|\n")
	for i, r := range d.Done {
		cell, change := "none", ""
		if r.Planted != "" {
			cell = "`" + strings.TrimSuffix(r.Planted, "/") + "`"
			if change = "unknown"; r.Change != nil {
				change = percent(r.Change.Estimate)
				if v := r.Change.Interval; v != nil {
					change += fmt.Sprintf(" [%s, %s]", percent(v[0]), percent(v[1]))
				}
			}
		}
		status := fmt.Sprint(r.Exit)
		if !r.right() {
			status += " (wrong)"
		}
		var counts []string
		for _, s := range []gate.Status{gate.Regressed, gate.Unresolved, gate.Invalid, gate.Bounded, gate.Within} {
			counts = append(counts, fmt.Sprint(r.Status[s]))
		}
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s | %v |\n", i+1, cell, status, strings.Join(counts, ", "), change, r.Took)
	}
	return b.String()
}

// line says in a line what became of a comparison.
func (r proofRun) line() string {
	what := "the same code"
	if r.Planted != "" {
		what = strings.TrimSuffix(r.Planted, "/") + " slower"
	}
	verdict := "right"
	if !r.right() {
		verdict = "WRONG"
	}
	return fmt.Sprintf("%s, exit status %d, %s: %s", what, r.Exit, verdict, r.Why)
}

// minutes writes a time in words.
func minutes(d time.Duration) string {
	if d == time.Minute {
		return "a minute"
	}
	if d%time.Minute == 0 {
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return d.String()
}

func percent(share float64) string {
	if math.Abs(share) < 0.0005 {
		return "0.0 %"
	}
	return fmt.Sprintf("%+.1f %%", 100*share)
}
