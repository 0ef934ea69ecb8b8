package benchstat

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/perf/benchproc"
	"golang.org/x/perf/benchunit"
)

// A column of a table spans several of the grid. The first column has a value, its
// range and a reference to footnotes; the others also have the difference, the test and
// another reference.
const (
	valueWide = 3
	deltaWide = 3
)

// begin is the place of a table's column in the grid, behind the names of the
// rows.
func begin(col int) int {
	if col == 0 {
		return 1
	}
	return 1 + valueWide + (col-1)*(valueWide+deltaWide)
}

// text prints the table.
func (t *table) text() string {
	var g grid
	var notes footnotes
	edge := begin(len(t.cols) + 1)

	for level := benchproc.NewKeyHeader(t.cols).Top; len(level) > 0; {
		var next []*benchproc.KeyHeaderNode
		for _, n := range level {
			from := begin(n.Start)
			g.put(piece{at: from, span: begin(n.Start+n.Len) - from, text: n.Value, margin: " │ ", align: center})
			next = append(next, n.Children...)
		}
		g.put(piece{at: edge, margin: " │"})
		g.end()
		level = next
	}
	for i := range t.cols {
		g.put(piece{at: begin(i), span: valueWide, text: t.unit, margin: " │ ", align: center})
		if i > 0 {
			g.put(piece{at: begin(i) + valueWide, span: deltaWide, text: "vs base", margin: "  "})
		}
		g.stretch(begin(i))
	}
	g.put(piece{at: edge, margin: " │"})
	g.end()

	class := benchunit.ClassOf(t.unit)
	for _, row := range t.rows {
		g.put(piece{text: row.StringValues()})
		var centers []float64
		for _, col := range t.cols {
			if c := t.cells[place{row, col}]; c != nil {
				centers = append(centers, c.summary.Center)
			}
		}
		scale := benchunit.CommonScale(centers, class)
		for i, col := range t.cols {
			c := t.cells[place{row, col}]
			if c == nil {
				continue
			}
			at := begin(i)
			g.put(piece{at: at, text: scale.Format(c.summary.Center), align: right})
			g.put(piece{at: at + 1, text: c.summary.PctRangeString(), margin: " ± ", align: right})
			g.put(piece{at: at + 2, text: notes.refer(c.sample.Warnings, c.summary.Warnings)})
			if c.base != nil {
				g.put(piece{at: at + 3, text: c.versus.FormatDelta(c.base.summary.Center, c.summary.Center), align: right})
				g.put(piece{at: at + 4, text: "(" + c.versus.String() + ")"})
				g.put(piece{at: at + 5, text: notes.refer(c.versus.Warnings)})
			}
		}
		g.end()
	}

	if len(t.rows) > 1 {
		g.put(piece{text: "geomean"})
		for i, col := range t.cols {
			m := t.mean(col)
			if !math.IsNaN(m.center) {
				g.put(piece{at: begin(i), text: benchunit.Scale(m.center, class), align: right})
			}
			switch {
			case i == 0:
			case math.IsNaN(m.ratio):
				g.put(piece{at: begin(i) + valueWide, text: "?"})
			default:
				g.put(piece{at: begin(i) + valueWide, text: fmt.Sprintf("%+.2f%%", (m.ratio-1)*100), align: right})
			}
			g.put(piece{at: begin(i+1) - 1, text: notes.refer(m.warnings)})
		}
		g.end()
	}
	return g.text() + notes.text()
}

// footnotes are the warnings of a table, each once.
type footnotes []string

// refer returns the numbers of some warnings.
func (n *footnotes) refer(lists ...[]error) string {
	var refs []string
	for _, w := range slices.Concat(lists...) {
		i := slices.Index(*n, w.Error())
		if i < 0 {
			i = len(*n)
			*n = append(*n, w.Error())
		}
		refs = append(refs, superscript(i+1))
	}
	return strings.Join(refs, " ")
}

func (n footnotes) text() string {
	var b strings.Builder
	for i, w := range n {
		fmt.Fprintf(&b, "%s %s\n", superscript(i+1), w)
	}
	return b.String()
}

func superscript(n int) string {
	digits := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")
	return strings.Map(func(r rune) rune { return digits[r-'0'] }, fmt.Sprint(n))
}

// A grid is text in columns.
type grid struct {
	lines   [][]piece
	line    []piece // the last one
	columns int
	elastic map[int]bool // columns that grow with a piece over several
}

// A piece is text in one column or over several.
type piece struct {
	at, span int // span 0 is 1
	text     string
	margin   string // on the left; " " unless it is at the left end, or has no text
	align    align
}

type align int

const (
	left align = iota
	center
	right
)

// put appends a piece to the line.
func (g *grid) put(p piece) {
	p.span = max(p.span, 1)
	if p.margin == "" && p.at > 0 && p.text != "" {
		p.margin = " "
	}
	g.columns = max(g.columns, p.at+p.span)
	g.line = append(g.line, p)
}

// end ends the line.
func (g *grid) end() {
	g.lines = append(g.lines, g.line)
	g.line = nil
}

// stretch makes a column elastic.
func (g *grid) stretch(column int) {
	if g.elastic == nil {
		g.elastic = map[int]bool{}
	}
	g.elastic[column] = true
}

// widths returns how wide each column is with its margin, and the margin alone.
func (g *grid) widths() (widths, margins []int) {
	widths, margins = make([]int, g.columns), make([]int, g.columns)
	var wide []piece
	for _, p := range slices.Concat(g.lines...) {
		margins[p.at] = max(margins[p.at], utf8.RuneCountInString(p.margin))
	}
	for _, p := range slices.Concat(g.lines...) {
		if p.span > 1 {
			wide = append(wide, p)
			continue
		}
		widths[p.at] = max(widths[p.at], utf8.RuneCountInString(p.text)+margins[p.at])
	}
	slices.SortStableFunc(wide, func(a, b piece) int { return a.span - b.span })
	for _, p := range wide {
		g.widen(widths, p, utf8.RuneCountInString(p.text)+margins[p.at])
	}
	return widths, margins
}

// widen makes room for a piece over several columns: the elastic ones share what
// the others leave, in equal parts, and those that are wider already count as
// they are.
func (g *grid) widen(widths []int, p piece, need int) {
	has := 0
	var elastic []int
	for c := p.at; c < p.at+p.span; c++ {
		has += widths[c]
		if g.elastic[c] {
			elastic = append(elastic, c)
		}
	}
	if has >= need {
		return
	}
	for c := p.at; c < p.at+p.span; c++ {
		if !g.elastic[c] {
			need -= widths[c]
		}
	}
	// It must be this sort: it decides which of two columns of the same width gets the
	// excess, and the command uses the same one.
	sort.Slice(elastic, func(i, j int) bool { return widths[elastic[i]] > widths[elastic[j]] })
	for i, c := range elastic {
		n := len(elastic) - i
		widths[c] = max(widths[c], (need+n-1)/n)
		need -= widths[c]
	}
}

// text prints the grid. Nothing follows the last text of a line.
func (g *grid) text() string {
	widths, margins := g.widths()
	offsets := make([]int, len(widths)+1)
	for i, w := range widths {
		offsets[i+1] = offsets[i] + w
	}
	var b strings.Builder
	for _, line := range g.lines {
		at := 0
		for _, p := range line {
			if strings.TrimSpace(p.text) == "" && strings.TrimSpace(p.margin) == "" {
				continue
			}
			// A text that did not fit moves what follows to the right, by as much
			// as it is too long: the width is negative then.
			gap := offsets[p.at] - at
			fmt.Fprintf(&b, "%*s%*s", gap, "", margins[p.at], p.margin)
			at += gap + margins[p.at]
			room := offsets[p.at+p.span] - offsets[p.at] - margins[p.at]
			text := p.text
			switch p.align {
			case center:
				text = fmt.Sprintf("%*s%s", (room-utf8.RuneCountInString(text))/2, "", text)
			case right:
				text = fmt.Sprintf("%*s", room, text)
			}
			b.WriteString(text)
			at += utf8.RuneCountInString(text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
