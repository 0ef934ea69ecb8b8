package trend

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/perf/benchunit"

	"github.com/idlebench/idlebench/internal/label"
	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/stats/compare"
)

// Text writes for a terminal what has changed, and what has not.
func Text(w io.Writer, histories []History) error {
	var b strings.Builder
	for i, h := range histories {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n%s\n", h.span(), phrase.Fold(h.machine(), "", "  ", width))
		h.write(&b)
	}
	if text := rate(histories); text != "" {
		fmt.Fprintf(&b, "\n%s\n", text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// width is that of text. Only lines with names, or with a character for each of many runs,
// may be longer.
const width = 100

// Markdown writes the same for a page.
func Markdown(w io.Writer, histories []History) error {
	var b strings.Builder
	for _, h := range histories {
		fmt.Fprintf(&b, "### %s\n\n```\n%s\n\n", h.span(), fenced.Replace(h.machine()))
		var body strings.Builder
		h.write(&body)
		fmt.Fprintf(&b, "%s```\n\n", fenced.Replace(body.String()))
	}
	if text := rate(histories); text != "" {
		fmt.Fprintf(&b, "%s\n", text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// rate states the error rate of the report; "" if no changes were looked for.
func rate(histories []History) string {
	searched := 0
	var correlations []string
	for _, h := range histories {
		if searched += h.Searched; h.Searched > 0 {
			correlations = append(correlations, fmt.Sprintf("%.2g", h.Correlation))
		}
	}
	if searched == 0 {
		return ""
	}
	return fmt.Sprintf("Changes were looked for in %s. If nothing changed, the probability that any of them shows a change is at most %.0f %%,\n"+
		"corrected for their number and for a correlation of successive runs of up to %s. Values of p are corrected, too.",
		phrase.Count(searched, "metric"), 100*Level, strings.Join(correlations, " and "))
}

// fenced keeps a fence from being ended by a name.
var fenced = strings.NewReplacer("```", "'''")

func (h History) span() string {
	first, last := h.Runs[0], h.Runs[len(h.Runs)-1]
	if len(h.Runs) == 1 {
		return fmt.Sprintf("1 run, %s", first.label())
	}
	return fmt.Sprintf("%d runs, %s to %s", len(h.Runs), first.label(), last.label())
}

// machine is what is known of it.
func (h History) machine() string {
	known := slices.DeleteFunc(slices.Clone(h.Machine), func(f string) bool { return strings.HasSuffix(f, ": "+environ.Unknown) })
	return strings.Join(known, ", ")
}

// label is the day and the commit of a run.
func (r Run) label() string {
	day := r.Date.UTC().Format(time.DateOnly)
	switch {
	case r.Date.IsZero():
		return label.Safe(r.Folder)
	case !r.Dated && r.file:
		return day + " " + label.Safe(r.Folder)
	case !r.Dated:
		return day + " (measured; its commit is unknown)"
	}
	commit, dirty, modified := strings.Cut(r.Commit, "+")
	commit = commit[:min(len(commit), 12)]
	if modified {
		commit += "+" + dirty
	}
	return day + " " + commit
}

// write shows each metric: first those with changes, then the others.
func (h History) write(b *strings.Builder) {
	changed := func(m Metric) bool { return len(m.Changes) > 0 }
	for _, m := range h.Metrics {
		if changed(m) {
			h.changes(b, m)
		}
	}
	// The names take whole lines, so the figures are below them.
	var figures strings.Builder
	w := tabwriter.NewWriter(&figures, 0, 0, 2, ' ', 0)
	var names []string
	for _, m := range h.Metrics {
		if !changed(m) {
			names = append(names, label.Safe(m.Cell))
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", m.unit(), h.spark(m), m.show(m.Values), cmp.Or(m.Missing, "no change"))
		}
	}
	w.Flush()
	for line := range strings.Lines(figures.String()) {
		b.WriteString(names[0] + "\n" + line)
		names = names[1:]
	}
	var marked []string
	for _, m := range h.Metrics {
		if m.AtMax {
			marked = append(marked, m.Unit)
		}
	}
	if note := compare.AtMaxNote(marked...); note != "" {
		fmt.Fprintf(b, "%s\n", note)
	}
}

// unit is a metric's unit as benchstat writes it, with a dagger if it is marked.
func (m Metric) unit() string {
	_, unit := benchunit.Tidy(1, m.Unit)
	if m.AtMax {
		unit += compare.Dagger
	}
	return unit
}

// changes shows a metric that has some.
func (h History) changes(b *strings.Builder, m Metric) {
	fmt.Fprintf(b, "%s\n  %s  %s\n", label.Safe(m.Cell), m.unit(), h.spark(m))
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for i, c := range m.Changes {
		from, to := 0, len(m.Values)
		if i > 0 {
			from = m.Changes[i-1].At
		}
		if i+1 < len(m.Changes) {
			to = m.Changes[i+1].At
		}
		run := h.Runs[m.Runs[c.At]]
		word := "better"
		if m.Worse(c) {
			word = "worse"
		}
		fmt.Fprintf(w, "  since %s\t%s → %s\t%+.1f%%\tp=%.2g\t%s\n", run.label(),
			m.show(m.Values[from:c.At]), m.show(m.Values[c.At:to]), 100*(c.Ratio-1), c.P, word)
		for _, d := range run.Differs {
			fmt.Fprintf(w, "    with it %s\n", d)
		}
	}
	w.Flush()
	b.WriteString("\n")
}

// spark draws the values of a metric, a character for each run of the history,
// with a space where it was not measured. The whole height is a factor of 1.2 at
// least, so that noise looks like noise.
func (h History) spark(m Metric) string {
	const levels = "▁▂▃▄▅▆▇█"
	height := []rune(levels)
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range m.Values {
		if v > 0 {
			low, high = min(low, math.Log(v)), max(high, math.Log(v))
		}
	}
	if least := math.Log(1.2); high-low < least {
		middle := (low + high) / 2
		low, high = middle-least/2, middle+least/2
	}
	line := []rune(strings.Repeat(" ", len(h.Runs)))
	for i, v := range m.Values {
		place := 0
		if v > 0 {
			place = min(int(float64(len(height))*(math.Log(v)-low)/(high-low)), len(height)-1)
		}
		line[m.Runs[i]] = height[place]
	}
	return string(line)
}

// show is the median of values in the base unit, with a prefix.
func (m Metric) show(values Series) string {
	tidy, unit := benchunit.Tidy(compare.Median(values), m.Unit)
	return benchunit.Scale(tidy, benchunit.ClassOf(unit))
}
