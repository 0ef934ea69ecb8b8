package gate

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/perf/benchunit"

	"github.com/idlebench/idlebench/internal/label"
	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/stats/compare"
)

// JSON writes the decision as an object, indented.
func (d Decision) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

// Text writes the decision for a terminal: the outcome, and all findings, the worst
// first.
func (d Decision) Text(w io.Writer) error {
	var b strings.Builder
	wrap := func(text string) { b.WriteString(phrase.Fold(text, "", "  ", width)) }
	wrap(fmt.Sprintf("%s: %s", strings.ToUpper(string(d.Outcome)), d.Why))
	wrap(fmt.Sprintf("%s, old %s, new %s", d.terms(), label.Safe(d.Old), label.Safe(d.New)))
	b.WriteString("\n")
	if len(d.Findings) > 0 {
		d.table(&b)
	}
	if note := d.atMaxNote(); note != "" {
		wrap(note)
	}
	for _, n := range d.Notes {
		wrap("note: " + label.Safe(n))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// width is that of text. Only a line with a name may be longer.
const width = 100

// table writes the findings for a terminal. The name of a benchmark takes a whole line, so
// it is below the figures, with the remark.
func (d Decision) table(b *strings.Builder) {
	rows := [][]string{columns}
	for _, f := range d.sorted() {
		rows = append(rows, f.cells(label.Safe))
	}
	const name, remark = 1, 7 // in columns
	var figures strings.Builder
	t := tabwriter.NewWriter(&figures, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(t, strings.Join(slices.Concat(row[:name], row[name+1:remark]), "\t"))
	}
	t.Flush()
	for line := range strings.Lines(figures.String()) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
		below := rows[0][name]
		if rows[0][remark] != "" {
			below += ": " + rows[0][remark]
		}
		b.WriteString(phrase.Fold(below, "  ", "    ", width))
		rows = rows[1:]
	}
}

const (
	// shown is how many findings the summary in Markdown has, so that it has at most
	// fifteen lines.
	shown = 6

	// A comment on GitHub has at most 65,536 characters. The findings, the notes and the
	// details end after this many bytes, which leaves room for the lines that say what
	// is missing.
	findingsEnd = 40_000
	notesEnd    = 45_000
	detailsEnd  = 58_000
)

// Markdown writes a summary of at most fifteen lines for a pull request. All findings,
// and details such as benchstat's tables, follow folded; details may be empty. What does
// not fit into a comment is cut, and a line says so.
func (d Decision) Markdown(w io.Writer, details string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**: %s\n\n", d.Outcome, label.Safe(d.Why))
	fmt.Fprintf(&b, "%s → %s; %s\n", code(d.Old), code(d.New), d.terms())
	all := d.sorted()
	// A comparison that passes, of which there is nothing to say and that did not become
	// much better, does not get a line.
	worth := slices.DeleteFunc(slices.Clone(all), func(f Finding) bool { return f.Status.passes() && f.Text == "" && f.worse() > -0.05 })
	head := "\n| " + strings.Join(columns, " | ") + " |\n" + strings.Repeat("|---", len(columns)) + "|\n"
	if len(worth) > 0 {
		b.WriteString(head)
		for _, f := range worth[:min(len(worth), shown)] {
			b.WriteString(f.row())
		}
	}
	if more := len(worth) - shown; more > 0 {
		fmt.Fprintf(&b, "\nand %d more, below\n", more)
	}
	if note := d.atMaxNote(); note != "" {
		fmt.Fprintf(&b, "\n%s\n", note)
	}
	b.WriteString("\n<details><summary>All comparisons</summary>\n")
	if len(all) > 0 {
		b.WriteString(head)
	}
	var rows, notes []string
	for _, f := range all {
		rows = append(rows, f.row())
	}
	for _, n := range d.Notes {
		notes = append(notes, fmt.Sprintf("\n- %s\n", code(n)))
	}
	cut := within(&b, findingsEnd, rows) + within(&b, notesEnd, notes)
	if details = strings.TrimRight(details, "\n"); details != "" {
		b.WriteString("\n```\n")
		cut += within(&b, detailsEnd, strings.SplitAfter(strings.ReplaceAll(details, "```", "'''")+"\n", "\n"))
		b.WriteString("```\n")
	}
	if cut > 0 {
		fmt.Fprintf(&b, "\n%d lines more are in `gate.txt`, in the folder of results, which is the artifact of a workflow.\n", cut)
	}
	b.WriteString("\n</details>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// within appends the lines that end before a position, and returns how many do not.
func within(b *strings.Builder, end int, lines []string) (cut int) {
	for i, line := range lines {
		if b.Len()+len(line) > end {
			return len(lines) - i
		}
		b.WriteString(line)
	}
	return 0
}

// atMaxNote explains the dagger at a unit; "" if there is none.
func (d Decision) atMaxNote() string {
	var units []string
	for _, f := range d.Findings {
		if f.AtMax {
			units = append(units, f.Unit)
		}
	}
	return compare.AtMaxNote(units...)
}

// terms says how the comparisons were judged.
func (d Decision) terms() string {
	if !slices.ContainsFunc(d.Family.Comparisons, func(c compare.Comparison) bool { return c.Judged && !c.Barred }) {
		return "nothing was judged"
	}
	pairing := "paired by round"
	if d.assumed() {
		pairing = "pairing assumed"
	}
	text := fmt.Sprintf("%s, corrected for %d comparisons at %g %%", pairing, d.Family.Size, 100*d.Family.Alpha)
	if d.Family.Looks > 1 {
		text += fmt.Sprintf(" and up to %d interim analyses", d.Family.Looks)
	}
	return text + " (\"at most\": for these only)"
}

// assumed reports whether the data does not say that pairs were measured close together.
func (d Decision) assumed() bool {
	return slices.ContainsFunc(d.Family.Comparisons, func(c compare.Comparison) bool { return c.Judged && c.Pairing == compare.Assumed })
}

// sorted has the findings that matter most first.
func (d Decision) sorted() []Finding {
	rank := []Status{Regressed, Invalid, Unresolved, Bounded, Within}
	all := slices.Clone(d.Findings)
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(slices.Index(rank, a.Status)-slices.Index(rank, b.Status), -cmp.Compare(a.worse(), b.worse()))
	})
	return all
}

// columns are the headers of what cells returns.
var columns = []string{"status", "benchmark", "unit", "worse by", "at most", "MDE", "rounds", "remark"}

// cells returns a finding as a row of a table. The function formats names.
func (f Finding) cells(name func(string) string) []string {
	worse, atMost, mde, rounds, remark := "", "", "", "", ""
	if f.Change != nil {
		worse = percent(f.Change.Estimate)
		if i := f.Change.Interval; i != nil && f.Status == Regressed {
			worse = fmt.Sprintf("between %s and %s", percent(i[0]), percent(i[1]))
		} else if i != nil {
			worse += fmt.Sprintf(" [%s, %s]", percent(i[0]), percent(i[1]))
		}
	}
	if f.AtMost != nil {
		atMost = percent(*f.AtMost)
	}
	if f.MDE != nil {
		mde = fmt.Sprintf("%.1f %%", 100**f.MDE)
	}
	if f.Rounds > 0 {
		rounds = fmt.Sprint(f.Rounds)
	}
	if f.Text != "" {
		remark = label.Safe(f.Text)
	}
	unit := tidy(f.Unit)
	if f.AtMax {
		unit += compare.Dagger
	}
	return []string{f.status(), name(f.Row), unit, worse, atMost, mde, rounds, remark}
}

// status is the status as a table shows it.
func (f Finding) status() string {
	switch f.Status {
	case Within:
		return "within threshold"
	case Bounded:
		return fmt.Sprintf("%.3g %% excluded", 100*f.Limit)
	}
	return string(f.Status)
}

// percent writes a share with its sign, unless it is rounded to zero.
func percent(share float64) string {
	if math.Abs(share) < 0.0005 {
		return "0.0 %"
	}
	return fmt.Sprintf("%+.1f %%", 100*share)
}

// worse is the estimate, by which findings are sorted.
func (f Finding) worse() float64 {
	if f.Change == nil {
		return 0
	}
	return f.Change.Estimate
}

// row is a row of a table in Markdown.
func (f Finding) row() string {
	cells := f.cells(code)
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "|", "¦")
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// code makes a name that is not ours a piece of code in Markdown, also in a table.
func code(s string) string {
	return "`" + strings.NewReplacer("`", "'", "|", "¦").Replace(label.Safe(s)) + "`"
}

func tidy(unit string) string {
	if unit == "" {
		return ""
	}
	_, unit = benchunit.Tidy(1, unit)
	return label.Safe(unit)
}
