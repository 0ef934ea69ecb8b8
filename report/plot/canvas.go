package plot

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/idlebench/idlebench/internal/label"
)

// A Canvas is a vg.Canvas that writes SVG for use inside an HTML page. One unit
// of length is one CSS pixel. Colours that are an [Ink] become classes, for which
// [Style] has rules; other colours are written as they are.
//
// Coordinates are those of the finished picture, to a tenth of a pixel: the transforms
// of vg are applied here, not left to the browser.
type Canvas struct {
	width, height float64
	body          bytes.Buffer
	state         state
	stack         []state
}

// state is what Push saves.
type state struct {
	ink       color.Color
	lineWidth vg.Length
	dash      []vg.Length
	offset    vg.Length
	transform affine
}

// affine maps (x, y) to (a·x + c·y + e, b·x + d·y + f).
type affine struct{ a, b, c, d, e, f float64 }

// then returns the map that applies n first and m after it.
func (m affine) then(n affine) affine {
	return affine{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

func (m affine) apply(p vg.Point) (x, y float64) {
	return m.a*float64(p.X) + m.c*float64(p.Y) + m.e, m.b*float64(p.X) + m.d*float64(p.Y) + m.f
}

// scale is the factor by which lengths grow.
func (m affine) scale() float64 { return math.Sqrt(math.Abs(m.a*m.d - m.b*m.c)) }

var _ vg.CanvasSizer = (*Canvas)(nil)

// NewCanvas returns an empty canvas of the given size in CSS pixels.
func NewCanvas(width, height float64) *Canvas {
	c := &Canvas{width: width, height: height}
	c.state = state{ink: Text, lineWidth: 1, transform: affine{1, 0, 0, -1, 0, height}}
	return c
}

// Size returns the size in CSS pixels.
func (c *Canvas) Size() (x, y vg.Length) { return vg.Length(c.width), vg.Length(c.height) }

// Bytes returns the elements drawn so far, which are the inside of an svg
// element.
func (c *Canvas) Bytes() []byte { return c.body.Bytes() }

// SetLineWidth sets the width of lines.
func (c *Canvas) SetLineWidth(w vg.Length) { c.state.lineWidth = w }

// SetLineDash sets the lengths of dashes and gaps.
func (c *Canvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	c.state.dash, c.state.offset = pattern, offset
}

// SetColor sets the colour; nil is the colour of text.
func (c *Canvas) SetColor(ink color.Color) {
	if ink == nil {
		ink = Text
	}
	c.state.ink = ink
}

// Rotate rotates what is drawn next, counterclockwise.
func (c *Canvas) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	c.state.transform = c.state.transform.then(affine{cos, sin, -sin, cos, 0, 0})
}

// Translate moves what is drawn next.
func (c *Canvas) Translate(p vg.Point) {
	c.state.transform = c.state.transform.then(affine{1, 0, 0, 1, float64(p.X), float64(p.Y)})
}

// Scale scales what is drawn next, except images and the size of text.
func (c *Canvas) Scale(x, y float64) {
	c.state.transform = c.state.transform.then(affine{x, 0, 0, y, 0, 0})
}

// Push saves the state.
func (c *Canvas) Push() { c.stack = append(c.stack, c.state) }

// Pop restores the state; without a Push before it, it does nothing.
func (c *Canvas) Pop() {
	if n := len(c.stack); n > 0 {
		c.state, c.stack = c.stack[n-1], c.stack[:n-1]
	}
}

// Group opens a group of elements with a title, which browsers show when the
// pointer is over one of them. End closes it.
func (c *Canvas) Group(title string) { c.openGroup(title, "", "") }

// openGroup is Group with an attribute for a script, unless its name is empty.
func (c *Canvas) openGroup(title, name, value string) {
	c.body.WriteString("<g")
	if name != "" {
		c.attribute(name, escape(value))
	}
	c.body.WriteString("><title>")
	c.body.WriteString(escape(title))
	c.body.WriteString("</title>")
}

// End closes a group.
func (c *Canvas) End() { c.body.WriteString("</g>\n") }

// group opens a titled group if the canvas can have one, and returns what closes
// it.
func group(c vg.Canvas, title string) (end func()) { return dataGroup(c, title, "", nil) }

// dataGroup is group with an attribute of a name. Value is called with the canvas, to
// place things in the picture.
func dataGroup(c vg.Canvas, title, name string, value func(*Canvas) string) (end func()) {
	for { // a part of a canvas is a canvas around it
		part, ok := c.(draw.Canvas)
		if !ok {
			break
		}
		c = part.Canvas
	}
	if g, ok := c.(*Canvas); ok && title != "" {
		data := ""
		if value != nil {
			data = value(g)
		}
		g.openGroup(Label(title), name, data)
		return g.End
	}
	return func() {}
}

// Stroke draws the line of a path.
func (c *Canvas) Stroke(p vg.Path) {
	if c.state.lineWidth <= 0 {
		return
	}
	data := c.pathData(p)
	if data == "" {
		return
	}
	c.body.WriteString(`<path class="l`)
	c.paint("stroke")
	if w := number(float64(c.state.lineWidth) * c.state.transform.scale()); w != "1" {
		c.attribute("stroke-width", w)
	}
	if len(c.state.dash) > 0 {
		lengths := make([]string, len(c.state.dash))
		for i, l := range c.state.dash {
			lengths[i] = number(float64(l))
		}
		c.attribute("stroke-dasharray", strings.Join(lengths, " "))
		if c.state.offset != 0 {
			c.attribute("stroke-dashoffset", number(float64(c.state.offset)))
		}
	}
	c.attribute("d", data)
	c.body.WriteString("/>\n")
}

// Fill fills a path.
func (c *Canvas) Fill(p vg.Path) {
	data := c.pathData(p)
	if data == "" {
		return
	}
	c.body.WriteString(`<path class="f`)
	c.paint("fill")
	c.attribute("d", data)
	c.body.WriteString("/>\n")
}

// FillString writes text with its baseline at p. The width that the text has in
// the font of the layout is written with it, so that it takes the same place in
// a browser that has none of the fonts of [Style].
func (c *Canvas) FillString(f font.Face, p vg.Point, s string) {
	size := float64(f.Font.Size)
	if size <= 0 || s == "" {
		return
	}
	x, y := c.state.transform.apply(p)
	if !finite(x, y) {
		return
	}
	c.body.WriteString("<text")
	if ink, ok := c.state.ink.(Ink); !ok || ink != Text {
		c.body.WriteString(` class="`)
		c.paint("fill")
	}
	c.attribute("x", number(x))
	c.attribute("y", number(y))
	if size != textSize {
		c.attribute("font-size", number(size))
	}
	bold := f.Font.Weight > 0
	if bold {
		c.attribute("font-weight", "bold")
	}
	if w := textWidth(s, size, bold); w > 0 {
		c.attribute("textLength", number(w))
	}
	// Of the transform only the rotation matters to text, since the y axis of
	// vg points upwards.
	if m := c.state.transform; math.Abs(m.b) > 1e-9 {
		deg := math.Atan2(m.b, m.a) * 180 / math.Pi
		c.attribute("transform", "rotate("+number(deg)+" "+number(x)+" "+number(y)+")")
	}
	c.body.WriteByte('>')
	c.body.WriteString(escape(s))
	c.body.WriteString("</text>\n")
}

// DrawImage embeds the image as PNG.
func (c *Canvas) DrawImage(r vg.Rectangle, img image.Image) {
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		return // an image without pixels, which has nothing to show
	}
	x0, y0 := c.state.transform.apply(r.Min)
	x1, y1 := c.state.transform.apply(r.Max)
	c.body.WriteString("<image")
	c.attribute("x", number(min(x0, x1)))
	c.attribute("y", number(min(y0, y1)))
	c.attribute("width", number(math.Abs(x1-x0)))
	c.attribute("height", number(math.Abs(y1-y0)))
	c.attribute("preserveAspectRatio", "none")
	c.attribute("href", "data:image/png;base64,"+base64.StdEncoding.EncodeToString(file.Bytes()))
	c.body.WriteString("/>\n")
}

// paint completes a class attribute with the colour. Attribute is what a colour
// without a class is written to.
func (c *Canvas) paint(attribute string) {
	if ink, ok := c.state.ink.(Ink); ok {
		if ink.class != "" {
			if last := c.body.Bytes(); last[len(last)-1] != '"' {
				c.body.WriteByte(' ')
			}
			c.body.WriteString(ink.class)
		}
		c.body.WriteByte('"')
		if ink.alpha != 0 {
			c.attribute(attribute+"-opacity", number(float64(ink.alpha)/255))
		}
		return
	}
	c.body.WriteByte('"')
	n := color.NRGBAModel.Convert(c.state.ink).(color.NRGBA)
	c.attribute("style", attribute+":rgb("+strconv.Itoa(int(n.R))+" "+strconv.Itoa(int(n.G))+" "+strconv.Itoa(int(n.B))+
		"/"+number(float64(n.A)/255)+")")
}

func (c *Canvas) attribute(name, value string) {
	c.body.WriteByte(' ')
	c.body.WriteString(name)
	c.body.WriteString(`="`)
	c.body.WriteString(value)
	c.body.WriteByte('"')
}

// escape returns s as character data. Characters that XML cannot have are
// replaced.
func escape(s string) string {
	return escaper.Replace(strings.Map(func(r rune) rune {
		if !label.InXML(r) {
			return '\uFFFD'
		}
		return r
	}, s))
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// number writes a length, to a hundredth below ten and to a tenth above.
func number(v float64) string {
	if !finite(v) {
		return "0"
	}
	unit := 10.0
	if math.Abs(v) < 10 {
		unit = 100
	}
	v = math.Round(v*unit) / unit
	if v == 0 {
		return "0" // and not -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// finite reports whether no value is infinite or not a number.
func finite(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
