package plot

import (
	"fmt"
	"image/color"
	"strings"
)

// An Ink is a colour with a role, such as "the first series". On a [Canvas] it
// is a class, for which [Style] has a rule for light pages and one for dark
// ones. On other canvases it is its colour on a light page. Inks are comparable.
type Ink struct {
	class       string
	light, dark uint32 // 0xRRGGBB
	alpha       uint8  // 0 is opaque
}

// RGBA makes Ink a color.Color: its colour on a light page.
func (i Ink) RGBA() (r, g, b, a uint32) {
	n := color.NRGBA{R: uint8(i.light >> 16), G: uint8(i.light >> 8), B: uint8(i.light), A: 255}
	if i.alpha != 0 {
		n.A = i.alpha
	}
	return n.RGBA()
}

// Fade returns the ink with an opacity; 0 and 1 are both opaque.
func (i Ink) Fade(opacity float64) Ink {
	i.alpha = 0
	if opacity > 0 && opacity < 1 {
		i.alpha = max(1, uint8(opacity*255))
	}
	return i
}

// Inks of what is in every figure.
var (
	Text     = Ink{class: "", light: 0x000000, dark: 0xffffff} // the colour of the page's text
	Muted    = Ink{class: "muted", light: 0x595959, dark: 0xa8acb3}
	AxisLine = Ink{class: "axis", light: 0x767676, dark: 0x868b94}
	GridLine = Ink{class: "grid", light: 0xe3e3e3, dark: 0x33373d}
	Shade    = Ink{class: "shade", light: 0xeeeeee, dark: 0x2a2e34}
	Ground   = Ink{class: "ground", light: 0xffffff, dark: 0x16181c} // behind the figure
)

// series are the colours of Okabe and Ito. On white three of them have less
// than the 3:1 that WCAG 2.2, 1.4.11, asks for: they are darkened to it, in the
// same hue. On a dark ground all have it; blue is lightened a little. Black is
// the colour of text.
var series = []Ink{
	{class: "s1", light: 0x0072b2, dark: 0x1c86cc}, // blue
	{class: "s2", light: 0xd55e00, dark: 0xd55e00}, // vermillion
	{class: "s3", light: 0x009e73, dark: 0x009e73}, // bluish green
	{class: "s4", light: 0xc46a9c, dark: 0xcc79a7}, // reddish purple
	{class: "s5", light: 0xb87d00, dark: 0xe69f00}, // orange
	{class: "s6", light: 0x2a8fcb, dark: 0x56b4e9}, // sky blue
	{class: "s7", light: 0x8f8700, dark: 0xf0e442}, // yellow
	{class: "s8", light: 0x222222, dark: 0xe8e8e8}, // black
}

// heat are the levels of a heat map, the least first: the more, the further from
// the ground, in luminance as well as in hue.
var heat = []Ink{
	{class: "h1", light: 0xd6e6f4, dark: 0x1c2f4a},
	{class: "h2", light: 0xabcfe5, dark: 0x1d4a73},
	{class: "h3", light: 0x6fadd6, dark: 0x1f6a9c},
	{class: "h4", light: 0x3d89c1, dark: 0x3a93b8},
	{class: "h5", light: 0x1f649f, dark: 0x7fbcae},
	{class: "h6", light: 0x12406f, dark: 0xcfdc8f},
	{class: "h7", light: 0x071d3d, dark: 0xfdf5b8},
}

// greys are the colours of references, which are for scale and no competitors.
var greys = []Ink{
	{class: "g1", light: 0x5f5f5f, dark: 0xb9bdc3},
	{class: "g2", light: 0x8a8a8a, dark: 0x80858d},
}

// tints are backgrounds for text. The first are those of the origins of a frame, in
// their order; parts of any other kind have those after OtherCode.
var tints = []Ink{
	{class: "t0", light: 0xe6e6e6, dark: 0x3a3e45}, // other
	{class: "t1", light: 0xf9cfae, dark: 0x7a3a08}, // implementation
	{class: "t2", light: 0xb5e3d4, dark: 0x0a5a44}, // parker
	{class: "t3", light: 0xf4e7a1, dark: 0x5f5600}, // host
	{class: "t4", light: 0xe0cdef, dark: 0x55306b}, // workload
	{class: "t5", light: 0xbfdcf0, dark: 0x13476b}, // Go runtime
	{class: "t6", light: 0xf6c5d2, dark: 0x6b2438},
	{class: "t7", light: 0xd5e6a5, dark: 0x3f5a10},
	{class: "t8", light: 0xd9c7ae, dark: 0x5a4526},
}

// changes are grounds for text too, from much less over the same to much more. They
// say how much, and are used for nothing else.
var changes = []Ink{
	{class: "c0", light: 0x8fc1e6, dark: 0x125a8c},
	{class: "c1", light: 0xb8d8ef, dark: 0x20476a},
	{class: "c2", light: 0xdcebf6, dark: 0x2c3a4a},
	{class: "c3", light: 0xe9e9e9, dark: 0x3a3e45},
	{class: "c4", light: 0xfae0cc, dark: 0x4d3a2c},
	{class: "c5", light: 0xf6bf96, dark: 0x6d4020},
	{class: "c6", light: 0xf09d60, dark: 0x8a4508},
}

// inks returns all inks that have a class.
func inks() []Ink {
	all := []Ink{Muted, AxisLine, GridLine, Shade, Ground}
	for _, some := range [][]Ink{series, greys, heat, tints, changes} {
		all = append(all, some...)
	}
	return all
}

// Style returns the style sheet of all figures, which a page includes once. All
// its rules begin with ".plot", the class of the svg element. Dark colours are
// used where the page's color-scheme is dark, so that a page with figures for
// both says ":root{color-scheme:light dark}".
func Style() string {
	var b strings.Builder
	// The first four families have the same widths, with which the layout is
	// made.
	b.WriteString(`.plot{max-width:100%;height:auto;overflow:visible;` +
		`font:` + number(textSize) + `px Arial,Helvetica,"Liberation Sans",Arimo,system-ui,sans-serif;` +
		"fill:currentColor;stroke-linejoin:round}\n" +
		".plot text{unicode-bidi:isolate;white-space:pre}\n" +
		".plot .l{fill:none;stroke:currentColor}\n" +
		".plot .f{fill:currentColor;stroke:none}\n")
	for _, i := range inks() {
		// Browsers without light-dark() take the first.
		fmt.Fprintf(&b, ".plot .%s{color:#%06x;color:light-dark(#%06x,#%06x)}\n", i.class, i.light, i.light, i.dark)
	}
	for _, i := range heat { // without the seams between rectangles that are smoothed
		fmt.Fprintf(&b, ".plot .%s{shape-rendering:crispEdges}\n", i.class)
	}
	return b.String()
}
