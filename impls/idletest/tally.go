package idletest

import (
	"sync"

	"github.com/idlebench/idlebench/impls"
)

// A tally counts, over all hosts of a check, how often a manager missed a wake-up in
// a race that it names, and how often it could have. A race that is named excuses
// a miss only as long as misses are rare: a manager that drops every fourth
// wake-up has no race but a defect. The built-in managers miss less than one in 250,
// also where threads pause at random.
type tally struct {
	mu     sync.Mutex
	counts map[impls.Situation]*count // of the situations that a race is named for
}

const (
	allowance    = 5  // misses that are always excused
	allowedShare = 50 // and one in this many waits
)

type count struct{ waits, misses int }

func newTally(impl impls.Implementation) *tally {
	t := &tally{counts: make(map[impls.Situation]*count)}
	for _, s := range impls.Situations() {
		if len(impl.RacesIn(s)) > 0 {
			t.counts[s] = new(count)
		}
	}
	return t
}

// excuses reports whether misses are excused in a situation.
func (t *tally) excuses(s impls.Situation) bool { return t.counts[s] != nil }

// waited enters that a task waited for others in a situation. If it had to wait
// for a notification to be repeated, missed is true. It reports whether misses are
// still rare.
func (t *tally) waited(s impls.Situation, missed bool) (rare bool, c count) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.counts[s]
	n.waits++
	if missed {
		n.misses++
	}
	return n.misses <= allowance+n.waits/allowedShare, *n
}
