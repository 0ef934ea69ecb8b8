package semaphore

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
)

// Park makes the worker one that does not work, and waits on the semaphore. The
// package documentation numbers the steps.
func (i *Idle) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		c, why := i.Enter(w)
		if c != nil {
			i.nodes[c.Index].worker = w
		}
		return c, why
	}
	c.Searching = false
	n := &i.nodes[c.Index]
	why := impls.Kept
	for {
		if i.takeRequest() {
			n.asked = true
			return i.Leave(c, why)
		}
		if i.Closed() || i.AnyWork() {
			return i.Leave(c, why)
		}
		if !i.stopWorking() {
			continue
		}
		n.asked = false // it has looked, and another looks for what comes now
		signal, blocked := i.wait(c.Index)
		why = impls.Woken
		if !blocked {
			continue
		}
		if !signal {
			i.resumeWorking()
		}
		n.asked = i.takeRequest()
		return i.Leave(c, why)
	}
}

// resumeWorking counts a worker that was woken and found no signal. It is awake
// nevertheless.
func (i *Idle) resumeWorking() {
	w := i.working.Add(1)
	if invariants.Enabled && int(w&^overflow) > 2*len(i.nodes) {
		panic("semaphore: more workers work than there can be (S4)")
	}
}
