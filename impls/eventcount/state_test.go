package eventcount

import "testing"

// at returns a state with the given counts and top.
func at(prewaiters, signals int, top state) state {
	return state(prewaiters)*prewaiter + state(signals)*signal + top
}

const second = epoch + 1 // worker 1, asleep for the second time

func TestWaiting(t *testing.T) {
	for _, test := range []struct {
		name string
		s    state
		want bool
	}{
		{"at first", nobody, false},
		{"a prewaiter", at(1, 0, nobody), true},
		{"a prewaiter with a signal", at(1, 1, nobody), false},
		{"two prewaiters, one signal", at(2, 1, nobody), true},
		{"a sleeper", at(0, 0, second), true},
		{"a sleeper, and all prewaiters have signals", at(2, 2, second), true},
		{"the first worker", at(0, 0, 0), true},
	} {
		if got := test.s.waiting(); got != test.want {
			t.Errorf("%s: waiting is %v", test.name, got)
		}
	}
}

func TestCancelled(t *testing.T) {
	for _, test := range []struct {
		name    string
		s, want state
		chosen  bool
	}{
		{"no signal", at(1, 0, second), at(0, 0, second), false},
		// The signal may be for one that has looked already, and will not again.
		{"a signal, which may be another's", at(2, 1, nobody), at(1, 1, nobody), false},
		{"as many signals as prewaiters", at(2, 2, second), at(1, 1, second), true},
	} {
		got, chosen := test.s.cancelled()
		if got != test.want || chosen != test.chosen {
			t.Errorf("%s: %#x, %v, want %#x, %v", test.name, got, chosen, test.want, test.chosen)
		}
	}
}

func TestCommitted(t *testing.T) {
	for _, test := range []struct {
		name    string
		s, want state
		sleeps  bool
	}{
		{"no signal", at(1, 0, nobody), at(0, 0, second), true},
		{"no signal, on another", at(2, 0, 5*epoch+7), at(1, 0, second), true},
		{"a signal", at(1, 1, 5*epoch+7), at(0, 0, 5*epoch+7), false},
		{"a signal, whoever it was for", at(2, 1, nobody), at(1, 0, nobody), false},
	} {
		got, sleeps := test.s.committed(second)
		if got != test.want || sleeps != test.sleeps {
			t.Errorf("%s: %#x, %v, want %#x, %v", test.name, got, sleeps, test.want, test.sleeps)
		}
	}
}

func TestAll(t *testing.T) {
	for _, test := range []struct{ s, want state }{
		{at(0, 0, second), nobody},
		{at(3, 1, second), at(3, 3, nobody)},
		{at(limit, 0, nobody), at(limit, limit, nobody)},
	} {
		if got := test.s.all(); got != test.want || got.waiting() {
			t.Errorf("%#x: %#x, want %#x", test.s, got, test.want)
		}
	}
}

// With as many workers as there can be no field overflows into the next.
func TestLimit(t *testing.T) {
	last := ^(epoch - 1) | state(limit-1) // the last worker, in its last epoch
	s := at(limit, limit-1, last)
	if s.prewaiters() != uint64(limit) || s.signals() != uint64(limit)-1 || s.top() != limit-1 || !s.asleep() {
		t.Errorf("%d prewaiters, %d signals, top %d, asleep: %v", s.prewaiters(), s.signals(), s.top(), s.asleep())
	}
	if !s.valid(limit) || s.valid(limit-1) {
		t.Errorf("valid with %d workers: %v, with one less: %v", limit, s.valid(limit), s.valid(limit-1))
	}
	if s.popped(second) != at(limit, limit-1, second) {
		t.Errorf("popped: %#x", s.popped(second))
	}
}

func TestValid(t *testing.T) {
	for _, s := range []state{at(1, 2, nobody), at(3, 0, nobody), at(0, 0, 2)} {
		if s.valid(2) {
			t.Errorf("%#x is valid with 2 workers", s)
		}
	}
}
