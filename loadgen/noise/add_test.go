package noise

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// The report of two measurements has the sums of both. An error of a tick that one makes
// too little and the other too much cancels out.
func TestAdd(t *testing.T) {
	const ms = time.Millisecond
	first := Report{
		Time: 32 * ms, CPUs: 2, Workers: Disturbance{1, 2}, Generator: Disturbance{-1, -1}, Migrations: 1, Counted: true,
		Changed: 1, Threads: 9, Offline: cpu.SetOf(1), Steal: 10 * ms, Others: 0, balance: -7 * ms,
		Throttled: 1, ThrottledFor: 3, ClockStep: -5, ClockError: 1, ClockSource: [2]string{"tsc", "tsc"},
	}
	second := Report{
		Time: 40 * ms, CPUs: 2, Workers: Disturbance{10, 20}, Generator: Disturbance{5, 6}, Migrations: 2, Counted: false,
		Changed: 0, Threads: 8, Offline: cpu.SetOf(0, 1), Steal: 20 * ms, Others: 9 * ms, balance: 9 * ms,
		Throttled: -1, ThrottledFor: -1, ClockStep: 7, ClockError: 2, ClockSource: [2]string{"tsc", "hpet"}, ThrottlingAllowed: true,
	}
	want := Report{
		Time: 72 * ms, CPUs: 2, Workers: Disturbance{11, 22}, Generator: Disturbance{-1, -1}, Migrations: 3, Counted: false,
		Changed: 1, Threads: 8, Offline: cpu.SetOf(0, 1), Steal: 30 * ms, Others: 2 * ms, balance: 2 * ms,
		Throttled: -1, ThrottledFor: -1, ClockStep: 2, ClockError: 3, ClockSource: [2]string{"tsc", "hpet"}, ThrottlingAllowed: true,
	}
	if diff := cmp.Diff(want, first.Add(second), cmp.AllowUnexported(Report{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	second.Others = -1
	if got := first.Add(second).Others; got != -1 {
		t.Errorf("others: %v of an unknown time", got)
	}
}
