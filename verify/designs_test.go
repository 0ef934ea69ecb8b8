//go:build explore

package verify

import (
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
)

// The contract fits designs without a lock: those that are measured on request are
// explored as the others are, with one parker. Those without a lock are also explored in a
// host that has one, where tasks from outside wait for each other: there batches
// move from the injection queue to run queues while workers look without the lock
// (rule M1).
func TestDesigns(t *testing.T) {
	all := builtin.Others()
	for _, impl := range builtin.Others() {
		if impl.Lockless {
			all = append(all, withLock(impl))
		}
	}
	mine, of := options.share(t)
	kind := park.Kinds()[0]
	for n, impl := range all {
		batches := n >= len(builtin.Others())
		who := subject{impl, kind.Name, kind.New, kind.Spins || impl.Spins, options.strategy != "reduced", options.futex}
		t.Run(impl.Name, func(t *testing.T) {
			for i, s := range scenarios {
				if batches && !slices.Contains([]impls.Situation{impls.Outside, impls.Batch}, s.waits) {
					continue
				}
				if strings.HasPrefix(impl.Name, "bitmapfixed-") && !slices.ContainsFunc(canonical, func(d defect) bool { return d.scenario == s.name }) {
					continue // each of its steps is explored in bitmap or in bitmapfixed
				}
				if options.strategy == "bounded" && s.size == large && !options.every {
					continue // for them chance is enough
				}
				if options.fits(who, s) && (i+n)%of == mine%of {
					t.Run(s.name, func(t *testing.T) { options.play(t, who, s) })
				}
			}
		})
	}
}

// withLock returns a design without a lock as one for a host with a lock: it drops
// the lock first in each notification. So it looks at an injection queue from
// which batches move.
func withLock(i impls.Implementation) impls.Implementation {
	original := i.New
	i.Name += "-locked"
	i.Lockless = false
	i.New = func(c impls.Config) impls.Idle { return locked{original(c), c.Lock} }
	return i
}

type locked struct {
	impls.Idle
	lock *impls.Mutex
}

func (l locked) NotifyRemote() {
	l.lock.Unlock()
	l.Idle.NotifyRemote()
}

func (l locked) NotifyMult(n int) {
	l.lock.Unlock()
	l.Idle.NotifyMult(n)
}
