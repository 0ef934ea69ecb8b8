package relay

import (
	"testing"
	"time"
)

const us = time.Microsecond

func TestBudget(t *testing.T) {
	b := newBudget()
	for range 100 {
		b.slept(time.Millisecond)
	}
	if b.time != minBudget {
		t.Errorf("after long waits it is %v, want %v", b.time, minBudget)
	}
	b.slept(b.limit + b.limit/2)
	if b.time != b.limit {
		t.Errorf("after a wait that spinning would have ended it is %v, want %v", b.time, b.limit)
	}
	b.slept(time.Millisecond)
	if want := b.limit - b.limit/8; b.time != want {
		t.Errorf("after one long wait it is %v, want %v", b.time, want)
	}
	b.paid()
	if b.time != b.limit {
		t.Errorf("after a wait that it ended it is %v, want %v", b.time, b.limit)
	}
	for _, test := range []struct{ took, limit time.Duration }{
		{0, minBudget}, {5 * us, 10 * us}, {20 * us, 40 * us}, {40 * us, maxBudget}, {time.Second, minBudget},
	} {
		for range 100 {
			b.woke(test.took)
		}
		if d := b.limit - test.limit; d < -10 || d > 10 {
			t.Errorf("wake-ups of %v: the limit is %v, want %v", test.took, b.limit, test.limit)
		}
	}
}

// What makes the next pause longer, and what makes it short again.
func TestPauses(t *testing.T) {
	const cores, now = 4, time.Hour
	for _, test := range []struct {
		name  string
		queue int
		found time.Duration // 0: never
		pause bool
	}{
		{"nothing found in a run queue", 2, 0, true},
		{"a task found, done at once", 2, now - worthwhile + 1, true},
		{"a task found, busy for a microsecond", 2, now - worthwhile, false},
		{"nothing found in the injection queue", cores, 0, false},
		{"it went nowhere", nowhere, 0, false},
		{"it went everywhere", everywhere, 0, false},
	} {
		p := newPacer()
		p.next *= 2
		p.begin(test.queue)
		p.found(test.found)
		pause, next := time.Duration(0), minPause
		if test.pause {
			pause, next = 2*minPause, 4*minPause
		}
		if got := p.pause(now, cores); got != pause || p.next != next {
			t.Errorf("%s: a pause of %v and the next of %v, want %v and %v", test.name, got, p.next, pause, next)
		}
		if got := p.pause(now, cores); got != 0 {
			t.Errorf("%s: a pause of %v without a search", test.name, got)
		}
	}
	p := newPacer()
	var longest time.Duration
	for range 10 {
		p.begin(0)
		longest = p.pause(now, cores)
	}
	if longest != maxPause {
		t.Errorf("the longest pause is %v, want %v", longest, maxPause)
	}
}
