package main

import (
	"fmt"
	"strings"

	"github.com/idlebench/idlebench/scripts/pairs"
	"github.com/idlebench/idlebench/stats/compare"
)

// write writes the outcome.
func write(in pairs.Outcome) (string, error) {
	judged, err := pairs.Judge(in.Run, contests())
	if err != nil {
		return "", err
	}
	o := outcome{in, judged, pairs.ValuesOf(in.Run)}
	best := o.best()
	var b strings.Builder
	fmt.Fprintf(&b, "\nMeasured on %s. The family has %d comparisons.\n\n", pairs.Machine(o.Run), len(judged))
	fmt.Fprintf(&b, "Our best is `%s` with parker `%s`: of the candidates it meets most.\n\n", best.design, best.park)
	b.WriteString("| target |")
	for _, c := range candidates {
		fmt.Fprintf(&b, " %s |", c)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(candidates)) + "\n")
	for _, t := range []struct {
		name string
		rows []row
		unit string
		met  func(field) bool
	}{
		{"`wake` p50 within 5 % of each peer's", wakes(), p50, field.near},
		{"`wake` tail ahead of each peer's", wakes(), tail, field.ahead},
		{"ahead on each of Tokio's seven", tokioSeven(), pace, field.ahead},
	} {
		fmt.Fprintf(&b, "| %s |", t.name)
		for _, c := range candidates {
			fmt.Fprintf(&b, " %s |", o.score(t.rows, c, t.unit, t.met))
		}
		b.WriteString("\n")
	}
	for _, p := range peers {
		fmt.Fprintf(&b, "| Tokio's seven at least %v times as fast as %s |", meanGain, p)
		for _, c := range candidates {
			fmt.Fprintf(&b, " %s |", o.gained(c, p))
		}
		b.WriteString("\n")
	}
	o.table(&b, "wake", wakes(), best)
	o.table(&b, "Tokio's seven", tokioSeven(), best)
	o.behind(&b, best)
	if o.LeftOut != nil {
		b.WriteString("\n## Left out\n\n")
		for _, n := range o.LeftOut {
			fmt.Fprintf(&b, "- %s\n", n)
		}
	}
	b.WriteString("\n")
	return b.String(), nil
}

func (s score) String() string {
	if s.all == 0 {
		return "not measured"
	}
	word := "met"
	if s.met < s.all {
		word = "**missed**"
	}
	return fmt.Sprintf("%s: %d of %d; at worst %s, %s", word, s.met, s.all, pairs.Number(s.worst), s.row)
}

func (o outcome) gained(c candidate, peer string) string {
	mean, rows := o.gain(c, peer, row.ours)
	if rows == 0 {
		return "not measured"
	}
	word := "met"
	if mean < meanGain {
		word = "**missed**"
	}
	text := fmt.Sprintf("%s: %s in %d rows", word, pairs.Number(mean), rows)
	if pre, n := o.gain(c, peer, row.preallocated); n > 0 {
		text += fmt.Sprintf(" (preallocated %s in %d)", pairs.Number(pre), n)
	}
	return text
}

// table has the best candidate against each peer, in each row and unit.
func (o outcome) table(b *strings.Builder, title string, rows []row, c candidate) {
	fmt.Fprintf(b, "\n## %s\n\n| load | unit | %s | preallocated | floor |", title, c.design)
	for _, p := range peers {
		fmt.Fprintf(b, " %s | ratio | CPU |", p)
	}
	b.WriteString("\n|---|---|--:|--:|--:|" + strings.Repeat("--:|--:|--:|", len(peers)) + "\n")
	for _, r := range rows {
		for _, u := range r.units() {
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s |", r.name, u, o.value(r.ours(c), u), o.other(r.spawns(), r.preallocated(c), u), o.other(u == p50, r.floor(), u))
			for _, p := range peers {
				f := o.field(r, c, p, u)
				fmt.Fprintf(b, " %s | %s | %s |", o.value(r.theirs(p), u), f.text(), pairs.Number(f.cost))
			}
			b.WriteString("\n")
		}
	}
}

func (o outcome) value(c pairs.Cell, unit string) string {
	if v, ok := o.values.Median(c, unit); ok {
		return pairs.Number(v)
	}
	return "–"
}

func (o outcome) other(there bool, c pairs.Cell, unit string) string {
	if !there {
		return ""
	}
	return o.value(c, unit)
}

func (f field) text() string {
	if !f.measured {
		return "–"
	}
	text := pairs.Ratio(f.Comparison)
	switch f.Verdict {
	case compare.Better:
		return "**" + text + "**"
	case compare.Worse:
		return "! " + text
	}
	return text
}

// behind lists where the best candidate misses a target, under the reason.
func (o outcome) behind(b *strings.Builder, c candidate) {
	lines := make(map[string]string) // by reason
	for _, r := range append(wakes(), tokioSeven()...) {
		for _, p := range peers {
			for _, u := range r.units() {
				f := o.field(r, c, p, u)
				met := f.ahead()
				if u == p50 {
					met = f.near()
				}
				if f.measured && !met {
					lines[why(r, p)] += fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", r.name, p, u, f.text(), pairs.Number(f.cost), pairs.Number(f.workers))
				}
			}
		}
	}
	if len(lines) == 0 {
		return
	}
	b.WriteString("\n## Where it is behind\n\nIn time, or in CPU time for each task, or not significantly ahead. Workers is the CPU time of the workers' threads alone, where a peer has such; it decides nothing.\n")
	for _, text := range append(texts(), unexplained) {
		if lines[text] != "" {
			fmt.Fprintf(b, "\n%s\n\n| load | against | unit | ratio | CPU | workers |\n|---|---|---|--:|--:|--:|\n%s", text, lines[text])
		}
	}
}
