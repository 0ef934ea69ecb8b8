package plot

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/idlebench/idlebench/internal/label"
)

// Widths for which a page draws figures: the wide one for screens and paper, the
// narrow one for telephones.
const (
	Wide   = 640
	Narrow = 344
)

// A Caption is what all figures have in common.
type Caption struct {
	// ID is unique in the page, and begins the ids inside the figure. What does
	// not belong into an id becomes a hyphen.
	ID    string
	Title string

	// Palette has the marks of the implementations. Nil is a new one, in which
	// names have the marks of their order.
	Palette *Palette
}

// palette returns the caption's palette.
func (c Caption) palette() *Palette {
	if c.Palette == nil {
		return NewPalette()
	}
	return c.Palette
}

// A Figure is a picture of data, with the data as a table. It is made by one of
// the functions of this package, and does not change afterwards.
type Figure struct {
	ID    string
	Title string
	Desc  string // the text alternative: what is shown, and the main numbers
	Table Table

	// Dropped is how many values have no place in the figure: those that are no
	// number or infinite, and on a logarithmic axis those that are not positive.
	Dropped int64

	legend  []entry
	notes   []string
	panels  []panel
	stacked bool    // the panels are stacked at any width
	least   float64 // the width of small panels: as many are side by side as have room; 0 for large ones
}

// A Table is the data of a figure. Names are as they were given, and not made
// safe to read by [Label].
type Table struct {
	Header []string
	Rows   [][]string
}

// add appends a row: strings as they are, numbers without their units.
func (t *Table) add(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case float64:
			row[i] = cell(c)
		default:
			row[i] = fmt.Sprint(c)
		}
	}
	t.Rows = append(t.Rows, row)
}

// A panel is one pair of axes of a figure.
type panel struct {
	title string
	x, y  string                                    // the names of the axes
	build func(width float64) (*plot.Plot, float64) // at a width; the second is the height
}

// An entry is a line of the legend.
type entry struct {
	name  string
	thumb plot.Thumbnailer
	rank  int // of a series in its palette
}

// group opens a group around the entry of a series. Its title is the name with which the
// titles of what is drawn of the series begin, and its attribute tells a script so.
func (e entry) group(c *Canvas) (end func()) {
	if e.rank == notSeries {
		return func() {}
	}
	return dataGroup(c, e.name, "data-series", func(*Canvas) string { return "" })
}

// notSeries is the rank of an entry that is no series.
const notSeries = math.MaxInt

// newFigure returns a figure without panels.
func newFigure(c Caption) *Figure {
	return &Figure{ID: id(c.ID), Title: Label(c.Title)}
}

// id makes an id of XML of any text.
func id(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return r
		}
		return '-'
	}, s)
	if len(s) > label.Runes {
		s = s[:label.Runes]
	}
	if s == "" || s[0] == '-' || s[0] >= '0' && s[0] <= '9' {
		s = "figure" + s
	}
	return s
}

// drop adds to the values that are not shown.
func (f *Figure) drop(n int64) { f.Dropped += min(n, math.MaxInt64-f.Dropped) }

// note adds a line below the figure.
func (f *Figure) note(format string, args ...any) {
	f.notes = append(f.notes, fmt.Sprintf(format, args...))
}

// show adds a line to the legend.
func (f *Figure) show(name string, thumb plot.Thumbnailer) {
	f.legend = append(f.legend, entry{name, thumb, notSeries})
}

// showSeries adds a series to the legend, in which all figures have the order of
// the palette.
func (f *Figure) showSeries(p *Palette, name string, thumb plot.Thumbnailer) {
	f.legend = append(f.legend, entry{Label(name), thumb, p.rank(name)})
	slices.SortStableFunc(f.legend, func(a, b entry) int { return cmp.Compare(a.rank, b.rank) })
}

// SVG returns the figure as an svg element for an HTML page that includes [Style], at a
// width in CSS pixels. Its ids begin with the figure's and end with the width, so that
// a page can hold one figure at several widths.
func (f *Figure) SVG(width int) []byte {
	l := f.layout(float64(min(max(width, 240), 4000)))
	var b bytes.Buffer
	prefix := f.ID + "-" + strconv.Itoa(width)
	w, h := number(l.width), number(l.height)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="plot" id="%s" width="%s" height="%s" viewBox="0 0 %s %s"`+
		` role="img" aria-labelledby="%s-title %s-desc">`+"\n", prefix, w, h, w, h, prefix, prefix)
	fmt.Fprintf(&b, "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", prefix, escape(f.Title), prefix, escape(f.Desc))
	b.Write(l.draw())
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// Document returns the figure as a file of its own, with [Style] inside.
func (f *Figure) Document(width int) []byte {
	svg := f.SVG(width)
	at := bytes.IndexByte(svg, '\n') + 1
	style := "<style>\n:root{color-scheme:light dark;background:light-dark(#fff,#16181c);color:light-dark(#000,#fff)}\n" + Style() + "</style>\n"
	return bytes.Join([][]byte{svg[:at], svg[at:]}, []byte(style))
}

// A layout is a figure at a width: its parts and their positions, from the top down.
type layout struct {
	*Figure
	width, height float64
	title         []string
	boxes         []box
	rows          [][]placed // of the legend
	notes         []string
	top           struct{ legend, notes float64 }
}

// A box is a panel with its place. All is in pixels from the top left.
type box struct {
	panel
	plot           *plot.Plot
	left, top      float64
	width, height  float64 // of the plot alone
	titles, ys, xs []string
}

// placed is an entry of the legend with its place in a row.
type placed struct {
	entry
	left float64
	text string
}

const (
	panelGap = 20.0 // between panels side by side
	thumb    = 30.0 // the width of a legend's picture
)

func (f *Figure) layout(width float64) *layout {
	l := &layout{Figure: f, width: width}
	l.title = wrap(f.Title, width, titleSize, true)
	y := float64(len(l.title))*20 + 4
	y = l.panels(y)
	l.top.legend = y
	l.rows = legendRows(f.legend, width)
	y += float64(len(l.rows)) * (line + 4)
	notes := f.notes
	if f.Dropped > 0 {
		notes = append(notes[:len(notes):len(notes)], dropped(f.Dropped))
	}
	for _, n := range notes {
		l.notes = append(l.notes, wrap(n, width, textSize, false)...)
	}
	if len(l.notes) > 0 {
		y += 4
	}
	l.top.notes = y
	l.height = math.Ceil(y + float64(len(l.notes))*line + 4)
	return l
}

// dropped says how many values are missing.
func dropped(n int64) string {
	count := "1 value is"
	if n > 1 {
		count = fmt.Sprintf("%d values are", n)
	}
	return count + " not shown: not a number, infinite, or not positive on a logarithmic axis."
}

// panels places the panels from y on, side by side if there is room, and returns
// where they end.
func (l *layout) panels(y float64) float64 {
	columns, gap := 1, panelGap
	if n := len(l.Figure.panels); l.least > 0 {
		gap = panelGap / 2
		columns = max(1, int((l.width+gap)/(l.least+gap)))
	} else if n > 1 && l.width >= 560 && !l.stacked {
		columns = 2
		if n == 3 && l.width >= 780 {
			columns = 3
		}
	}
	w := (l.width - gap*float64(columns-1)) / float64(columns)
	for from := 0; from < len(l.Figure.panels); from += columns {
		row := l.Figure.panels[from:min(from+columns, len(l.Figure.panels))]
		var boxes []box
		head, foot, height := 0, 0, 0.0
		for i, p := range row {
			b := box{panel: p, left: float64(i) * (w + gap), width: w}
			b.titles = wrap(p.title, w, textSize, true)
			b.ys = wrap(p.y, w, textSize, false)
			b.xs = wrap(p.x, w, textSize, false)
			b.plot, b.height = p.build(w)
			head = max(head, len(b.titles)+len(b.ys))
			foot = max(foot, len(b.xs))
			height = max(height, b.height)
			boxes = append(boxes, b)
		}
		for _, b := range boxes {
			b.top = y + float64(head)*line + 6
			l.boxes = append(l.boxes, b)
		}
		y += float64(head)*line + 6 + height + float64(foot)*line + 12
	}
	return y
}

// legendRows breaks the legend into rows.
func legendRows(entries []entry, width float64) [][]placed {
	var rows [][]placed
	x := math.Inf(1)
	for _, e := range entries {
		const gap, between = 6.0, 18.0
		text := cut(e.name, width-thumb-gap, textSize, false)
		w := thumb + gap + textWidth(text, textSize, false)
		if x+w > width {
			rows = append(rows, nil)
			x = 0
		}
		last := len(rows) - 1
		rows[last] = append(rows[last], placed{e, x, text})
		x += w + between
	}
	return rows
}

// draw draws the figure.
func (l *layout) draw() []byte {
	canvas := NewCanvas(l.width, l.height)
	w := writer{canvas}
	up := func(y float64) vg.Length { return vg.Length(l.height - y) } // vg's origin is below
	for i, s := range l.title {
		w.write(s, 0, up(float64(i)*20+titleSize), 0, Text, titleSize, true)
	}
	for _, b := range l.boxes {
		// The names are directly above the plot.
		y := b.top - 6 - float64(len(b.titles)+len(b.ys))*line + textSize
		for _, s := range b.titles {
			w.write(s, vg.Length(b.left), up(y), 0, Text, textSize, true)
			y += line
		}
		for _, s := range b.ys {
			w.write(s, vg.Length(b.left), up(y), 0, Muted, textSize, false)
			y += line
		}
		area := draw.Canvas{Canvas: canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: vg.Length(b.left), Y: up(b.top + b.height)},
			Max: vg.Point{X: vg.Length(b.left + b.width), Y: up(b.top)},
		}}
		b.plot.Draw(area)
		for i, s := range b.xs {
			w.write(s, vg.Length(b.left+b.width), up(b.top+b.height+float64(i)*line+textSize), 1, Muted, textSize, false)
		}
	}
	for i, row := range l.rows {
		y := l.top.legend + float64(i)*(line+4)
		for _, e := range row {
			box := draw.Canvas{Canvas: canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: vg.Length(e.left), Y: up(y + line)},
				Max: vg.Point{X: vg.Length(e.left + thumb), Y: up(y)},
			}}
			end := e.group(canvas)
			e.thumb.Thumbnail(&box)
			w.write(e.text, vg.Length(e.left+thumb+6), up(y+textSize), 0, Text, textSize, false)
			end()
		}
	}
	for i, s := range l.notes {
		w.write(s, 0, up(l.top.notes+float64(i)*line+textSize), 0, Muted, textSize, false)
	}
	return canvas.Bytes()
}

// Label returns a name as figures show it.
func Label(name string) string { return label.Safe(name) }
