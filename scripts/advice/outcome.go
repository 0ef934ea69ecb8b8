package main

import (
	"fmt"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/advice"
)

// outcome says what the advice was, and what became of it in the fresh run.
func outcome(a advice.Advice, fresh advice.Data, before, after string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nAdvised on %s:\n\n> %s\n\nFollowed on %s:\n\n", before, a.Headline(), after)
	new, old := a.Choice, a.Current
	if a.Keep && a.Best != nil {
		new = *a.Best
	}
	if new == old {
		fmt.Fprintf(&b, "Nothing is to be changed. The fresh run has `%s` beside each candidate that was not shown to be worse:\n\n", old)
	}
	b.WriteString("| ratio | promised | fresh run | outcome |\n|---|---|---|---|\n")
	if new != old {
		r := advice.Between(fresh, a.Objective, old, new)
		fmt.Fprintf(&b, "| `%s` to `%s` | %s | %s | %s |\n", new, old, a.Gain, r, held(a, r))
	}
	for _, c := range fresh.Candidates() {
		if c == old || c == new {
			continue
		}
		r := advice.Between(fresh, a.Objective, c, new)
		fmt.Fprintf(&b, "| `%s` to `%s` | | %s | %s |\n", new, c, r, against(r))
	}
	b.WriteString("\n")
	return b.String()
}

// held compares what was promised with what came of it.
func held(a advice.Advice, r *advice.Ratio) string {
	switch {
	case r == nil || r.In == nil || a.Gain == nil || a.Gain.In == nil:
		return "not known: too few rounds"
	case r.Ratio < a.Gain.In.Lo || r.Ratio > a.Gain.In.Hi:
		return "**not as promised**: outside the interval"
	case a.Keep:
		return "as promised: nothing is proven to be better"
	}
	return "as promised: within the interval"
}

// against says how the choice did against a candidate that is fixed.
func against(r *advice.Ratio) string {
	switch {
	case r == nil || r.In == nil:
		return "not known: too few rounds"
	case r.In.Hi < 1:
		return "the choice is better"
	case r.In.Lo > 1:
		return "**the choice is worse**"
	}
	return "no difference shown"
}

// where says when and on what a run was measured.
func where(run record.Run) string {
	cpu, commit := "", ""
	for _, p := range run.Config {
		switch p.Key {
		case "cpu":
			cpu = p.Value
		case "commit":
			commit = "commit " + p.Value[:min(len(p.Value), 7)]
		}
	}
	text := fmt.Sprintf("%s, %s rounds", run.Start.UTC().Format("2006-01-02 15:04 UTC"), run.Plan.RoundsText())
	for _, what := range []string{cpu, commit} {
		if what != "" {
			text += ", " + what
		}
	}
	return text
}
