package plot

import (
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"
)

// luminance is the relative luminance of WCAG 2.
func luminance(rgb uint32) float64 {
	linear := func(c uint32) float64 {
		v := float64(c&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(rgb>>16) + 0.7152*linear(rgb>>8) + 0.0722*linear(rgb)
}

func contrast(a, b uint32) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// TestContrast holds the figures to WCAG 2.2 AA: 4.5:1 for text, 3:1 for what is
// needed to understand a picture.
func TestContrast(t *testing.T) {
	check := func(what string, a, b Ink, least float64) {
		t.Helper()
		for _, pair := range [][2]uint32{{a.light, b.light}, {a.dark, b.dark}} {
			if got := contrast(pair[0], pair[1]); got < least {
				t.Errorf("%s: #%06x on #%06x has %.2f:1, less than %v:1", what, pair[0], pair[1], got, least)
			}
		}
	}
	for i, ink := range series {
		check(fmt.Sprint("series ", i), ink, Ground, 3)
	}
	check("text", Text, Ground, 4.5)
	check("muted text", Muted, Ground, 4.5)
	check("axes", AxisLine, Ground, 3)
	for i, ink := range greys {
		check(fmt.Sprint("grey ", i), ink, Ground, 3)
	}
	for i, ink := range tints {
		check(fmt.Sprint("text on tint ", i), Text, ink, 4.5)
	}
	for i, ink := range changes {
		check("text on "+changeNames[i], Text, ink, 4.5)
	}
	for i := 1; i < len(heat); i++ {
		if luminance(heat[i].light) >= luminance(heat[i-1].light) || luminance(heat[i].dark) <= luminance(heat[i-1].dark) {
			t.Errorf("level %d of heat is not further from the ground than the one below", i)
		}
	}
}

func TestPalette(t *testing.T) {
	p := NewPalette("a", "b")
	if p.Mark("b").Ink != series[1] || p.Mark("c").Ink != series[2] || p.Mark("a").Ink != series[0] {
		t.Error("names do not keep their marks")
	}
	type look struct {
		ink   Ink
		shape Shape
	}
	seen := map[look]int{}
	for i := range 64 {
		m := mark(i)
		if j, ok := seen[look{m.Ink, m.Shape}]; ok {
			t.Errorf("marks %d and %d look the same", i, j)
		}
		seen[look{m.Ink, m.Shape}] = i
	}
	first := map[string]bool{}
	for i := range series {
		m := mark(i)
		first[fmt.Sprint(m.Dash)] = true
	}
	if len(first) != len(series) {
		t.Errorf("%d different dashes among the first %d marks", len(first), len(series))
	}
}

// As many designs as a page may have differ in two of colour, dashes and shape: one of
// them may be lost, in print or to a reader's eyes.
func TestMarksOfManyDesigns(t *testing.T) {
	for i := range 24 {
		for j := range i {
			a, b := mark(i), mark(j)
			differ := 0
			for _, d := range []bool{a.Ink != b.Ink, a.Shape != b.Shape, fmt.Sprint(a.Dash) != fmt.Sprint(b.Dash)} {
				if d {
					differ++
				}
			}
			if differ < 2 {
				t.Errorf("marks %d and %d differ in %d of colour, shape and dashes", j, i, differ)
			}
		}
	}
}

func TestInk(t *testing.T) {
	if got, want := color.NRGBAModel.Convert(series[1]), (color.NRGBA{0xd5, 0x5e, 0, 255}); got != want {
		t.Errorf("on other canvases the second series is %v, want %v", got, want)
	}
	if got := color.NRGBAModel.Convert(series[1].Fade(0.5)).(color.NRGBA).A; got != 127 {
		t.Errorf("half faded has alpha %d, want 127", got)
	}
	classes := map[string]bool{}
	for _, i := range inks() {
		if classes[i.class] || i.class == "l" || i.class == "f" {
			t.Errorf("class %q is used twice", i.class)
		}
		classes[i.class] = true
	}
	for line := range strings.Lines(Style()) {
		if !strings.HasPrefix(line, ".plot") {
			t.Errorf("a rule that is not only for figures: %s", line)
		}
	}
}
