// Package mine is an idle manager in a module of its own: everything under one
// mutex, and each publisher wakes a worker for its task if it can.
//
// No wake-up is lost. Each event is one critical section, so events are ordered.
// A worker looks into all queues in the section in which it gives its core back and
// joins the sleepers. A task that was published before that section is seen there.
// The notification of a task that was published later finds the sleeper and its
// core; or it finds that all cores are in use or no worker sleeps, and then a
// worker that holds a core, or is about to get one, looks before it sleeps.
package mine

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
)

// Implementation is this design under its name.
var Implementation = impls.Implementation{
	Name:  "mine",
	About: "one mutex, a wake-up for each task",
	New:   func(c impls.Config) impls.Idle { return newIdle(c) },
}

type idle struct {
	config    impls.Config
	closed    bool
	sleepers  []int         // workers that wait for a core
	available []*impls.Core // cores that no worker holds
	assigned  []*impls.Core // by worker; nil unless a core waits for it
}

func newIdle(c impls.Config) *idle {
	return &idle{
		config:    c,
		available: append([]*impls.Core(nil), c.Cores...),
		assigned:  make([]*impls.Core, c.Workers),
	}
}

func (i *idle) NotifyLocal(*impls.Core) {
	i.config.Lock.Lock()
	i.NotifyRemote()
}

func (i *idle) NotifyRemote() { i.NotifyMult(1) }

func (i *idle) NotifyMult(n int) {
	var wake []int
	for len(wake) < n && len(i.sleepers) > 0 && len(i.available) > 0 {
		wake = append(wake, i.assign())
	}
	i.config.Lock.Unlock()
	i.unpark(wake)
}

// assign gives an available core to a sleeper. There are both.
func (i *idle) assign() int {
	w, core := pop(&i.sleepers), pop(&i.available)
	if invariants.Enabled && i.assigned[w] != nil {
		panic("mine: a worker with an assigned core was among the sleepers (S3)")
	}
	core.Searching = true
	i.assigned[w] = core
	return w
}

func (i *idle) unpark(workers []int) {
	for _, w := range workers {
		i.config.Parkers[w].Unpark()
	}
}

// Search lets every worker search: it must look everywhere before it sleeps.
func (i *idle) Search(c *impls.Core) bool {
	c.Searching = true
	return true
}

func (i *idle) Found(c *impls.Core) {
	c.Searching = false
	i.NotifyLocal(c) // there may be more where the task was
}

func (i *idle) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	i.config.Lock.Lock()
	defer i.config.Lock.Unlock()
	switch {
	case i.closed:
		return c, impls.Closed
	case c == nil && len(i.available) > 0:
		return pop(&i.available), impls.Kept
	case c != nil && i.work():
		c.Searching = true
		return c, impls.Kept
	case c != nil:
		c.Searching = false
		i.available = append(i.available, c)
	}
	i.sleepers = append(i.sleepers, w)
	for {
		i.config.Lock.Unlock()
		i.config.Parkers[w].Park()
		i.config.Lock.Lock()
		c, i.assigned[w] = i.assigned[w], nil
		switch {
		case i.closed:
			return c, impls.Closed
		case c != nil:
			return c, impls.Woken
		}
	}
}

// work reports whether any queue has a task.
func (i *idle) work() bool {
	if i.config.Queues.Injected() > 0 {
		return true
	}
	for _, c := range i.config.Cores {
		if i.config.Queues.Stealable(c.Index) {
			return true
		}
	}
	return false
}

func (i *idle) Shutdown() []*impls.Core {
	i.config.Lock.Lock()
	if i.closed {
		i.config.Lock.Unlock()
		return nil
	}
	i.closed = true
	wake, cores := i.sleepers, i.available
	i.sleepers, i.available = nil, nil
	i.config.Lock.Unlock()
	i.unpark(wake)
	return cores
}

// pop takes the last element off a stack that is not empty.
func pop[T any](stack *[]T) T {
	s := *stack
	top := s[len(s)-1]
	*stack = s[:len(s)-1]
	return top
}
