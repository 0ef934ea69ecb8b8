package format

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/idlebench/idlebench/internal/label"
	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// name makes a name from an input safe to read.
func name(s string) string { return label.Safe(s) }

// mostLinesOfText is how many lines the tables of comparisons have together, unless all is
// asked for: as many as fit on a screen with the sentences above them.
const mostLinesOfText = 20

// mostFacts is how many warnings and the like are written for an input, unless all is
// asked for.
const mostFacts = 5

// Text writes the report for a terminal.
func Text(w io.Writer, r *Report) error {
	t := text{Report: r}
	if note := r.Simulated(); note != "" {
		wrap(&t.b, "", "", Printable(note))
		t.b.WriteString("\n")
	}
	for _, g := range r.Groups {
		t.group(g)
	}
	if len(r.Groups) == 0 {
		t.b.WriteString("There is nothing to compare.\n\n")
		t.notUsed() // which is why
	}
	t.b.WriteString("VALIDITY\n\n")
	for _, in := range r.Source.Inputs {
		t.trust(in)
	}
	before, ofRuns := t.b.Len(), 0
	for _, p := range r.Source.Profiles {
		if p.Cell != nil {
			ofRuns++
		} else {
			t.profile(p)
		}
	}
	if ofRuns > 0 {
		fmt.Fprintf(&t.b, "%s of the run's cells: the page shows them\n", phrase.Count(ofRuns, "profile"))
	}
	for _, l := range r.Source.Logs {
		t.log(l)
	}
	if t.b.Len() > before {
		t.b.WriteString("\n")
	}
	t.benchstat()
	if len(r.Groups) > 0 {
		t.notUsed()
	}
	if !t.All {
		t.b.WriteString("-all shows every comparison and fact; -o report.html makes the page.\n")
	}
	fmt.Fprintf(&t.b, "Made by: %s\n", Printable(r.Command))
	_, err := io.WriteString(w, t.b.String())
	return err
}

// notUsed lists the parts of the inputs that the report leaves out.
func (t *text) notUsed() {
	if len(t.Source.NotUsed) == 0 {
		return
	}
	t.b.WriteString("NOT USED\n\n")
	for _, n := range t.Source.NotUsed {
		wrap(&t.b, "", "  ", Printable(n.String()))
	}
	t.b.WriteString("\n")
}

// A text is a report that is being written.
type text struct {
	*Report
	b strings.Builder
}

// TablesInText reports whether text has the tables of benchstat: if all is asked for or
// nothing is judged, so that they are all there is.
func (r *Report) TablesInText() bool {
	return r.All || !slices.ContainsFunc(r.Groups, func(g verdict.Group) bool { return g.Family.Size > 0 || g.Parkers != nil })
}

// benchstat writes the command that prints its tables, and the tables if text has them.
func (t *text) benchstat() {
	if t.BenchstatCommand == "" {
		return
	}
	if t.TablesInText() || t.BenchstatError != "" {
		fmt.Fprintf(&t.b, "BENCHSTAT\n\n$ %s\n%s\n", Printable(t.BenchstatCommand), benchstatText(t.Report))
		return
	}
	fmt.Fprintf(&t.b, "BENCHSTAT\n\n$ %s\n\n", Printable(t.BenchstatCommand))
}

// benchstatText is what benchstat prints, or why it prints nothing.
func benchstatText(r *Report) string {
	switch {
	case r.BenchstatError != "":
		return fmt.Sprintf("benchstat cannot read this: %s\n", Printable(r.BenchstatError))
	case r.Benchstat == "":
		return "(no output: there is no valid launch)\n"
	}
	return Printable(r.Benchstat)
}

// group writes what came out of a group: three sentences, then tables.
func (t *text) group(g verdict.Group) {
	b := &t.b
	fmt.Fprintf(b, "%s, by %s\n\n", inputs(g), name(g.Column))
	for _, s := range g.Headline.Sentences() {
		wrap(b, "  ", "  ", Printable(s))
	}
	if len(g.Headline.Sentences()) > 0 {
		b.WriteString("\n")
	}
	if g.None != "" {
		wrap(b, "  ", "  ", "Nothing is compared: "+Printable(g.None))
		b.WriteString("\n")
	}
	tables := []verdict.Group{}
	if g.Parkers != nil {
		tables = append(tables, *g.Parkers)
	}
	if g.None == "" {
		tables = append(tables, g)
	}
	rooms := room(tables, t.All)
	for i, of := range tables {
		t.comparisons(of, rooms[i])
	}
	t.audit(g)
	t.submitters(g.Submitters)
	t.unmatched(g)
	for _, w := range g.Family.Warnings {
		if !t.All {
			w = short(w)
		}
		wrap(b, "  ", "  ", "Warning: "+Printable(w))
	}
	if len(g.Family.Warnings) > 0 {
		b.WriteString("\n")
	}
}

// room shares the lines of text between tables: first for what is significant, then for
// the rest.
func room(tables []verdict.Group, all bool) []int {
	sizes, significants := make([]int, len(tables)), make([]int, len(tables))
	for i, g := range tables {
		significant, unresolved, reported := rowsOf(g)
		significants[i], sizes[i] = len(significant), len(significant)+len(unresolved)+len(reported)
	}
	if all {
		return sizes
	}
	rooms := make([]int, len(tables))
	left := mostLinesOfText
	for _, upTo := range [][]int{significants, sizes} {
		for grown := true; grown && left > 0; {
			grown = false
			for i := range rooms {
				if rooms[i] < upTo[i] && left > 0 {
					rooms[i]++
					left--
					grown = true
				}
			}
		}
	}
	return rooms
}

// comparisons writes the table of a group, at most n rows of it, the significant ones
// first.
func (t *text) comparisons(g verdict.Group, n int) {
	b := &t.b
	title := "MANAGERS"
	switch {
	case g.Column == "/park" && g.Impl != "":
		title = "PARKERS of " + name(g.Impl)
	case g.Column != "/impl":
		title = "BY " + strings.ToUpper(name(g.Column))
	}
	wrap(b, "", "  ", title+": "+summary(g))
	if g.Ranked() {
		b.WriteString("\n")
		rankingTable(g).text(b, "  ")
		wrap(b, "  ", "  ", aboutRanking)
	}
	significant, unresolved, reported := rowsOf(g)
	rows := slices.Concat(significant, unresolved, reported)
	if len(rows) == 0 {
		b.WriteString("\n")
		return
	}
	shown := rows[:min(n, len(rows))]
	b.WriteString("\n")
	comparisonTable(g, terse(shown)).text(b, "  ")
	if t.All {
		t.details(g, shown)
	}
	if text := t.hidden(shown, significant, unresolved, reported); text != "" {
		fmt.Fprintf(b, "  %s\n", text)
	}
	b.WriteString("\n")
	about := legend(g, shown)
	if slices.ContainsFunc(shown, func(r row) bool { return strings.Contains(r.Title, submitterParam) }) {
		about += " The last word of a workload is its submitter."
	}
	wrap(b, "  ", "  ", about)
	if note := g.AtMaxNote(); note != "" {
		wrap(b, "  ", "  ", note)
	}
	b.WriteString("\n")
}

// submitterParam is how a title names the submitter, its last parameter.
const submitterParam = verdict.Submitter + "="

// terse leaves the name of the parameter submitter out of the titles of rows.
func terse(rows []row) []row {
	short := slices.Clone(rows)
	for i, r := range short {
		short[i].cells = slices.Clone(r.cells)
		short[i].cells[0] = strings.Replace(r.cells[0], submitterParam, "", 1)
	}
	return short
}

// details writes why comparisons have no verdict, and on what others depend.
func (t *text) details(g verdict.Group, rows []row) {
	var reasons []string
	about := map[string][]string{}
	for _, r := range rows {
		c := r.Comparison
		if text := g.Mark(c).Depends(); text != "" {
			wrap(&t.b, "  ", "    ", fmt.Sprintf("%s %s, %s: %s.", moved, name(r.Title), name(r.Subject), Printable(text)))
		}
		if c.Reason != "" && !c.Wide() {
			if about[c.Reason] == nil {
				reasons = append(reasons, c.Reason)
			}
			about[c.Reason] = append(about[c.Reason], name(r.Title)+", "+name(r.Subject))
		}
	}
	for _, reason := range reasons {
		wrap(&t.b, "  ", "    ", fmt.Sprintf("No verdict: %s (%s).", Printable(reason), strings.Join(about[reason], "; ")))
	}
}

// hidden counts the rows that are not shown.
func (t *text) hidden(shown, significant, unresolved, reported []row) string {
	n := len(shown)
	var parts []string
	for _, of := range []struct {
		rows []row
		what string
	}{{significant, "significant"}, {unresolved, "unresolved"}, {reported, "not judged"}} {
		if more := len(of.rows) - n; more > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", min(more, len(of.rows)), of.what))
		}
		n = max(0, n-len(of.rows))
	}
	if parts == nil {
		return ""
	}
	return "… and " + strings.Join(parts, ", ") + " (-all shows them)"
}

// audit writes how far the comparisons depend on the harness.
func (t *text) audit(g verdict.Group) {
	a := g.Audit
	if a == nil {
		return
	}
	if !t.All {
		if a.Why != "" {
			wrap(&t.b, "  ", "  ", Printable(a.Why))
			t.b.WriteString("\n")
		}
		return
	}
	wrap(&t.b, "  ", "  ", Printable(a.Summary()))
	for _, line := range a.About() {
		wrap(&t.b, "    ", "  ", Printable(line)+".")
	}
	for _, line := range a.BetweenParkers() {
		wrap(&t.b, "  ", "  ", Printable(line)+".")
	}
	t.b.WriteString("\n")
}

// submitters writes where the submitter matters.
func (t *text) submitters(s *verdict.Submitters) {
	if s == nil {
		return
	}
	wrap(&t.b, "", "  ", "SUBMITTERS: "+s.Summary())
	if t.All {
		title := ""
		of := table{titles: []string{"subject", "with " + verdict.Block, "with others"}, right: make([]bool, 3)}
		for _, r := range submitterRows(s) {
			if r.title != title {
				title = r.title
				of.rows = append(of.rows, []string{title})
			}
			for i, other := range r.others {
				cells := []string{"", "", Printable(other)}
				if i == 0 {
					cells[0], cells[1] = "  "+r.subject, r.usual
				}
				of.rows = append(of.rows, cells)
			}
		}
		if len(of.rows) > 0 {
			t.b.WriteString("\n")
			of.text(&t.b, "  ")
			t.b.WriteString("\n")
		}
	}
	for _, r := range s.Reversals {
		wrap(&t.b, "  ", "  ", Printable(r)+".")
	}
	t.b.WriteString("\n")
}

// unmatched writes what has no counterpart.
func (t *text) unmatched(g verdict.Group) {
	n := len(g.Family.Unmatched)
	switch {
	case n == 0 || g.None != "":
		return
	case !t.All && n > mostFacts:
		fmt.Fprintf(&t.b, "  %s without a counterpart, not compared (-all shows them)\n\n", phrase.Count(n, "cell or unit"))
		return
	}
	t.b.WriteString("  Without a counterpart:\n")
	for _, u := range g.Family.Unmatched {
		fmt.Fprintf(&t.b, "    %s\n", unmatched(g, u))
	}
	t.b.WriteString("\n")
}

// unmatched names what has no counterpart.
func unmatched(g verdict.Group, u compare.Unmatched) string {
	where := name(u.Column)
	if u.Column == "" {
		where = "no " + name(g.Column)
	}
	text := name(u.Row) + "  " + where
	if u.Unit != "" {
		text += "  " + name(u.Unit)
	}
	return text
}

// inputs names those of a group.
func inputs(g verdict.Group) string {
	var names []string
	for _, n := range g.Inputs {
		names = append(names, name(n))
	}
	return strings.Join(names, " and ")
}

// trust writes what is to be known of an input before its numbers are believed.
func (t *text) trust(in *source.Input) {
	if in.Kind != source.Folder && in.Kind != source.Benchmark {
		return
	}
	b, of := &t.b, trustOf(in)
	line := fmt.Sprintf("%s: %s, %d invalid", name(in.Name), phrase.Count(of.launches, "launch"), of.invalid)
	if of.invalid > 0 {
		line += " (" + strings.Join(of.limits, ", ") + ")"
	}
	wrap(b, "", "  ", line)
	t.list("", of.facts)
	t.list("No valid launch: ", of.without)
	if t.All {
		t.machine(in, of.machine)
	} else if line := machineLine(of.machine); line != "" {
		wrap(b, "  ", "  ", line)
	}
	b.WriteString("\n")
}

// list writes sentences about an input, not all of them unless that is asked for.
func (t *text) list(prefix string, sentences []string) {
	for i, s := range sentences {
		if i == mostFacts && !t.All {
			fmt.Fprintf(&t.b, "  … and %d more (-all shows them)\n", len(sentences)-i)
			return
		}
		wrap(&t.b, "  ", "  ", prefix+Printable(s))
	}
}

// machine writes what was measured of the machine, and how it was set up.
func (t *text) machine(in *source.Input, config []record.Pair) {
	if rows := limits(in); len(rows) > 0 {
		t.b.WriteString("  Floors and calibration:\n")
		table{titles: []string{"cell", "median", "unit", "launches"}, right: []bool{false, true, false, true}, rows: rows}.text(&t.b, "    ")
	}
	if len(config) > 0 {
		t.b.WriteString("  Measured on:\n")
		for _, p := range config {
			wrap(&t.b, "    ", "  ", name(p.Key)+": "+Printable(p.Value))
		}
	}
}

// machineLine has the facts of a machine that a reader looks for first.
func machineLine(config []record.Pair) string {
	var parts []string
	for _, key := range []string{"cpu", "cpus", "virtualised", "kernel", "go", "commit"} {
		for _, p := range config {
			if p.Key == key {
				parts = append(parts, key+": "+Printable(p.Value))
			}
		}
	}
	return strings.Join(parts, "; ")
}

// Printable replaces what a terminal would obey, and what changes the direction
// of text. Text without such things stays as it is.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s)
}
