// Package variant makes implementations from others, to test the measurement and
// not the design: it has to see no difference between an implementation and the
// same one again, and it has to see a delay that is known.
//
//	bitmap-again         bitmap itself, under another name
//	bitmap-late-1300ns   bitmap, with a delay of 1300 ns in each notification
//	                     from outside
//
// The delay comes before the original's NotifyRemote and NotifyMult, and so while
// the host's lock is held and after the task has become visible. A worker that is
// asleep is woken that much later; one that is awake and sees the task has to wait
// for the lock. Where one task at a time arrives from outside, as in the workload
// wake, the delay therefore adds to each latency in full. Tasks that workers
// publish, NotifyLocal, are not delayed.
//
// The publisher stays busy while it waits. The time is that of the monotonic
// clock, not a number of turns of a loop, so it is right at any frequency and on
// any CPU. It is never shorter than stated, and longer by at most one reading of
// the clock, some 50 ns, unless the thread is interrupted. In a simulation the clock is
// that of the simulated machine.
package variant

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

const (
	again = "-again"
	late  = "-late-"
)

// maxDelay is beyond what anybody would call the same design.
const maxDelay = 100 * time.Millisecond

// Again is the same implementation under the name <name>-again.
func Again(i impls.Implementation) impls.Implementation {
	i.About = i.Name + " under another name"
	i.Name += again
	return i
}

// Late is an implementation with a delay, of at least 1 ns, in each notification
// from outside. Its name is <name>-late-<delay>ns.
func Late(i impls.Implementation, delay time.Duration) impls.Implementation {
	original := i.New
	i.About = fmt.Sprintf("%s with a delay of %v in each notification from outside", i.Name, delay)
	i.Name += fmt.Sprintf("%s%dns", late, delay.Nanoseconds())
	i.New = func(c impls.Config) impls.Idle {
		d := &delayed{original(c), delay}
		if s, ok := d.Idle.(impls.Snapshotter); ok {
			return delayedSnapshotter{d, s}
		}
		return d
	}
	return i
}

// Delay returns the delay in the name of a late implementation, and the name of
// the original.
func Delay(name string) (original string, delay time.Duration, ok bool) {
	at := strings.LastIndex(name, late)
	if at < 0 {
		return "", 0, false
	}
	delay, err := time.ParseDuration(name[at+len(late):])
	if err != nil || delay < 1 || delay > maxDelay {
		return "", 0, false
	}
	return name[:at], delay, true
}

// Parse returns the variant with the given name of one of the originals.
func Parse(originals []impls.Implementation, name string) (impls.Implementation, bool) {
	find := func(original string) (impls.Implementation, bool) {
		i := slices.IndexFunc(originals, func(o impls.Implementation) bool { return o.Name == original })
		if i < 0 {
			return impls.Implementation{}, false
		}
		return originals[i], true
	}
	if original, ok := strings.CutSuffix(name, again); ok {
		i, ok := find(original)
		return Again(i), ok
	}
	if original, delay, ok := Delay(name); ok {
		i, ok := find(original)
		if ok {
			i = Late(i, delay)
			i.Name = name // as it was asked for
		}
		return i, ok
	}
	return impls.Implementation{}, false
}

// A delayed manager is another that hears of tasks from outside late.
type delayed struct {
	impls.Idle
	delay time.Duration
}

func (d *delayed) NotifyRemote() {
	d.wait()
	d.Idle.NotifyRemote()
}

func (d *delayed) NotifyMult(n int) {
	d.wait()
	d.Idle.NotifyMult(n)
}

func (d *delayed) wait() {
	for start := prim.Now(); prim.Now()-start < d.delay; {
	}
}

// A delayedSnapshotter is one that can tell which cores are available.
type delayedSnapshotter struct {
	*delayed
	impls.Snapshotter
}
