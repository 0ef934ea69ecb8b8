package plot

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func TestQuantiles(t *testing.T) {
	d := Sample{Values: []float64{30, 10, 20, math.NaN(), 10}, Counts: []int64{1, 1, 0, 1, 2}}.sorted()
	if want := []float64{10, 30}; !slices.Equal(d.values, want) {
		t.Errorf("values %v, want %v", d.values, want)
	}
	if d.n() != 4 || d.nan != 1 {
		t.Errorf("%d values and %d that are no number, want 4 and 1", d.n(), d.nan)
	}
	for q, want := range map[float64]float64{0: 10, 0.5: 10, 0.75: 10, 0.76: 30, 1: 30} {
		if got := d.quantile(q); got != want {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}

	hundred := Sample{}
	for i := range 100 {
		hundred.Values = append(hundred.Values, float64(100-i))
	}
	d = hundred.sorted()
	for q, want := range map[float64]float64{0.01: 1, 0.5: 50, 0.9: 90, 0.99: 99, 0.999: 100} {
		if got := d.quantile(q); got != want {
			t.Errorf("quantile %v of 1 to 100 is %v, want %v", q, got, want)
		}
	}
	if got := d.deepest(); math.Abs(got-0.9) > 1e-15 {
		t.Errorf("of 100 values the deepest quantile is %v, want 0.9", got)
	}
	if got := (Sample{Values: hundred.Values[:19]}).sorted().deepest(); got != 0 {
		t.Errorf("of 19 values the deepest quantile is %v, want none", got)
	}
	many := Sample{Values: []float64{1, 2}, Counts: []int64{math.MaxInt64, math.MaxInt64}}
	if got := many.sorted().quantile(1); got != 2 {
		t.Errorf("the largest of too many to count is %v, want 2", got)
	}
}

func TestOffLog(t *testing.T) {
	d := Sample{Values: []float64{0, -1, math.Inf(1), math.Inf(-1), math.NaN(), 5, 7}, Counts: []int64{3, 2, 1, 1, 1, 1, 1}}.sorted()
	if got := d.offLog(); got != 8 {
		t.Errorf("%d values have no place on a log axis, want 8", got)
	}
	if got := d.positive(); !slices.Equal(got, []float64{5, 7}) {
		t.Errorf("positive values %v, want 5 and 7", got)
	}
	if got := (Sample{Values: []float64{0, math.Inf(1)}}).sorted().positive(); got != nil {
		t.Errorf("positive values %v, want none", got)
	}
}

func upTo(n int) Sample {
	var s Sample
	for i := range n {
		s.Values = append(s.Values, float64(i+1))
	}
	return s
}

func TestLetterValues(t *testing.T) {
	for _, test := range []struct {
		n      int
		median float64
		boxes  []LetterBox
		below  []float64
	}{
		{1, 1, nil, nil},
		{2, 1.5, nil, []float64{1}},
		{15, 8, nil, []float64{1, 2, 3, 4, 5, 6, 7}},
		// Depths: 8.5, then (8+1)/2 = 4.5.
		{16, 8.5, []LetterBox{{"F", 4.5, 12.5}}, []float64{1, 2, 3, 4}},
		// Depths: 50.5, (50+1)/2 = 25.5, (25+1)/2 = 13, (13+1)/2 = 7; of these
		// ⌊log₂(100/7.68)⌋+1 = 4.
		{100, 50.5, []LetterBox{{"F", 25.5, 75.5}, {"E", 13, 88}, {"D", 7, 94}}, []float64{1, 2, 3, 4, 5, 6}},
	} {
		got := NewLetterValues(upTo(test.n))
		if got.Median != test.median || got.N != int64(test.n) || !reflect.DeepEqual(got.Boxes, test.boxes) || !slices.Equal(got.Below, test.below) {
			t.Errorf("1 to %d: %+v\nwant median %v, boxes %v, below %v", test.n, got, test.median, test.boxes, test.below)
		}
		var mirror []float64
		for _, v := range got.Below {
			mirror = append([]float64{float64(test.n+1) - v}, mirror...)
		}
		if !slices.Equal(got.Above, mirror) {
			t.Errorf("1 to %d: above %v, want %v", test.n, got.Above, mirror)
		}
	}
	if got := NewLetterValues(Sample{Values: []float64{math.NaN()}}); !math.IsNaN(got.Median) || got.N != 0 {
		t.Errorf("of no values: %+v", got)
	}
	if got := NewLetterValues(upTo(100_000)); len(got.Boxes) != 13 || got.Boxes[12].Letter != "T" {
		t.Errorf("of 100,000 values: %d boxes to %v, want 13 to T", len(got.Boxes), got.Boxes[len(got.Boxes)-1])
	}
	// In counts, the same.
	if a, b := NewLetterValues(Sample{Values: []float64{1, 2, 3}, Counts: []int64{40, 50, 10}}), NewLetterValues(Sample{Values: slices.Concat(
		slices.Repeat([]float64{1}, 40), slices.Repeat([]float64{2}, 50), slices.Repeat([]float64{3}, 10))}); !reflect.DeepEqual(a, b) {
		t.Errorf("with counts %+v, without %+v", a, b)
	}
}

func TestParetoFront(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, test := range []struct {
		name   string
		xs, ys []float64
		want   []int
	}{
		{"none", nil, nil, nil},
		{"one", []float64{1}, []float64{1}, []int{0}},
		{"a staircase", []float64{3, 1, 2}, []float64{1, 3, 2}, []int{1, 2, 0}},
		{"one dominates", []float64{1, 2, 3}, []float64{1, 2, 3}, []int{0}},
		{"the same x", []float64{1, 1}, []float64{2, 1}, []int{1}},
		{"the same y", []float64{2, 1}, []float64{1, 1}, []int{1}},
		{"twins are both on it", []float64{1, 1, 2}, []float64{1, 1, 1}, []int{0, 1}},
		{"not a number", []float64{nan, 1, 2}, []float64{0, nan, 3}, []int{2}},
		{"infinite", []float64{inf, 1}, []float64{1, inf}, []int{1, 0}},
		{"lengths differ", []float64{1, 2}, []float64{1}, []int{0}},
	} {
		if got := ParetoFront(test.xs, test.ys); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func points(xys ...float64) []vg.Point {
	var ps []vg.Point
	for i := 0; i < len(xys); i += 2 {
		ps = append(ps, vg.Point{X: vg.Length(xys[i]), Y: vg.Length(xys[i+1])})
	}
	return ps
}

func TestDecimate(t *testing.T) {
	for _, test := range []struct {
		name     string
		in, want []vg.Point
	}{
		{"none", nil, nil},
		{"one", points(1, 1), points(1, 1)},
		{"first, least, greatest, last", points(0, 5, 0.1, 1, 0.2, 4, 0.3, 3, 0.4, 9, 0.5, 6, 1.9, 7), points(0, 5, 0.1, 1, 0.4, 9, 1.9, 7)},
		{"the greatest before the least", points(0, 5, 0.1, 9, 0.2, 1, 0.3, 4), points(0, 5, 0.1, 9, 0.2, 1, 0.3, 4)},
		{"columns of two", points(0, 0, 2, 5, 4, 0), points(0, 0, 2, 5, 4, 0)},
		{"straight", points(0, 0, 2, 1, 4, 2, 6, 3), points(0, 0, 6, 3)},
		{"there and back is not straight", points(0, 0, 0, 5, 0, 1), points(0, 0, 0, 5, 0, 1)},
		{"backwards in x", points(5, 0, 1, 1, 3, 3), points(5, 0, 1, 1, 3, 3)},
	} {
		if got := decimate(test.in, 2); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	var zigzag []vg.Point
	for i := range 100_000 {
		zigzag = append(zigzag, vg.Point{X: vg.Length(i) / 200, Y: vg.Length(i % 97)})
	}
	if got := decimate(zigzag, 2); len(got) > 4*251 {
		t.Errorf("100,000 points on 500 pixels become %d, want no more than four for every two pixels", len(got))
	}
}

func TestThin(t *testing.T) {
	var all []ordered
	for i := range 1000 {
		all = append(all, ordered{order: i, value: float64((i*37 + 5) % 1000)})
	}
	kept := thin(all, 10)
	if len(kept) != 30 || kept[0] != all[0] {
		t.Errorf("%d launches kept from %v on, want 30 from %v on", len(kept), kept[0], all[0])
	}
	if !slices.IsSortedFunc(kept, func(a, b ordered) int { return a.order - b.order }) {
		t.Error("the order of the run is lost")
	}
	byValue := func(a, b ordered) int { return int(a.value - b.value) }
	if slices.MinFunc(kept, byValue).value != 0 || slices.MaxFunc(kept, byValue).value != 999 {
		t.Error("the least or the greatest launch is lost")
	}
	if got := thin(all[:30], 10); len(got) != 30 {
		t.Errorf("of 30 launches %d are kept, want all", len(got))
	}
	same := slices.Repeat([]ordered{{value: 7}}, 100)
	if got := thin(same, 10); len(got) != 10 {
		t.Errorf("of stretches in which all are the same, %d are kept, want one of each of 10", len(got))
	}
}

func TestQuantityFormat(t *testing.T) {
	ns, us, sec, op, tasks := Quantity{Unit: "ns"}, Quantity{Unit: "µs"}, Quantity{Unit: "sec"}, Quantity{Unit: "ns/op"}, Quantity{Unit: "tasks/s"}
	for _, test := range []struct {
		q    Quantity
		v    float64
		want string
	}{
		{ns, 0, "0"},
		{ns, 1, "1 ns"},
		{ns, 999, "999 ns"},
		{ns, 999.96, "1 µs"},
		{ns, 1234, "1.23 µs"},
		{ns, 1e6, "1 ms"},
		{ns, 2.5e9, "2.5 s"},
		{ns, 3e12, "3000 s"},
		{ns, 0.25, "0.25 ns"},
		{ns, -1500, "−1.5 µs"},
		{us, 1500, "1.5 ms"},
		{sec, 0.00002, "20 µs"},
		{op, 1500, "1.5 µs"},
		{tasks, 1234, "1230"},
		{tasks, 12345, "12.3k"},
		{tasks, 2.5e6, "2.5M"},
		{ns, math.NaN(), "not a number"},
		{ns, math.Inf(1), "∞"},
		{ns, math.Inf(-1), "−∞"},
		{tasks, math.SmallestNonzeroFloat64, "5e−324"},
	} {
		if got := strings.ReplaceAll(test.q.Format(test.v), noBreakSpace, " "); got != test.want {
			t.Errorf("%v %s: %q, want %q", test.v, test.q.Unit, got, test.want)
		}
	}
	for _, test := range []struct {
		q      Quantity
		lo, hi float64
		log    bool
		want   string
	}{
		{Quantity{"latency", "ns"}, 200, 3e6, true, "latency (ns–ms, log scale)"},
		{Quantity{"latency", "ns/wake"}, 0, 300, false, "latency per wake (ns)"},
		{Quantity{"load", "wakes/s"}, 0, 300, false, "load (wakes/s)"},
		{Quantity{"ratio", ""}, 0.5, 2, true, "ratio (log scale)"},
		{Quantity{"workers", ""}, 0, 8, false, "workers"},
	} {
		if got := test.q.axis(test.lo, test.hi, test.log); got != test.want {
			t.Errorf("axis %q, want %q", got, test.want)
		}
	}
}

// TestHeatColumns: a column has the same number of stretches as any other, however
// they lie in time, so that no column is empty or twice as full by chance.
func TestHeatColumns(t *testing.T) {
	for _, n := range []int{1, 7, 60, 61, 120, 130} {
		ts := TimeSeries{Name: "x"}
		for i := range n {
			ts.Slices = append(ts.Slices, Slice{At: i, Values: []float64{1, 2, 3}})
		}
		f := HeatMap(Caption{}, "round", Quantity{Unit: "ns"}, ts)
		each := (n + mostColumns - 1) / mostColumns
		if want := (n + each - 1) / each; len(f.Table.Rows) != want || want > mostColumns {
			t.Errorf("%d stretches make %d columns, want %d", n, len(f.Table.Rows), want)
		}
		for i, row := range f.Table.Rows[:len(f.Table.Rows)-1] {
			if want := cell(float64(3 * each)); row[3] != want {
				t.Errorf("of %d stretches column %d has %s samples, want %s", n, i, row[3], want)
			}
		}
	}
	f := HeatMap(Caption{}, "round", Quantity{Unit: "ns"}, TimeSeries{Slices: []Slice{{-1, []float64{1}, nil}, {1 << 50, []float64{1}, nil}, {2, []float64{5}, nil}}})
	if f.Dropped != 2 || len(f.Table.Rows) != 1 || f.Table.Rows[0][1] != "3" {
		t.Errorf("%d values without a place, rows %v", f.Dropped, f.Table.Rows)
	}
	if svg := string(f.SVG(Wide)); !strings.Contains(svg, `|round|1,2,3,4|`) {
		t.Error("the pointer cannot be told what a cell is")
	}
}

// TestForestRange: one wide interval does not hide where the others are.
func TestForestRange(t *testing.T) {
	wide := string(Forest(Caption{}, Quantity{}, 0.02, Ratio{"a", 0.97, 0.9, 1.1, Unresolved}, Ratio{"b", 1.2, 0.001, 900, Unresolved}, Ratio{"c", 7, 5, 9, Worse}).SVG(Wide))
	if !strings.Contains(wide, ">0.5<") || !strings.Contains(wide, ">2<") || strings.Contains(wide, ">5<") || strings.Contains(wide, ">0.2<") {
		t.Error("the axis does not go from a half to twice")
	}
	if !strings.Contains(wide, ">7</text>") {
		t.Error("a ratio beyond the axis is not written")
	}
}

func TestParetoReferences(t *testing.T) {
	f := Pareto(Caption{}, Quantity{Unit: "ns"}, Quantity{Unit: "ns"},
		OperatingPoint{Name: "a", Cell: "futex", Cost: 2, Latency: 2, CostLo: 1.5, CostHi: 2.5},
		OperatingPoint{Name: "floor", Cost: 1, Latency: 1, Reference: true})
	if on := f.Table.Rows[0][8]; on != "true" {
		t.Errorf("a is on the front: %s, though only a reference is before it", on)
	}
	if on := f.Table.Rows[1][8]; on != "false" {
		t.Errorf("a reference is on the front: %s", on)
	}
	svg := strings.ReplaceAll(string(f.SVG(Wide)), noBreakSpace, " ")
	if !strings.Contains(svg, ">futex</text>") || !strings.Contains(svg, "<title>a, futex: 2 ns (1.5 ns to 2.5 ns), 2 ns</title>") {
		t.Errorf("the parker and the interval are not said: %s", svg)
	}
}

func TestReferences(t *testing.T) {
	p := NewPalette("a")
	p.References("floor", "goroutine")
	for _, name := range []string{"floor", "goroutine"} {
		if !slices.Contains(greys, p.Mark(name).Ink) {
			t.Errorf("%s is not grey", name)
		}
	}
	if p.Mark("b").Ink != series[1] {
		t.Error("references take the colours of others")
	}
	f := Spectrum(Caption{Palette: p}, Quantity{Unit: "ns"}, Sample{Name: "floor"}, Sample{Name: "b"}, Sample{Name: "a"})
	var order []string
	for _, e := range f.legend {
		order = append(order, e.name)
	}
	if !slices.Equal(order, []string{"a", "b", "floor"}) {
		t.Errorf("legend %q, want the palette's order and then references", order)
	}
}
