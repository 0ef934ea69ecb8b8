package rendezvous

import (
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// Park lets the worker spin, if no other does, and then sleep.
func (i *Idle) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		return i.Enter(w)
	}
	searching := c.Searching
	c.Searching = false
	spun := i.enter(w)
	var start time.Duration
	if spun {
		start = prim.Now()
		switch chosen, work := i.spin(w, c, searching); {
		case chosen:
			i.seats[w].budget.learn(prim.Now() - start)
			i.ctl.Add(searcher)
			return i.Leave(c, impls.Woken)
		case work:
			i.ctl.Add(searcher)
			return i.Leave(c, impls.Kept)
		}
		searching = false
	}
	if i.lieDown(w, searching) {
		return i.Leave(c, impls.Kept)
	}
	i.Sleep(w)
	if spun {
		i.seats[w].budget.learn(prim.Now() - start)
	}
	return i.Leave(c, impls.Woken)
}

// enter puts the worker's number into the slot, if that is free.
func (i *Idle) enter(w int) bool { return i.slot.Load() == 0 && i.slot.CompareAndSwap(0, uint32(w+1)) }

// spin waits in the slot. Either the worker was chosen: then its core says where to
// look. Or it has left the slot by itself, at once if it has seen work.
func (i *Idle) spin(w int, c *impls.Core, searching bool) (chosen, work bool) {
	number := uint32(w + 1)
	var last bool // no worker searches
	if searching {
		last = i.leave()
	} else {
		last = i.quiet()
	}
	work = i.Closed() || last && i.AnyWork()
	if !work {
		prim.Spin(time.Duration(i.seats[w].budget), func() bool { return i.slot.Load() != number })
	}
	if i.slot.CompareAndSwap(number, 0) {
		return false, work
	}
	if core := i.slot.Load() &^ claimed; core != 0 {
		c.Look = i.Cores[core-1]
	}
	i.slot.Store(0) // a slot that is claimed is the spinner's
	return true, false
}

// lieDown makes the worker a sleeper. If it is the last to leave the searchers and sees
// work, it wakes a sleeper; it reports whether that was the worker itself.
func (i *Idle) lieDown(w int, searching bool) (stays bool) {
	last := i.push(w, searching)
	for i.Closed() || last && i.AnyWork() {
		popped, ok := i.pop()
		if ok && popped == w {
			return true
		}
		if ok {
			i.Choose(popped, nil)
		}
		if !ok || !i.Closed() {
			break // it was popped, or the one that was popped searches
		}
	}
	return false
}

// Shutdown closes the manager and returns the cores that no worker has taken.
func (i *Idle) Shutdown() []*impls.Core {
	return i.ShutdownBy(func() {
		for i.wake(nil) {
		}
	})
}
