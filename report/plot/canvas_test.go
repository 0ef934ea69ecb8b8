package plot

import (
	"encoding/xml"
	"image"
	"image/color"
	"io"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func path(ps ...vg.Point) vg.Path {
	var p vg.Path
	for i, q := range ps {
		if i == 0 {
			p.Move(q)
		} else {
			p.Line(q)
		}
	}
	return p
}

func TestCanvas(t *testing.T) {
	triangle := path(points(10, 10, 20, 10, 20, 30.26)...)
	triangle.Close()
	circle := vg.Path{}
	circle.Move(vg.Point{X: 53, Y: 50})
	circle.Arc(vg.Point{X: 50, Y: 50}, 3, 0, 2*math.Pi)
	quarter := vg.Path{}
	quarter.Arc(vg.Point{X: 50, Y: 50}, 10, 0, math.Pi/2)
	curves := path(points(0, 0)...)
	curves.QuadTo(vg.Point{X: 5, Y: 5}, vg.Point{X: 10, Y: 0})
	curves.CubeTo(vg.Point{X: 12, Y: 5}, vg.Point{X: 14, Y: 5}, vg.Point{X: 16, Y: 0})
	broken := path(vg.Point{X: 1, Y: 1}, vg.Point{X: 2, Y: 2}, vg.Point{X: vg.Length(math.NaN())}, vg.Point{X: 5, Y: 5}, vg.Point{X: 6, Y: 6})

	for _, test := range []struct {
		name string
		draw func(*Canvas)
		want string
	}{
		{"y points down", func(c *Canvas) { c.Fill(triangle) }, `<path class="f" d="M10 90h10v-20.3z"/>`},
		{"a class", func(c *Canvas) { c.SetColor(series[0]); c.Fill(triangle) }, `<path class="f s1" d="M10 90h10v-20.3z"/>`},
		{"opacity", func(c *Canvas) { c.SetColor(series[0].Fade(0.5)); c.Fill(triangle) }, `<path class="f s1" fill-opacity="0.5" d="M10 90h10v-20.3z"/>`},
		{"any colour", func(c *Canvas) { c.SetColor(color.NRGBA{1, 2, 3, 255}); c.Fill(triangle) }, `<path class="f" style="fill:rgb(1 2 3/1)" d="M10 90h10v-20.3z"/>`},
		{"no colour is text", func(c *Canvas) { c.SetColor(series[0]); c.SetColor(nil); c.Fill(triangle) }, `<path class="f" d="M10 90h10v-20.3z"/>`},
		{"line", func(c *Canvas) { c.Stroke(path(points(0, 0, 5, 5)...)) }, `<path class="l" d="M0 100l5-5"/>`},
		{"width and dashes", func(c *Canvas) {
			c.SetLineWidth(1.75)
			c.SetLineDash([]vg.Length{4, 2}, 1)
			c.Stroke(path(points(0, 0, 5, 5, 6, 7)...))
		}, `<path class="l" stroke-width="1.75" stroke-dasharray="4 2" stroke-dashoffset="1" d="M0 100l5-5 1-2"/>`},
		{"no width", func(c *Canvas) { c.SetLineWidth(0); c.Stroke(triangle) }, ""},
		{"circle", func(c *Canvas) { c.Fill(circle) }, `<path class="f" d="M53 50a3 3 0 1 0-6 0 3 3 0 1 0 6 0"/>`},
		{"arc", func(c *Canvas) { c.Stroke(quarter) }, `<path class="l" d="M60 50c0-5.5-4.5-10-10-10"/>`},
		{"curves", func(c *Canvas) { c.Stroke(curves) }, `<path class="l" d="M0 100q5-5 10 0c2-5 4-5 6 0"/>`},
		{"not a number ends a line", func(c *Canvas) { c.Stroke(broken) }, `<path class="l" d="M1 99l1-1m3-3l1-1"/>`},
		{"nothing", func(c *Canvas) { c.Fill(nil); c.Stroke(vg.Path{}) }, ""},
		{"transforms", func(c *Canvas) {
			c.Push()
			c.Translate(vg.Point{X: 10, Y: 10})
			c.Scale(2, 2)
			c.Rotate(math.Pi / 2)
			c.Stroke(path(points(0, 0, 5, 0)...))
			c.Pop()
			c.Pop() // without a Push
			c.Stroke(path(points(0, 0, 5, 0)...))
		}, `<path class="l" stroke-width="2" d="M10 90v-10"/>` + "\n" + `<path class="l" d="M0 100h5"/>`},
		{"text", func(c *Canvas) { writer{c}.write("<&>", 10, 20, 0, Text, 12, false) }, `<text x="10" y="80" textLength="22">&lt;&amp;&gt;</text>`},
		{"bold, right", func(c *Canvas) { writer{c}.write("ii", 20, 20, 1, Muted, 15, true) },
			`<text class="muted" x="11.7" y="80" font-size="15" font-weight="bold" textLength="8.33">ii</text>`},
		{"rotated text", func(c *Canvas) {
			c.Translate(vg.Point{X: 30, Y: 40})
			c.Rotate(math.Pi / 2)
			writer{c}.write("i", 0, 0, 0, Text, 12, false)
		}, `<text x="30" y="60" textLength="2.67" transform="rotate(-90 30 60)">i</text>`},
		{"group", func(c *Canvas) { end := group(c, "a<b"); c.Fill(triangle); end() }, "<g><title>a&lt;b</title><path class=\"f\" d=\"M10 90h10v-20.3z\"/>\n</g>"},
	} {
		c := NewCanvas(200, 100)
		test.draw(c)
		if got := strings.TrimSuffix(string(c.Bytes()), "\n"); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

func TestCanvasImage(t *testing.T) {
	c := NewCanvas(200, 100)
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: 10, Y: 10}, Max: vg.Point{X: 30, Y: 50}}, image.NewGray(image.Rect(0, 0, 2, 2)))
	if got := string(c.Bytes()); !strings.HasPrefix(got, `<image x="10" y="50" width="20" height="40" preserveAspectRatio="none" href="data:image/png;base64,`) {
		t.Errorf("image: %s", got)
	}
	c = NewCanvas(200, 100)
	c.DrawImage(vg.Rectangle{}, image.NewGray(image.Rectangle{}))
	if got := string(c.Bytes()); got != "" {
		t.Errorf("an image without pixels: %s", got)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", math.Copysign(0, -1): "0", 1.234: "1.23", 12.34: "12.3", -0.001: "0", 100: "100", math.Inf(1): "0"} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %s, want %s", v, got, want)
		}
	}
}

// wellFormed reports what is wrong with a document.
func wellFormed(doc []byte) error {
	d := xml.NewDecoder(strings.NewReader(string(doc)))
	for {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
