package gate

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/perf/benchunit"

	"github.com/idlebench/idlebench/report/plot"
)

// JSON writes the decision as an object, indented.
func (d Decision) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

// Text writes the decision for a terminal: the outcome, and every finding, the
// worst first.
func (d Decision) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n%s, old %s, new %s\n\n", strings.ToUpper(string(d.Outcome)), d.Why, d.terms(), plot.Label(d.Old), plot.Label(d.New))
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, f := range d.sorted() {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", f.Status, plot.Label(f.Row), tidy(f.Unit), plot.Label(f.Text+f.allowed()))
	}
	t.Flush()
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "note: %s\n", plot.Label(n))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// shown is how many findings the summary in Markdown has, so that all of it is at
// most fifteen lines.
const shown = 6

// Markdown writes a summary of at most fifteen lines for a pull request, and behind
// it, folded, all findings and what is given as details, such as the tables of
// benchstat. Without details it may be empty.
func (d Decision) Markdown(w io.Writer, details string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**: %s\n\n", d.Outcome, plot.Label(d.Why))
	fmt.Fprintf(&b, "%s → %s; %s\n", code(d.Old), code(d.New), d.terms())
	all := d.sorted()
	// What has held and changed little is not worth a line.
	worth := slices.DeleteFunc(slices.Clone(all), func(f Finding) bool { return f.Status == Held && f.Worse > -0.05 })
	if len(worth) > 0 {
		b.WriteString("\n| | benchmark | unit | new against old |\n|---|---|---|---|\n")
		for _, f := range worth[:min(len(worth), shown)] {
			b.WriteString(f.row())
		}
	}
	if more := len(worth) - shown; more > 0 {
		fmt.Fprintf(&b, "\nand %d more, below\n", more)
	}
	b.WriteString("\n<details><summary>All comparisons</summary>\n\n| | benchmark | unit | new against old |\n|---|---|---|---|\n")
	for _, f := range all {
		b.WriteString(f.row())
	}
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "\n- %s\n", code(n))
	}
	if details != "" {
		fmt.Fprintf(&b, "\n```\n%s\n```\n", strings.ReplaceAll(strings.TrimRight(details, "\n"), "```", "'''"))
	}
	b.WriteString("\n</details>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// terms says what the verdicts are worth.
func (d Decision) terms() string {
	if d.Family.Size == 0 {
		return "nothing was judged"
	}
	text := fmt.Sprintf("paired by round, corrected for %d comparisons at %g %%", d.Family.Size, 100*d.Family.Alpha)
	if d.Family.Looks > 1 {
		text += fmt.Sprintf(" and up to %d looks", d.Family.Looks)
	}
	return text
}

// sorted has the findings that matter most first.
func (d Decision) sorted() []Finding {
	rank := []Status{Regressed, Invalid, Unresolved, Held}
	all := slices.Clone(d.Findings)
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(slices.Index(rank, a.Status)-slices.Index(rank, b.Status), -cmp.Compare(a.Worse, b.Worse))
	})
	return all
}

func (f Finding) row() string {
	return fmt.Sprintf("| %s | %s | %s | %s |\n", f.Status, code(f.Row), tidy(f.Unit), strings.ReplaceAll(plot.Label(f.Text+f.allowed()), "|", "¦"))
}

// allowed says the threshold, where it matters.
func (f Finding) allowed() string {
	if f.Status != Regressed {
		return ""
	}
	return fmt.Sprintf("; %.3g %% are allowed", 100*f.Threshold)
}

// code makes a name of somebody else's a piece of code in Markdown, in a table too.
func code(s string) string {
	return "`" + strings.NewReplacer("`", "'", "|", "¦").Replace(plot.Label(s)) + "`"
}

func tidy(unit string) string {
	if unit == "" {
		return ""
	}
	_, unit = benchunit.Tidy(1, unit)
	return plot.Label(unit)
}
