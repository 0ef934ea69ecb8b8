package plot

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
)

// everything returns a figure of each kind of the same names and values, however
// little sense they make.
func everything(name, unit string, values []float64) []*Figure {
	c := Caption{ID: name, Title: name, Palette: NewPalette()}
	q := Quantity{name, unit}
	at := func(i int) float64 {
		if len(values) == 0 {
			return 0
		}
		return values[i%len(values)]
	}
	counts := make([]int64, len(values)/2)
	for i := range counts {
		counts[i] = int64(math.Float64bits(values[i]))
	}
	samples := []Sample{{Name: name, Values: values}, {Name: name + "x", Values: values, Counts: counts}, {Name: name}}
	var slices []Slice
	var curve []Point
	var operating []OperatingPoint
	var ratios []Ratio
	var sites []CallSite
	var stacks []Stack
	var launches []Launch
	for i := range values {
		slices = append(slices, Slice{At: int(at(i)), Values: values[:i], Counts: counts}, Slice{At: i, Values: values[:i]})
		curve = append(curve, Point{at(i), at(i + 1), at(i + 2), at(i + 3), i%2 == 0})
		operating = append(operating, OperatingPoint{name, name, at(i), at(i + 1), at(i + 2), at(i + 3), at(i + 4), at(i + 5), i%4 == 3})
		ratios = append(ratios, Ratio{name, at(i), at(i + 1), at(i + 2), Verdict(name)})
		sites = append(sites, CallSite{name, name, at(i), at(i + 1)})
		stacks = append(stacks, Stack{[]Frame{{name, Origin(i)}, {name + "/" + name, HostCode}}, at(i)})
		launches = append(launches, Launch{name, at(i), i%3 == 0, i, name[:i%2*len(name)]})
	}
	series := []TimeSeries{{name, slices}, {name, nil}}
	facets := []Facet{{name, q, []Curve{{Name: name, Points: curve}}}, {"", Quantity{}, []Curve{{Name: name, Points: curve}}}}
	return []*Figure{
		Spectrum(c, q, samples...),
		ECDF(c, q, samples...),
		CCDF(c, q, samples...),
		LetterValuePlot(c, q, samples...),
		HeatMap(c, "round", q, series...),
		Matrix(c, name, q, []string{name, "", name}, [][]float64{values, values[len(values)/2:]}),
		LoadCurve(c, q, facets...),
		GapCurve(c, q, facets...),
		ScalingCurve(c, q, facets...),
		Pareto(c, q, q, operating...),
		Forest(c, q, at(0), ratios...),
		Multiples(c, q, []string{name, name}, Multiple{name, name, ratios}, Multiple{"", "", nil}),
		Contention(c, q, q, sites...),
		Icicle(c, q, stacks...),
		DiffIcicle(c, q, name, name, stacks, stacks[:len(stacks)/2]),
		StackedBars(c, q, []string{name, name}, StackedBar{name, values}, StackedBar{name, nil}),
		Launches(c, q, launches...),
	}
}

// nonsense is what no coordinate may be.
var (
	nonsense = regexp.MustCompile(`[="\s](NaN|[+-]?Inf)`)
	tags     = regexp.MustCompile(`<(svg|path|text|image)[^>]*>`)
)

func check(t *testing.T, f *Figure, widths ...int) {
	t.Helper()
	for _, width := range widths {
		doc := f.SVG(width)
		if err := wellFormed(doc); err != nil {
			t.Fatalf("%q at %d: %v\n%s", f.Title, width, err, doc)
		}
		for _, tag := range tags.FindAll(doc, -1) {
			if nonsense.Match(tag) {
				t.Fatalf("%q at %d: %s", f.Title, width, tag)
			}
		}
	}
	for i, row := range f.Table.Rows {
		if len(row) != len(f.Table.Header) {
			t.Fatalf("row %d of the table has %d cells, its header %d", i, len(row), len(f.Table.Header))
		}
	}
}

var hostile = []string{
	"", "idle", `</svg><script>alert("1")</script>`, `a" onload='x'`, "&amp;<![CDATA[", "\u202Egnp.exe", "\u05d0\u05d1\u05d2",
	"\x00\xff\uFFFE\U0010FFFF", strings.Repeat("long ", 2000), strings.Repeat("x", 10_000), strings.Repeat("a\u0301\u0302\u0303", 50), "世界\n\r\u2028", "🏁👨‍👩‍👧",
}

var extreme = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), -1, math.SmallestNonzeroFloat64, math.MaxFloat64, -math.MaxFloat64, 1, 1, 1e-300, 1e300, 5e-324}

func TestHostile(t *testing.T) {
	for _, name := range hostile {
		for _, f := range everything(name, "ns", []float64{1, 20, 300, 0, math.NaN()}) {
			check(t, f, Wide, Narrow)
			if doc := f.SVG(Wide); bytes.Contains(doc, []byte("<script")) || bytes.Contains(doc, []byte("\u202E")) {
				t.Errorf("%q is in the figure as it was", name)
			}
		}
	}
	for _, unit := range []string{"ns", "", "<b>/\u202E", "sec/op"} {
		for _, values := range [][]float64{nil, extreme, {1}, {math.MaxFloat64, math.MaxFloat64}, {math.NaN()}, {-5, -6}, {5e-324}} {
			for _, f := range everything("x", unit, values) {
				check(t, f, Narrow)
			}
		}
	}
}

func TestNoInput(t *testing.T) {
	var c Caption
	var q Quantity
	for i, f := range []*Figure{
		Spectrum(c, q), ECDF(c, q), CCDF(c, q), LetterValuePlot(c, q), HeatMap(c, "round", q), LoadCurve(c, q), GapCurve(c, q), ScalingCurve(c, q),
		Pareto(c, q, q), Forest(c, q, 0), Contention(c, q, q), Icicle(c, q), DiffIcicle(c, q, "", "", nil, nil), StackedBars(c, q, nil), Launches(c, q), OriginBars(c, q, []Origin{HostCode, -1}), Multiples(c, q, nil), Multiples(c, q, nil, Multiple{}),
	} {
		check(t, f, Wide, Narrow, -1, 1<<30)
		if svg := f.SVG(Wide); !bytes.Contains(svg, []byte("no data")) && i != 9 {
			t.Errorf("figure %d does not say that it has no data: %s", i, svg)
		}
	}
}

func TestDropped(t *testing.T) {
	values := []float64{0, -1, math.NaN(), math.Inf(1), 100, 200}
	c, q := Caption{ID: "x"}, Quantity{"latency", "ns"}
	var launches []Launch
	var curve []Point
	for _, v := range values {
		launches = append(launches, Launch{Value: v})
		curve = append(curve, Point{X: 1, Y: v})
	}
	for i, f := range []*Figure{
		Spectrum(c, q, Sample{Values: values}), ECDF(c, q, Sample{Values: values}), CCDF(c, q, Sample{Values: values}),
		LetterValuePlot(c, q, Sample{Values: values}), HeatMap(c, "round", q, TimeSeries{Slices: []Slice{{0, values, nil}}}),
		Launches(c, q, launches...), LoadCurve(c, q, Facet{Y: q, Curves: []Curve{{Points: curve}}}),
	} {
		if f.Dropped != 4 {
			t.Errorf("figure %d: %d values dropped, want 4", i, f.Dropped)
		}
		if !bytes.Contains(f.SVG(Wide), []byte("4 values are not shown")) {
			t.Errorf("figure %d does not say what it does not show", i)
		}
	}
}

// TestDocument reads a figure as a file of its own.
func TestDocument(t *testing.T) {
	for _, f := range everything("<x>", "ns", []float64{1, 2, 3}) {
		if err := wellFormed(f.Document(Wide)); err != nil {
			t.Errorf("%s: %v", f.Desc, err)
		}
	}
}

// TestSize draws as much as a report has, in more series than a palette has
// colours.
func TestSize(t *testing.T) {
	const most = 60_000
	for _, f := range large(100_000) {
		for _, width := range []int{Wide, Narrow} {
			if n := len(f.SVG(width)); n > most {
				t.Errorf("%s is %d bytes at %d pixels, more than %d", f.ID, n, width, most)
			}
		}
	}
}

// large returns the figures that reduce data, of n values in eight series.
func large(n int) []*Figure {
	q := Quantity{"latency", "ns"}
	var samples []Sample
	var series []TimeSeries
	var launches []Launch
	var stacks []Stack
	var sites []CallSite
	state := uint64(1)
	next := func() float64 { // like latencies, and the same every time
		state = state*6364136223846793005 + 1442695040888963407
		u := float64(state>>11) / (1 << 53)
		return 1000 * math.Pow(1-u, -0.7)
	}
	for s := range 8 {
		name := fmt.Sprint("implementation ", s)
		values := make([]float64, n/8)
		for i := range values {
			values[i] = math.Round(next() * float64(s+1))
			launches = append(launches, Launch{Name: fmt.Sprint("implementation ", i%8), Value: values[i], Invalid: i%9 == 0})
			stacks = append(stacks, Stack{[]Frame{{"main.main", 0}, {fmt.Sprint("a/b.f", i%50), 1}, {fmt.Sprint("a/b.g", i%700), 2}}, values[i]})
			sites = append(sites, CallSite{name, fmt.Sprint("file.go:", i%100), values[i], 1})
		}
		samples = append(samples, Sample{Name: name, Values: values})
		if s < 2 {
			ts := TimeSeries{Name: name}
			for i := range 300 {
				ts.Slices = append(ts.Slices, Slice{i, values[i*len(values)/300 : (i+1)*len(values)/300], nil})
			}
			series = append(series, ts)
		}
	}
	id := func(s string) Caption { return Caption{ID: s, Title: s} }
	return []*Figure{
		Spectrum(id("spectrum"), q, samples...), ECDF(id("ecdf"), q, samples...), CCDF(id("ccdf"), q, samples...),
		LetterValuePlot(id("letters"), q, samples...), HeatMap(id("heat"), "round", q, series...), Launches(id("launches"), q, launches...),
		Icicle(id("icicle"), q, stacks...), DiffIcicle(id("diff"), q, "a", "b", stacks, stacks[:n/3]), Contention(id("contention"), q, q, sites...),
	}
}

func BenchmarkFigures(b *testing.B) {
	const n = 100_000
	for b.Loop() {
		size := 0
		for _, f := range large(n) {
			size += len(f.SVG(Wide)) + len(f.SVG(Narrow))
		}
		b.ReportMetric(float64(size), "bytes/op")
	}
}

func BenchmarkSpectrum(b *testing.B) {
	values := make([]float64, 100_000)
	for i := range values {
		values[i] = 1000 + float64(i*7919%100_003)
	}
	for b.Loop() {
		Spectrum(Caption{ID: "x"}, Quantity{"latency", "ns"}, Sample{Name: "idle", Values: values}).SVG(Wide)
	}
}

func FuzzFigures(f *testing.F) {
	for _, name := range hostile {
		f.Add(name[:min(len(name), 300)], "ns", uint16(Wide), []byte("12345678abcdefgh"))
	}
	var b []byte
	for _, v := range extreme {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	f.Add("x", "", uint16(Narrow), b)
	f.Fuzz(func(t *testing.T, name, unit string, width uint16, data []byte) {
		var values []float64
		for ; len(data) >= 8 && len(values) < 24; data = data[8:] {
			values = append(values, math.Float64frombits(binary.LittleEndian.Uint64(data)))
		}
		for _, fig := range everything(name, unit, values) {
			check(t, fig, int(width))
		}
	})
}
