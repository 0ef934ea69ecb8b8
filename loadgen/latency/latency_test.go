package latency

import (
	"math"
	"testing"
	"time"
)

func TestRecordAndMerge(t *testing.T) {
	a, b := NewRecorder(), NewRecorder()
	for _, ns := range []int64{math.MinInt64, -1, 0, 1, 1000} {
		a.Record(ns)
	}
	for _, ns := range []int64{1_000_000, MaxValue, MaxValue + 1, math.MaxInt64} {
		b.Record(ns)
	}
	sum, clipped := Merge([]*Recorder{a, b})
	if clipped != 2 {
		t.Errorf("clipped %d, want 2", clipped)
	}
	if n := sum.TotalCount(); n != 9 {
		t.Errorf("counted %d durations, want 9", n)
	}
	if got := sum.Min(); got != 1 {
		t.Errorf("the shortest is %d, want 1", got)
	}
	for _, test := range []struct {
		quantile float64
		want     int64
	}{{40, 1}, {50, 1000}, {67, 1_000_000}, {100, MaxValue}} {
		got := sum.ValueAtQuantile(test.quantile)
		if relative := math.Abs(float64(got-test.want)) / float64(test.want); relative > 1e-3 {
			t.Errorf("quantile %v %%: got %d, want %d within 0.1 %%", test.quantile, got, test.want)
		}
	}
	a.Reset()
	b.Reset()
	if sum, clipped := Merge([]*Recorder{a, b}); sum.TotalCount() != 0 || clipped != 0 {
		t.Errorf("after Reset: %d durations, %d clipped", sum.TotalCount(), clipped)
	}
}

func TestNowGrows(t *testing.T) {
	last := Now()
	for range 1000 {
		now := Now()
		if now < last {
			t.Fatalf("%d after %d", now, last)
		}
		last = now
	}
	if last > int64(time.Hour) {
		t.Errorf("%v since the process started", time.Duration(last))
	}
}

func TestRecordAllocatesNothing(t *testing.T) {
	r := NewRecorder()
	if n := testing.AllocsPerRun(100, func() { r.Since(Now()) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// A latency sample costs two readings of the clock, one of which the task needs anyway,
// and the count.
func BenchmarkSince(b *testing.B) {
	r := NewRecorder()
	start := Now()
	b.ReportAllocs()
	for b.Loop() {
		r.Since(start)
	}
}

func BenchmarkNow(b *testing.B) {
	for b.Loop() {
		Now()
	}
}

// What is added counts, and stays as it is when its recorder is reset.
func TestAdd(t *testing.T) {
	a, b := NewRecorder(), NewRecorder()
	a.Record(10)
	b.Record(20)
	b.Record(MaxValue + 1)
	a.Add(b)
	b.Reset()
	all, clipped := a.Counts()
	if all.TotalCount() != 3 || all.Min() != 10 || all.ValueAtQuantile(50) != 20 || clipped != 1 {
		t.Errorf("%d counts from %d, %d clipped", all.TotalCount(), all.Min(), clipped)
	}
}
