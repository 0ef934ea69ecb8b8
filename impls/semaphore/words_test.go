package semaphore

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// state is a tally with its fields side by side.
func state(signals, waiters, spinners, woken int) tally {
	return tally(signals)*oneSignal + tally(waiters)*oneWaiter + tally(spinners)*oneSpinner + tally(woken)*oneWoken
}

func (t tally) fields() [4]int { return [4]int{t.signals(), t.waiters(), t.spinners(), t.woken()} }

// Spinners absorb signals, and waiters are woken for those beyond, once each.
func TestRelease(t *testing.T) {
	for _, test := range []struct {
		name   string
		before tally
		n      int
		after  tally
		wake   int
	}{
		{"nothing waits", state(0, 0, 0, 0), 1, state(1, 0, 0, 0), 0},
		{"a waiter", state(0, 1, 0, 0), 1, state(1, 1, 0, 1), 1},
		{"a spinner", state(0, 0, 1, 0), 1, state(1, 0, 1, 0), 0},
		{"a spinner absorbs it", state(0, 3, 1, 0), 1, state(1, 3, 1, 0), 0},
		{"the spinner has one to absorb already", state(1, 3, 1, 0), 1, state(2, 3, 1, 1), 1},
		{"a waiter is on its way for it", state(1, 3, 0, 1), 1, state(2, 3, 0, 2), 1},
		{"one for which there is no waiter left", state(1, 1, 0, 1), 1, state(2, 1, 0, 1), 0},
		{"a waiter came for nothing", state(0, 2, 0, 1), 1, state(1, 2, 0, 1), 0},
		{"more than there are waiters", state(0, 2, 1, 0), 5, state(5, 2, 1, 2), 2},
		{"not more than are released", state(3, 9, 0, 0), 2, state(5, 9, 0, 2), 2},
		{"more than can be counted as woken", state(0, 1023, 0, 0), 1024, state(1024, 1023, 0, maxWoken), 1023},
		{"some were not counted as woken", state(300, 1000, 0, maxWoken), 1, state(301, 1000, 0, maxWoken), 1},
		{"all fields at their limits", state(1<<32-2, 1<<16-1, maxSpinners, maxWoken), 1, state(1<<32-1, 1<<16-1, maxSpinners, maxWoken), 1},
	} {
		after, wake := test.before.released(test.n)
		if after != test.after || wake != test.wake {
			t.Errorf("%s: %v, and %d are woken, want %v and %d", test.name, after.fields(), wake, test.after.fields(), test.wake)
		}
	}
}

// The steps of those that wait.
func TestSteps(t *testing.T) {
	for _, test := range []struct {
		name string
		got  tally
		want tally
	}{
		{"arrives, signal", state(1, 2, 3, 1).arrived(), state(0, 2, 3, 1)},
		{"arrives, none", state(0, 2, 3, 1).arrived(), state(0, 2, 4, 1)},
		{"arrives, too many spin", state(0, 2, maxSpinners, 1).arrived(), state(0, 3, maxSpinners, 1)},
		{"gives up, signal", state(1, 2, 3, 1).gaveUp(), state(0, 2, 2, 1)},
		{"gives up, none", state(0, 2, 3, 1).gaveUp(), state(0, 3, 2, 1)},
		{"awakes, signal", state(1, 2, 3, 1).awoke(), state(0, 1, 3, 0)},
		{"awakes, none", state(0, 2, 3, 1).awoke(), state(0, 1, 3, 0)},
		{"awakes, was not counted", state(1, 2, 3, 0).awoke(), state(0, 1, 3, 0)},
	} {
		if test.got != test.want {
			t.Errorf("%s: %v, want %v", test.name, test.got.fields(), test.want.fields())
		}
	}
}

func TestStackWord(t *testing.T) {
	for _, test := range []struct {
		name    string
		got     stack
		top     uint16
		early   uint16
		version uint32
	}{
		{"pushed", stack(0).pushed(3), 3, 0, 1},
		{"pushed twice", stack(0).pushed(3).pushed(1<<16 - 1), 1<<16 - 1, 0, 2},
		{"popped", stack(0).pushed(3).pushed(4).popped(3), 3, 0, 2},
		{"the version wraps", stack(1<<32-1)<<32 | 7, 7, 0, 1<<32 - 1},
		{"after that", (stack(1<<32-1)<<32 | 7).pushed(8), 8, 0, 0},
		{"a wake-up is left", stack(5)<<32 + oneEarly, 0, 1, 5},
		{"as many as can be", stack(5)<<32 + (1<<16-1)*oneEarly, 0, 1<<16 - 1, 5},
	} {
		if s := test.got; s.top() != test.top || s.early() != test.early || s.version() != test.version {
			t.Errorf("%s: top %d, early %d, version %d, want %d, %d, %d",
				test.name, s.top(), s.early(), s.version(), test.top, test.early, test.version)
		}
	}
}

func TestTooManyCores(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a core more than there are numbers for is no error")
		}
	}()
	New(impls.Config{Cores: make([]*impls.Core, maxCores+1)})
}
