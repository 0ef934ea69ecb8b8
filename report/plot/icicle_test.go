package plot

import (
	"strings"
	"testing"
)

// A frame has the whole name where there is room, then the name without the path of
// its package, then a part, and at last nothing.
func TestFrameText(t *testing.T) {
	const name = "github.com/idlebench/idlebench/impls/park.(*Futex).Park"
	b := frameBox{begin: "2× ", name: name}
	for _, test := range []struct {
		width float64
		want  string
	}{{600, "2× " + name}, {200, "2× park.(*Futex).Park"}, {80, "2× park…Park"}, {20, ""}} {
		if got := b.text(test.width); got != test.want {
			t.Errorf("in %g pixels: %q, want %q", test.width, got, test.want)
		}
	}
	f := Icicle(Caption{ID: "f"}, Quantity{Unit: "ns"}, Stack{Frames: []Frame{{Func: name}}, Value: 5})
	if svg, want := string(f.SVG(Wide)), `<g data-frame="55"><title>`+name+": "; !strings.Contains(svg, want) {
		t.Errorf("there is no %s in %s", want, svg)
	}
}
