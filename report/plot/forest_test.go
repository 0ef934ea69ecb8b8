package plot

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

// What is beyond the axis ends there: an interval that is beyond it as a whole must not
// be drawn over the names on one side, or out of the picture on the other.
func TestForestEnds(t *testing.T) {
	f := Forest(Caption{ID: "f"}, Quantity{Name: "ratio"}, 0.02,
		Ratio{Name: "open", Ratio: 1, Lo: 0, Hi: math.Inf(1), Verdict: Unresolved}, // from edge to edge
		Ratio{Name: "low", Ratio: 0.3, Lo: 0.27, Hi: 0.35, Verdict: Better},
		Ratio{Name: "high", Ratio: 4.2, Lo: 3.4, Hi: 4.9, Verdict: Worse})
	const mark = 7 // how far a mark reaches from its middle
	for _, width := range []int{Wide, Narrow} {
		groups := regexp.MustCompile(`(?s)<title>(open|low|high): .*?<path [^>]*d="([^"]*)"`).FindAllStringSubmatch(string(f.SVG(width)), -1)
		if len(groups) != 3 {
			t.Fatalf("%d rows with paths, want 3", len(groups))
		}
		least, most := extent(t, groups[0][2])
		for _, g := range groups[1:] {
			if lo, hi := extent(t, g[2]); lo < least-mark || hi > most+mark {
				t.Errorf("%d pixels wide: %s reaches from %g to %g on an axis from %g to %g", width, g[1], lo, hi, least, most)
			}
		}
	}
}

// extent returns the range of a path that is written as package plot writes lines.
func extent(t *testing.T, path string) (least, most float64) {
	t.Helper()
	least, most = math.Inf(1), math.Inf(-1)
	x := 0.0
	for _, c := range regexp.MustCompile(`([Mmlhvz])([^Mmlhvz]*)`).FindAllStringSubmatch(path, -1) {
		numbers := regexp.MustCompile(`-?[0-9.]+`).FindAllString(c[2], -1)
		step := 2 // x and y
		switch c[1] {
		case "v", "z":
			continue
		case "M":
			x = 0
		case "h":
			step = 1
		}
		for i := 0; i < len(numbers); i += step {
			by, err := strconv.ParseFloat(numbers[i], 64)
			if err != nil {
				t.Fatal(err)
			}
			x += by
			least, most = min(least, x), max(most, x)
		}
	}
	return least, most
}
