package simulate

import (
	"slices"
	"testing"
)

// Each CPU is in one state at any time, so the states add up to the time that passed;
// and they are those that the program brings about.
func TestStates(t *testing.T) {
	m := small(4, false)
	var total Time
	var spent [4]Spent
	var recorded []Interval
	must(t, m, 1, func() {
		var line Uint64
		var flag Bool
		begin := Now()
		before := [4]Spent{}
		for i := range before {
			before[i] = SpentBy(i)
		}
		Trace(1000)
		Go(func() { // on CPU 1
			Doing(Searching)
			Compute(20 * Microsecond)
			Doing(Running)
			Compute(10 * Microsecond)
			flag.Store(true)
		})
		Go(func() { // on CPU 2
			for range 300 {
				line.Add(1)
				Compute(Nanosecond)
			}
			Spin(-1, func() bool { return flag.Load() })
		})
		for range 3000 {
			line.Add(1)
			Compute(Nanosecond)
		}
		Sleep(200 * Microsecond)
		total = Now() - begin
		for i := range spent {
			spent[i] = SpentBy(i).Sub(before[i])
		}
		recorded = Traced()
	})
	for i, s := range spent {
		var sum Time
		for _, d := range s {
			sum += d
		}
		if diff := total - sum; diff < -Microsecond || diff > Microsecond {
			t.Errorf("CPU %d: the states %v add up to %v of %v", i, s, sum, total)
		}
	}
	about := func(what string, got, want Time) {
		t.Helper()
		if got < want*95/100 || got > want*115/100 {
			t.Errorf("%s: %v, want about %v", what, got, want)
		}
	}
	about("searching", spent[1][Searching], 20*Microsecond)
	about("running", spent[1][Running], 10*Microsecond)
	if spent[2][Spinning] < 20*Microsecond {
		t.Errorf("CPU 2 was spinning for %v", spent[2][Spinning])
	}
	if spent[2][Stalled] < 50*m.SameCache || spent[3] != (Spent{Idle: spent[3][Idle]}) {
		t.Errorf("CPU 2: %v; CPU 3: %v", spent[2], spent[3])
	}
	var sums [4]Spent
	ends := map[int]Time{}
	for _, i := range recorded {
		if i.From < ends[i.CPU] || i.To <= i.From {
			t.Errorf("%+v begins before the one before it ends", i)
		}
		ends[i.CPU] = i.To
		sums[i.CPU][i.State] += i.To - i.From
	}
	if sums[1][Searching] != spent[1][Searching] {
		t.Errorf("recorded: %v, counted: %v", sums[1], spent[1])
	}
}

// A trace is bounded, and changes nothing.
func TestTraceChangesNothing(t *testing.T) {
	run := func(n int) (Stats, []Interval) {
		var recorded []Interval
		stats := must(t, small(8, false), 3, func() {
			Trace(n)
			var line Uint64
			join(7, func(int) {
				for range 200 {
					line.Add(1)
				}
			})
			recorded = slices.Clone(Traced())
		})
		return stats, recorded
	}
	without, none := run(0)
	with, some := run(50)
	if len(none) != 0 || len(some) < 50 || len(some) > 58 || without != with {
		t.Errorf("%d and %d intervals; %+v and %+v", len(none), len(some), without, with)
	}
}
