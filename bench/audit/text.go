package audit

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/stats/compare"
)

// width is the width of the text, in columns.
const width = 98

// Text returns the evidence for people to read. It names the folder.
func Text(e evidence.Evidence, folder string) string {
	var b strings.Builder
	partial := ""
	if e.State.Partial() {
		partial = fmt.Sprintf(" (the run is %s)", e.State)
	}
	fmt.Fprintf(&b, "Audit of the harness in %s%s\n\n", folder, partial)
	for _, key := range []string{"cpu", "cpus", "virtualised", "kernel", "go", "commit", "cpus-used", "pinned", "date"} {
		fmt.Fprintf(&b, "%-12s %s\n", key, record.Manifest{Config: e.Config}.Fact(key))
	}
	b.WriteByte('\n')
	about(&b, e)
	summary(&b, e)
	verdicts(&b, e)
	for _, q := range questions(e) {
		q.table(&b, e)
	}
	return b.String()
}

// about explains the numbers.
func about(b *strings.Builder, e evidence.Evidence) {
	text := fmt.Sprintf("%d rounds, %d launches, %d invalid, %d failed. ×1.20 for a property: with it the number is 1.20 times "+
		"the usual one. Moved: the %.0f %% interval lies entirely beyond ±%.0f %%. Steady: it lies within. Undecided (?): neither.",
		e.Rounds, e.Launches, e.Invalid, e.Failed, 100*e.Confidence, 100*e.Margin)
	bounded := 0
	for _, r := range e.Results {
		if r.Hi > 0 {
			bounded++
		}
	}
	switch least := compare.LeastPairs(1 - e.Confidence); {
	case bounded == 0:
		text += fmt.Sprintf(" There are no intervals: an interval needs %d rounds with valid launches.", least)
	default:
		text += fmt.Sprintf(" The %d intervals are not corrected for their number: about %.0f of them miss by chance.", bounded, math.Ceil(float64(bounded)*(1-e.Confidence)))
	}
	if len(e.Results) > 0 {
		least := compare.LeastPairs((1 - e.Confidence) / float64(len(e.Results)))
		if e.Rounds >= least {
			text += " Moved! is moved according to simultaneous intervals."
		} else {
			text += fmt.Sprintf(" Simultaneous intervals need %d rounds.", least)
		}
	}
	b.WriteString(phrase.Fold(text, "", "", width) + "\n")
}

// A count counts results by status.
type count struct{ moved, undecided, of int }

func (c *count) add(s evidence.Status) {
	c.of++
	switch s {
	case evidence.Moved:
		c.moved++
	case evidence.Undecided:
		c.undecided++
	}
}

func (c count) String() string {
	if c.of == 0 {
		return "-"
	}
	return fmt.Sprintf("%d of %d, %d ?", c.moved, c.of, c.undecided)
}

// summary counts what each property moves, in primary units.
func summary(b *strings.Builder, e evidence.Evidence) {
	rows := [][]string{{"moved by", "values", "designs", "parkers"}}
	var what [][]string
	for _, p := range e.Properties {
		var values, designs, parkers count
		for _, r := range e.Results {
			switch {
			case r.Property != p.Name || !r.Primary:
			case r.Kind == evidence.Value:
				values.add(r.Status)
			case r.Parkers():
				parkers.add(r.Status)
			default:
				designs.add(r.Status)
			}
		}
		rows = append(rows, []string{p.Name, values.String(), designs.String(), parkers.String()})
		what = append(what, []string{p.Name, p.About})
	}
	text := "What each property moves, in the primary unit of each workload: values"
	if e.Baseline != "" {
		text += ", ratios of designs to " + e.Baseline + ", ratios of its parkers"
	}
	b.WriteString(phrase.Fold(text+". The rest is steady.", "", "", width))
	b.WriteByte('\n')
	write(b, rows, 2)
	b.WriteString("\nThe properties:\n\n")
	write(b, what, 2)
	b.WriteByte('\n')
}

// verdicts lists the ratios between designs that are moved.
func verdicts(b *strings.Builder, e evidence.Evidence) {
	moved := slices.DeleteFunc(slices.Clone(e.Results), func(r evidence.Result) bool {
		return r.Kind != evidence.Ratio || r.Parkers() || !r.Primary || r.Status != evidence.Moved
	})
	if len(moved) == 0 {
		b.WriteString("No ratio between designs is shown to move.\n\n")
		return
	}
	b.WriteString("Ratios between designs that move:\n\n")
	var rows [][]string
	for _, r := range moved {
		rows = append(rows, []string{r.Workload, r.Cell.Impl + "/" + r.Against.Impl, r.Cell.Park, r.Property, cell(r)})
	}
	write(b, rows, 2)
	b.WriteByte('\n')
}

// A section is the results of one workload in one unit.
type section struct {
	title   string
	results []evidence.Result
}

// questions returns the sections, in the order of the results.
func questions(e evidence.Evidence) (all []*section) {
	byTitle := make(map[string]*section)
	for _, r := range e.Results {
		words := []string{r.Workload}
		for _, p := range r.Cell.Params {
			words = append(words, p.Name+"="+p.Value)
		}
		title := strings.Join(words, " ") + ": " + r.Unit
		s := byTitle[title]
		if s == nil {
			s = &section{title: title}
			byTitle[title] = s
			all = append(all, s)
		}
		s.results = append(s.results, r)
	}
	return all
}

// table writes the section: a row for each subject and a column for each property, in
// blocks of columns that fit into the width.
func (s *section) table(b *strings.Builder, e evidence.Evidence) {
	if !slices.ContainsFunc(s.results, func(r evidence.Result) bool { return r.Ratio > 0 }) {
		fmt.Fprintf(b, "%s\n\n  no round has valid launches to compare\n\n", s.title)
		return
	}
	fmt.Fprintf(b, "%s\n\n", s.title)
	for _, part := range []struct {
		title string
		has   func(evidence.Result) bool
	}{
		{"value", func(r evidence.Result) bool { return r.Kind == evidence.Value }},
		{"ratio to " + e.Baseline, func(r evidence.Result) bool { return r.Kind == evidence.Ratio && !r.Parkers() }},
		{"ratio of parkers", evidence.Result.Parkers},
	} {
		var names []string
		columns := make(map[string][]string) // by property; cells by row
		for _, r := range s.results {
			if !part.has(r) {
				continue
			}
			name := r.Cell.Impl + " " + r.Cell.Park
			if r.Parkers() {
				name = r.Cell.Park + "/" + r.Against.Park
			}
			row := slices.Index(names, name)
			if row < 0 {
				row = len(names)
				names = append(names, name)
			}
			column := columns[r.Property]
			for len(column) <= row {
				column = append(column, "-")
			}
			column[row] = cell(r)
			columns[r.Property] = column
		}
		if names == nil {
			continue
		}
		s.blocks(b, e, append([]string{part.title}, names...), columns)
	}
	if names := s.saturated(); names != nil {
		b.WriteString(phrase.Fold("Saturated, so the latency is that of a growing queue: "+strings.Join(names, "; ")+".", "", "", width) + "\n")
	}
}

// saturated names the values that are saturated, as usual or with a property.
func (s *section) saturated() (names []string) {
	for _, r := range s.results {
		if r.Kind == evidence.Value && r.Reason == Saturated {
			names = append(names, fmt.Sprintf("%s %s with %s", r.Cell.Impl, r.Cell.Park, r.Property))
		}
	}
	return names
}

// blocks writes the columns side by side, as many as fit.
func (s *section) blocks(b *strings.Builder, e evidence.Evidence, first []string, columns map[string][]string) {
	var rows [][]string
	used := 0
	begin := func() {
		rows = nil
		for _, name := range first {
			rows = append(rows, []string{name})
		}
		used = 2 + widest(first)
	}
	begin()
	for _, p := range e.Properties {
		column, ok := columns[p.Name]
		if !ok {
			continue
		}
		column = append([]string{p.Name}, column...)
		for len(column) < len(first) {
			column = append(column, "-")
		}
		if used += 2 + widest(column); used > width && len(rows[0]) > 1 {
			write(b, rows, 2)
			b.WriteByte('\n')
			begin()
			used += 2 + widest(column)
		}
		for i := range rows {
			rows[i] = append(rows[i], column[i])
		}
	}
	write(b, rows, 2)
	b.WriteByte('\n')
}

// cell is a result in a table. A steady result needs no interval: it lies within the
// margin.
func cell(r evidence.Result) string {
	if r.Ratio == 0 {
		return "?"
	}
	text := "×" + number(r.Ratio)
	if r.Status == evidence.Steady {
		return text
	}
	if r.Hi > 0 {
		text += fmt.Sprintf(" [%s, %s]", number(r.Lo), number(r.Hi))
	}
	switch {
	case r.Jointly:
		text += " moved!"
	case r.Status == evidence.Moved:
		text += " moved"
	default:
		text += " ?"
	}
	return text
}

// number writes a factor with two or three digits.
func number(f float64) string {
	switch {
	case f >= 10:
		return fmt.Sprintf("%.0f", f)
	case f < 0.01:
		return fmt.Sprintf("%.0e", f)
	case f < 0.1:
		return fmt.Sprintf("%.3f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

// write writes rows with aligned columns, indented.
func write(b *strings.Builder, rows [][]string, indent int) {
	var widths []int
	for _, row := range rows {
		for i, text := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	for _, row := range rows {
		line := strings.Repeat(" ", indent)
		for i, text := range row {
			line += text + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text)+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

func widest(texts []string) (n int) {
	for _, t := range texts {
		n = max(n, utf8.RuneCountInString(t))
	}
	return n
}
