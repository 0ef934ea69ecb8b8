//go:build explore

package verify

import (
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/prim"
)

// noWork is a host without tasks.
type noWork struct{}

func (noWork) Injected() int      { return 0 }
func (noWork) Stealable(int) bool { return false }

// newBitmap returns the canonical manager, with a worker for each core, and its
// lock.
func newBitmap(cores int) (*bitmap.Idle, *impls.Mutex) {
	c := impls.Config{Workers: cores, Lock: new(impls.Mutex), Queues: noWork{}}
	for i := range cores {
		c.Cores = append(c.Cores, &impls.Core{Index: i})
		c.Parkers = append(c.Parkers, park.NewChan())
	}
	return bitmap.New(c), c.Lock
}

// idleCores counts the cores that are idle in a snapshot.
func idleCores(i *bitmap.Idle, cores int) int {
	var s impls.Snapshot
	i.Snapshot(&s)
	n := 0
	for core := range cores {
		if s.IsIdle(core) {
			n++
		}
	}
	return n
}

// Park drops the lock between the release of the core and the wait, also for a
// worker that was not searching, as the original does. So a notification can find
// the core idle and the worker not yet asleep; then the worker reads the note and
// stays. Some schedule must show this.
func TestParkIsTwoSections(t *testing.T) {
	asleep, between := 0, 0
	r := explore.Run(func() {
		i, lock := newBitmap(1)
		started := prim.MakeChan[struct{}](1)
		var reason impls.Reason
		prim.Go(func() {
			core, _ := i.Park(0, nil)
			prim.Send(started, struct{}{})
			_, reason = i.Park(0, core)
		})
		prim.Recv(started)
		lock.Lock()
		idle := idleCores(i, 1) == 1
		i.NotifyRemote()
		explore.Wait()
		switch {
		case idle && reason == impls.Woken:
			asleep++
		case idle && reason == impls.Kept:
			between++
		}
	}, explore.Bounded(2), explore.Limits{})
	if r.Failure != nil || !r.Complete {
		t.Fatal(r)
	}
	if asleep == 0 || between == 0 {
		t.Errorf("with its core idle, the worker slept in %d of %d executions and was on its way there in %d; want some of both",
			asleep, r.Executions, between)
	}
}

// Shutdown takes each core that is left in a critical section of its own, as the
// original does: others may have the lock in between.
func TestShutdownTakesCoresOneByOne(t *testing.T) {
	left := make(map[int]int) // executions by the number of cores still idle
	r := explore.Run(func() {
		i, lock := newBitmap(2)
		prim.Go(func() { i.Shutdown() })
		lock.Lock()
		left[idleCores(i, 2)]++
		lock.Unlock()
	}, explore.Bounded(2), explore.Limits{})
	if r.Failure != nil || !r.Complete {
		t.Fatal(r)
	}
	for cores := range 3 {
		if left[cores] == 0 {
			t.Errorf("%d cores were never idle while another had the lock: %v", cores, left)
		}
	}
}
