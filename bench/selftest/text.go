package selftest

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/stats/compare"
)

// width is the width of the text, in columns.
const width = 92

// Text returns the evidence for people to read. It names the folder.
func (e Evidence) Text(d Design, folder string) string {
	var b strings.Builder
	partial := ""
	if e.State.Partial() {
		partial = fmt.Sprintf(" (the run is %s)", e.State)
	}
	fmt.Fprintf(&b, "Self-test in %s: %s%s\n\n", folder, e.Outcome, partial)
	fmt.Fprint(&b, phrase.Fold(fmt.Sprintf("%s under %d names, in %d rows of cells; %d blocks of %d rounds; %d launches, %d invalid, %d failed.",
		d.Impl, 2+len(percents), len(d.Rows), d.Blocks, d.Block, e.Launches, e.Invalid, e.Failed), "", "", width))
	if d.Quick {
		text := "This was a quick self-test, whose statements are weaker"
		if n := e.Valid.Blocks.AA.Of; n > 0 {
			text += fmt.Sprintf(": with %d A/A comparisons, it detects only false-positive rates of %s or more",
				n, percentOf(foundRate(n, limit, refuted)))
		}
		fmt.Fprint(&b, phrase.Fold(text+".", "", "", width))
	}
	b.WriteByte('\n')
	for _, c := range e.Claims {
		fmt.Fprint(&b, phrase.Fold(fmt.Sprintf("%s: %s", c.Name, c.Text), fmt.Sprintf("%-12s", c.Outcome), strings.Repeat(" ", 12), width))
	}
	v, by := e.best()
	if v.seen() {
		v.table(&b, by)
	}
	return b.String()
}

// best returns the view by valid launches, or by all launches if there are too few valid
// ones for any verdict.
func (e Evidence) best() (v View, by string) {
	if e.Valid.seen() {
		return e.Valid, "valid launches"
	}
	return e.All, "all launches, since too few were valid"
}

// seen reports whether a comparison had enough launches for a verdict.
func (v View) seen() bool { return v.Blocks.Detectable != nil }

// table shows how often each delay was detected.
func (v View) table(b *strings.Builder, by string) {
	fmt.Fprintf(b, "\nDetected delays, by %s:\n\n", by)
	w := tabwriter.NewWriter(b, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "  delay\tof p50\testimated\tin %d rounds, alone\tin a family\tin %d rounds, in a family\t\n", v.Blocks.Rounds, v.Halves.Rounds)
	for i, s := range v.Blocks.Delays {
		seen := func(share float64) string {
			if s.Injected == 0 { // no comparison had a possible verdict
				return "-"
			}
			return fmt.Sprintf("%+.1f %%", 100*share)
		}
		fmt.Fprintf(w, "  %d %%\t%s\t%s\t%s\t%s\t%s\t\n", s.Percent, seen(s.Injected), seen(s.Estimated),
			s.Found.of(), s.FoundInFamily.of(), v.Halves.Delays[i].FoundInFamily.of())
	}
	fmt.Fprintf(w, "  MDE\t\t\t%s\t%s\t%s\t\n", detectable(v.Blocks.Detectable), detectable(v.Blocks.DetectableInFamily), detectable(v.Halves.DetectableInFamily))
	_ = w.Flush() // a Builder takes everything
}

// detectable writes a minimal detectable effect. Beyond a factor of two it is an
// extrapolation of no use.
func detectable(mde *float64) string {
	switch {
	case mde == nil:
		return "-"
	case *mde > 1:
		return "more than 100 %"
	}
	return percentOf(*mde)
}

func (c Count) of() string {
	if c.Of == 0 {
		return "-"
	}
	return fmt.Sprintf("%d of %d, %.0f %%", c.N, c.Of, 100*c.Share)
}

// Advice says what the evidence means for a run without flags.
func (e Evidence) Advice(d Design) string {
	if d.Default == nil || d.Default.Comparisons < 1 {
		return ""
	}
	rounds, comparisons := d.Default.Rounds, d.Default.Comparisons
	least := compare.LeastPairs(limit / float64(comparisons))
	text := fmt.Sprintf("A default run here has %d rounds, and %d comparisons in one family.", rounds, comparisons)
	if rounds < least {
		text += fmt.Sprintf(" In a family of this size a verdict needs at least %d rounds: run with -count %[1]d or more, or choose fewer cells.", least)
	}
	v, by := e.best()
	if mde := v.Blocks.DetectableInFamily; mde != nil {
		text += fmt.Sprintf(" In a family of %d, and by %s, %d rounds of such short launches detect a change of %s with a power of 80 %%",
			v.Blocks.Family, by, v.Blocks.Rounds, detectable(mde))
		if mde := v.Halves.DetectableInFamily; mde != nil {
			text += fmt.Sprintf(", %d rounds one of %s", v.Halves.Rounds, detectable(mde))
		}
		text += " (MDE, the median over all comparisons)."
	}
	if scope := e.scope(d); scope != "" {
		text += "\n\n" + scope
	}
	return paragraphs(text)
}

// paragraphs folds each paragraph.
func paragraphs(text string) string {
	all := strings.Split(text, "\n\n")
	for i := range all {
		all[i] = phrase.Fold(all[i], "", "", width)
	}
	return strings.Join(all, "\n")
}
