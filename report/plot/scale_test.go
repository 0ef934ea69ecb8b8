package plot

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

func TestNormalize(t *testing.T) {
	inf := math.Inf(1)
	for _, test := range []struct {
		name        string
		scale       plot.Normalizer
		min, max, x float64
		want        float64
	}{
		{"log, low end", Log{}, 1, 1000, 1, 0},
		{"log, a third", Log{}, 1, 1000, 10, 1.0 / 3},
		{"log, high end", Log{}, 1, 1000, 1000, 1},
		{"log, above", Log{}, 1, 10, 100, 2},
		{"log, zero", Log{}, 1, 10, 0, 0},
		{"log, negative", Log{}, 1, 10, -5, 0},
		{"log, not a number", Log{}, 1, 10, math.NaN(), 0},
		{"log, no range", Log{}, 10, 10, 10, 0},
		{"log, range of all numbers", Log{}, math.SmallestNonzeroFloat64, math.MaxFloat64, math.MaxFloat64, 1},
		{"nines, low end", Nines{}, 0, 0.999, 0, 0},
		{"nines, 90 %", Nines{}, 0, 0.999, 0.9, 1.0 / 3},
		{"nines, 99 %", Nines{}, 0, 0.999, 0.99, 2.0 / 3},
		{"nines, 99.9 %", Nines{}, 0, 0.999, 0.999, 1},
		{"nines, 50 %", Nines{}, 0, 0.9, 0.5, math.Log10(2)},
		{"nines, from 90 %", Nines{}, 0.9, 0.9999, 0.99, 1.0 / 3},
		{"nines, below", Nines{}, 0, 0.9, -1, 0},
		{"nines, not a number", Nines{}, 0, 0.9, math.NaN(), 0},
		{"nines, no range", Nines{}, 0.9, 0.9, 0.9, 0},
	} {
		if got := test.scale.Normalize(test.min, test.max, test.x); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	for _, x := range []float64{1, 2, inf} {
		if got := (Nines{}).Normalize(0, 0.999, x); !(got > 5) || math.IsInf(got, 0) {
			t.Errorf("the quantile %v stands at %v, want far to the right", x, got)
		}
	}
}

func TestFromNines(t *testing.T) {
	for _, q := range []float64{0, 0.5, 0.9, 0.999, 0.9999999} {
		if got := fromNines(nines(q)); math.Abs(got-q) > 1e-15 {
			t.Errorf("there and back: %v, want %v", got, q)
		}
	}
}

func TestRanges(t *testing.T) {
	for _, test := range []struct {
		values []float64
		lo, hi float64
	}{
		{nil, 1, 10},
		{[]float64{0, -3, math.NaN(), math.Inf(1)}, 1, 10},
		{[]float64{100}, 100 / 1.2, 120},
		{[]float64{1, 1000, 0}, math.Pow(1000, -0.03), 1000 * math.Pow(1000, 0.03)},
	} {
		if lo, hi := logRange(test.values...); math.Abs(lo/test.lo-1) > 1e-12 || math.Abs(hi/test.hi-1) > 1e-12 {
			t.Errorf("logRange(%v): %v to %v, want %v to %v", test.values, lo, hi, test.lo, test.hi)
		}
	}
	for _, values := range [][]float64{{math.MaxFloat64}, {math.SmallestNonzeroFloat64}, {math.SmallestNonzeroFloat64, math.MaxFloat64}} {
		if lo, hi := logRange(values...); !(lo > 0 && hi > lo) || math.IsInf(hi, 0) {
			t.Errorf("logRange(%v): %v to %v", values, lo, hi)
		}
	}
	if lo, hi := linearRange(5, 100, math.NaN()); lo != 0 || hi != 103 {
		t.Errorf("linearRange: %v to %v, want 0 to 103", lo, hi)
	}
	if lo, hi := linearRange(); lo != 0 || hi != 1 {
		t.Errorf("linearRange of nothing: %v to %v, want 0 to 1", lo, hi)
	}
}

// labels are the labels of ticks with a bar between them, · for a minor tick.
func labels(ticks []plot.Tick) string {
	var s []string
	for _, t := range ticks {
		if t.IsMinor() {
			continue
		}
		s = append(s, strings.ReplaceAll(t.Label, noBreakSpace, " "))
	}
	return strings.Join(s, " | ")
}

func TestTicks(t *testing.T) {
	ns, sec, none := Quantity{Unit: "ns"}, Quantity{Unit: "sec/op"}, Quantity{}
	for _, test := range []struct {
		name   string
		ticker thinner
		level  int
		lo, hi float64
		want   string
	}{
		{"1-2-5", LogTicks{ns}, 0, 150, 12000, "200 ns | 500 ns | 1 µs | 2 µs | 5 µs | 10 µs"},
		{"1-3", LogTicks{ns}, 1, 150, 12000, "300 ns | 1 µs | 3 µs | 10 µs"},
		{"decades", LogTicks{ns}, 2, 150, 12000, "1 µs | 10 µs"},
		{"every second", LogTicks{ns}, 3, 1, 1e6, "1 ns | 100 ns | 10 µs | 1 ms"},
		{"every fourth", LogTicks{ns}, 4, 1, 1e9, "1 ns | 10 µs | 100 ms"},
		{"seconds", LogTicks{sec}, 0, 0.8e-3, 2.1, "1 ms | 2 ms | 5 ms | 10 ms | 20 ms | 50 ms | 100 ms | 200 ms | 500 ms | 1 s | 2 s"},
		{"less than a decade", LogTicks{ns}, 5, 2000, 6000, "2 µs | 3 µs | 4 µs | 5 µs | 6 µs"},
		{"about one", LogTicks{none}, 0, 0.95, 1.08, "0.96 | 0.98 | 1 | 1.02 | 1.04 | 1.06 | 1.08"},
		{"no range", LogTicks{ns}, 0, 5, 5, ""},
		{"not positive", LogTicks{ns}, 0, -5, 5, ""},
		{"linear", LinearTicks{Quantity: none}, 4, 0, 52, "0 | 10 | 20 | 30 | 40 | 50"},
		{"one unit", LinearTicks{Quantity: ns}, 4, 0, 2100, "0 | 0.5 µs | 1 µs | 1.5 µs | 2 µs"},
		{"thousands", LinearTicks{Quantity: none}, 4, 0, 210_000, "0 | 50k | 100k | 150k | 200k"},
		{"negative", LinearTicks{Quantity: none}, 4, -10, 10, "−10 | −5 | 0 | 5 | 10"},
		{"whole", LinearTicks{Whole: true}, 0, 0.5, 3.5, "1 | 2 | 3"},
		{"close", LinearTicks{Quantity: none}, 5, 1000, 1000.4, "1000 | 1000.1 | 1000.2 | 1000.3 | 1000.4"},
		{"nines", NinesTicks{}, 0, 0, 0.99995, "0 % | 50 % | 90 % | 99 % | 99.9 % | 99.99 %"},
		{"fewer nines", NinesTicks{}, 1, 0, 0.999, "50 % | 90 % | 99 % | 99.9 %"},
		{"every second nine", NinesTicks{}, 3, 0, 0.99999, "99 % | 99.99 %"},
		{"shares", shareTicks{linear: true}, 0, 0, 1, "0 % | 20 % | 40 % | 60 % | 80 % | 100 %"},
		{"small shares", shareTicks{}, 0, 0.0005, 1, "0.1 % | 1 % | 10 % | 100 %"},
	} {
		if got := labels(test.ticker.thin(test.level, test.lo, test.hi)); got != test.want {
			t.Errorf("%s: %s\nwant %s", test.name, got, test.want)
		}
	}
}

// TestTicksEnd thins until no level is left, over ranges that no clock has.
func TestTicksEnd(t *testing.T) {
	const tiny, huge = math.SmallestNonzeroFloat64, math.MaxFloat64
	for _, ticker := range []thinner{LogTicks{}, LogTicks{Quantity{Unit: "ns"}}, LinearTicks{}, NinesTicks{}, shareTicks{}, shareTicks{linear: true}} {
		for _, r := range [][2]float64{{tiny, huge}, {1, 1 + 1e-15}, {0, tiny}, {huge / 2, huge}, {math.Inf(-1), math.Inf(1)}, {math.NaN(), 1}, {0, 0}} {
			axis := plot.Axis{Min: r[0], Max: r[1], Scale: Log{}}
			ticks := fit(ticker, axis, 300, false)
			if n := len(ticks); n > 400 {
				t.Errorf("%T from %v to %v: %d ticks", ticker, r[0], r[1], n)
			}
		}
	}
}

func TestFit(t *testing.T) {
	axis := plot.Axis{Min: 1, Max: 1e6, Scale: Log{}}
	ticker := LogTicks{Quantity{Unit: "ns"}}
	var before int
	for _, length := range []float64{1500, 900, 400, 150, 10} {
		ticks := fit(ticker, axis, 0, false)
		if length > 10 {
			ticks = fit(ticker, axis, vg.Length(length), false)
			if !apart(ticks, axis, length, false) {
				t.Errorf("%v pixels: labels are too close: %s", length, labels(ticks))
			}
		}
		n := strings.Count(labels(ticks), "|") + 1
		if before != 0 && n > before {
			t.Errorf("%v pixels: %d labels, more than on a longer axis", length, n)
		}
		before = n
	}
	if before != 1 {
		t.Errorf("%d labels on an axis without length, want 1", before)
	}
}
