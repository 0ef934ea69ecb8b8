package plot

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"github.com/idlebench/idlebench/internal/label"

	xfont "golang.org/x/image/font"
)

// Sizes of text in CSS pixels.
const (
	textSize  = 12
	titleSize = 15
	line      = 16 // from one baseline to the next
)

// fonts has Liberation Sans, whose widths are those of Arial and Helvetica.
var fonts = sync.OnceValue(func() *font.Cache { return font.NewCache(liberation.Collection()) })

// sans returns the font of the layout.
func sans(size float64, bold bool) font.Font {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return f
}

// advances has the width of a rune in ems, for the regular and the bold font.
var advances [2]sync.Map

// textWidth returns the width of text. Runes that the font lacks, such as those of
// Chinese, are taken for one em. Pairs are not kerned, so the width is rather too large
// than too small.
func textWidth(s string, size float64, bold bool) float64 {
	w := 0.0
	for _, r := range s {
		w += advance(r, bold)
	}
	return w * size
}

func advance(r rune, bold bool) float64 {
	known := &advances[0]
	if bold {
		known = &advances[1]
	}
	if w, ok := known.Load(r); ok {
		return w.(float64)
	}
	w := measure(r, bold)
	known.Store(r, w)
	return w
}

func measure(r rune, bold bool) float64 {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	f := fonts().Lookup(sans(1, bold), 1).Face
	var buf sfnt.Buffer
	glyph, err := f.GlyphIndex(&buf, r)
	if err != nil || glyph == 0 {
		return 1
	}
	unit := fixed.Int26_6(f.UnitsPerEm())
	w, err := f.GlyphAdvance(&buf, glyph, unit, xfont.HintingNone)
	if err != nil {
		return 1
	}
	return float64(w) / float64(unit)
}

// cut shortens s to a width, in its middle, since names of cells may differ at either
// end. What does not fit at all becomes empty.
func cut(s string, width, size float64, bold bool) string {
	if textWidth(s, size, bold) <= width {
		return s
	}
	const ellipsis = "…"
	room := width - textWidth(ellipsis, size, bold)
	if room < size { // fewer than two letters say nothing
		return ""
	}
	runes := []rune(label.WithoutIsolates(s))
	head, tail, used := 0, len(runes), 0.0
	for head < tail {
		// The head has the larger share.
		i := head
		if head > 2*(len(runes)-tail) {
			i = tail - 1
		}
		used += advance(runes[i], bold) * size
		if used > room {
			break
		}
		if i == head {
			head++
		} else {
			tail--
		}
	}
	return label.Isolate(string(runes[:head]) + ellipsis + string(runes[tail:]))
}

// wrap breaks s into lines of a width at most, at spaces where there are any.
func wrap(s string, width, size float64, bold bool) []string {
	var lines []string
	now := ""
	for _, word := range strings.Fields(s) {
		if now != "" && textWidth(now+" "+word, size, bold) <= width {
			now += " " + word
			continue
		}
		if now != "" {
			lines = append(lines, now)
		}
		now = cut(word, width, size, bold)
	}
	if now != "" {
		lines = append(lines, now)
	}
	return lines
}

// handler is the text.Handler of the axes. It measures as the layout does.
type handler struct{ text.Plain }

var _ text.Handler = handler{}

// Lines returns the text as the one line it is.
func (handler) Lines(s string) []string { return []string{s} }

func (h handler) Box(s string, f font.Font) (width, height, depth vg.Length) {
	_, height, depth = h.Plain.Box("", f)
	return vg.Length(textWidth(s, float64(f.Size), f.Weight > 0)), height, depth
}

func (h handler) Draw(c vg.Canvas, s string, style text.Style, at vg.Point) {
	if s == "" {
		return
	}
	c.Push()
	defer c.Pop()
	c.SetColor(style.Color)
	c.Translate(at)
	if style.Rotation != 0 {
		c.Rotate(style.Rotation)
	}
	face := h.Fonts.Lookup(style.Font, style.Font.Size)
	w, height, depth := h.Box(s, style.Font)
	// gonum's axes count on this baseline, and add the descent themselves.
	c.FillString(face, vg.Point{
		X: vg.Length(style.XAlign) * w,
		Y: (height+depth)*vg.Length(style.YAlign) - height + style.Font.Size,
	}, s)
}

// A writer writes lines of text on a canvas.
type writer struct {
	vg.Canvas
}

// write writes s with the baseline at (x, y), align being how much of its width
// is left of x.
func (w writer) write(s string, x, y vg.Length, align float64, ink Ink, size float64, bold bool) {
	f := sans(size, bold)
	w.SetColor(ink)
	x -= vg.Length(align * textWidth(s, size, bold))
	w.FillString(fonts().Lookup(f, f.Size), vg.Point{X: x, Y: y}, s)
}
