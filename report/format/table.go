package format

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// width is the longest line of text, in characters, unless a word is longer.
const width = 98

// A table is lines in columns, in text or Markdown.
type table struct {
	titles []string
	right  []bool // aligned to the right, by column
	rows   [][]string
}

// text writes the table indented. The first column is cut so that lines fit: in the
// middle, since names differ at their ends, too. A row with one cell is a heading above the
// columns.
func (t table) text(b *strings.Builder, indent string) {
	lines := append([][]string{t.titles}, t.rows...)
	widths := make([]int, len(t.titles))
	for _, l := range lines {
		for i, cell := range l {
			if len(l) == 1 {
				break
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	total := len(indent) + 2*(len(widths)-1)
	for _, w := range widths {
		total += w
	}
	widths[0] -= max(0, min(total-width, widths[0]-20))
	for _, l := range lines {
		if len(l) == 1 {
			b.WriteString(indent + l[0] + "\n")
			continue
		}
		line := indent
		for i, cell := range l {
			if r := []rune(cell); i == 0 && len(r) > widths[0] {
				head := (widths[0] - 1) / 2
				cell = string(r[:head]) + "…" + string(r[len(r)-(widths[0]-1-head):])
			}
			space := strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(cell)))
			if t.right[i] {
				line += space + cell + "  "
			} else {
				line += cell + space + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// markdown returns the table with as many rows as a comment has room for.
func (t table) markdown() string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(t.titles)
	rules := make([]string, len(t.titles))
	for i := range rules {
		rules[i] = "---"
		if t.right[i] {
			rules[i] += ":"
		}
	}
	fmt.Fprintf(&b, "|%s|\n", strings.Join(rules, "|"))
	for i, row := range t.rows {
		if i == mostRows {
			cells := make([]string, len(t.titles))
			cells[0] = fmt.Sprintf("… %d more", len(t.rows)-i)
			line(cells)
			break
		}
		cells := make([]string, len(row))
		for j, cell := range row {
			cells[j] = escaped(short(cell))
		}
		line(cells)
	}
	return b.String()
}

// A row is a comparison as a line of a table.
type row struct {
	verdict.Row
	cells []string
}

// significant reports whether the row has a verdict other than unresolved.
func (r row) significant() bool {
	return r.Comparison.Judged && r.Comparison.Verdict != compare.Unresolved
}

// comparisonTable shows rows of a group.
func comparisonTable(g verdict.Group, rows []row) table {
	subject := "column"
	switch g.Column {
	case "/impl":
		subject = "manager/parker"
	case "/park":
		subject = "parker"
	case ".file":
		subject = "file"
	}
	t := table{
		titles: []string{"workload", subject, "ratio", "interval", "detectable", "verdict"},
		right:  []bool{false, false, true, true, true, false},
	}
	for _, r := range rows {
		t.rows = append(t.rows, r.cells)
	}
	return t
}

// rowsOf returns the comparisons of a group: the significant ones, those that are
// unresolved, and those that are reported but not judged.
func rowsOf(g verdict.Group) (significant, unresolved, reported []row) {
	for _, v := range g.Rows() {
		r := row{v, cells(g, v)}
		switch {
		case !v.Comparison.Judged:
			reported = append(reported, r)
		case r.significant():
			significant = append(significant, r)
		default:
			unresolved = append(unresolved, r)
		}
	}
	return significant, unresolved, reported
}

// cells writes a comparison: names, ratio, interval, smallest detectable change, verdict.
func cells(g verdict.Group, r verdict.Row) []string {
	c := r.Comparison
	ratio, interval, mde := "–", "–", "–"
	if c.Effect != nil {
		ratio = factor(c.Effect.Ratio)
		if c.AtMax() {
			ratio += compare.Dagger
		}
		if i := c.Effect.Interval; i != nil {
			interval = factor(i.Lo) + "–" + factor(i.Hi)
		}
	}
	if c.MDE != nil {
		mde = verdict.Percent(*c.MDE)
	}
	said := string(c.Verdict)
	switch {
	case !c.Judged:
		said = "not judged"
	case c.Barred:
		said = "excluded"
	}
	if len(g.Mark(c).Moves) > 0 {
		said += " " + moved
	}
	return []string{name(r.Title), name(r.Subject), ratio, interval, mde, said}
}

// factor writes a ratio as the page does.
func factor(v float64) string {
	switch {
	case v >= 1e6 || v < 0.1:
		return fmt.Sprintf("%.2g", v)
	case v >= 10:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// moved marks a comparison that depends on the harness.
const moved = "‡"

// legend explains the columns of a table, and the marks in it.
func legend(g verdict.Group, rows []row) string {
	holds := "an interval that holds for the family"
	if g.Premise != "" {
		holds = "the interval for the family"
	}
	text := fmt.Sprintf("Ratio to %s%s, with %s (%.3g %%). Detectable: the smallest change that would be found in 80 %% of cases.",
		name(g.Baseline), better(g.Family), holds, 100*(1-g.Family.Alpha))
	if units := unitsOf(rows); units != "" {
		text += " Units: " + units + "."
	}
	if slices.ContainsFunc(rows, func(r row) bool { return len(g.Mark(r.Comparison).Moves) > 0 }) {
		text += " " + moved + " depends on the harness."
	}
	return text
}

// better says which ratios are good, if it is the same for all units that are judged.
func better(f compare.Family) string {
	lower, higher := false, false
	for _, c := range f.Comparisons {
		if c.Judged {
			lower = lower || c.Better == "lower"
			higher = higher || c.Better != "lower"
		}
	}
	switch {
	case lower && !higher:
		return " (below 1 is better)"
	case lower && higher:
		return ""
	}
	return " (above 1 is better)"
}

// unitsOf lists the units of the rows with their workloads: "ns/op (yield_many, idle)".
func unitsOf(rows []row) string {
	var units []string
	workloads := map[string][]string{}
	for _, r := range rows {
		c := r.Comparison
		if !slices.Contains(units, c.Unit) {
			units = append(units, c.Unit)
		}
		if !slices.Contains(workloads[c.Unit], c.Workload) {
			workloads[c.Unit] = append(workloads[c.Unit], c.Workload)
		}
	}
	if len(units) == 1 {
		return name(units[0])
	}
	var parts []string
	for _, u := range units {
		var of []string
		for _, w := range workloads[u] {
			of = append(of, name(w))
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", name(u), strings.Join(of, ", ")))
	}
	return strings.Join(parts, ", ")
}

// wrap writes a paragraph whose lines are indented, those after the first by hang more.
func wrap(b *strings.Builder, indent, hang, text string) {
	b.WriteString(phrase.Fold(text, indent, indent+hang, width))
}
