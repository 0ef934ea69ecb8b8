package latency

import (
	"math"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

func TestTail(t *testing.T) {
	for _, c := range []struct {
		name   string
		counts map[int64]int64 // by value
		want   float64
	}{
		{"nothing", nil, math.NaN()},
		{"one value", map[int64]int64{1000: 1}, 1000},
		{"equal values", map[int64]int64{1000: 50}, 1000},
		{"the slowest tenth", map[int64]int64{1000: 90, 3000: 5, 5000: 5}, 4000},
		{"a part of a bar", map[int64]int64{1000: 80, 3000: 15, 5000: 5}, 4000},
		{"too few for a whole tenth", map[int64]int64{1000: 4, 2000: 1}, 2000},
		{"capped", map[int64]int64{1000: 95, 2000: 4, 5_000_000: 1}, (5*1000 + 4*2000 + 10_000) / 10.0},
	} {
		h := hdrhistogram.New(1, 1e10, 3)
		for v, n := range c.counts {
			if err := h.RecordValues(v, n); err != nil {
				t.Fatal(err)
			}
		}
		if got := Tail(h); !(math.Abs(got-c.want) <= 1e-3*c.want) && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// If no value falls, Tail does not fall.
func TestTailIsMonotone(t *testing.T) {
	values := []int64{900, 1000, 1000, 1100, 1200, 1300, 2000, 5000, 20_000, 100_000}
	tail := func() float64 {
		h := hdrhistogram.New(1, 1e10, 3)
		for _, v := range values {
			if err := h.RecordValue(v); err != nil {
				t.Fatal(err)
			}
		}
		return Tail(h)
	}
	before := tail()
	for i := range values {
		values[i] *= 3
		after := tail()
		if after < before {
			t.Errorf("with value %d three times as large it falls from %v to %v", i, before, after)
		}
		before = after
	}
}
