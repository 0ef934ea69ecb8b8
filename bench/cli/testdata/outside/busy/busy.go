// Package busy is an idle manager that never lets a worker sleep: what latency
// costs nothing but CPU time.
package busy

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/idlebench/idlebench/impls"
)

// Implementation is this design under its name.
var Implementation = impls.Implementation{
	Name:   "busy",
	About:  "workers never sleep, they look at the queues all the time",
	New:    func(c impls.Config) impls.Idle { return &idle{config: c, free: c.Cores} },
	Parker: "none",
}

type idle struct {
	config impls.Config
	closed atomic.Bool

	mu   sync.Mutex
	free []*impls.Core // not yet taken by a worker that starts
}

func (i *idle) NotifyLocal(*impls.Core)   {}
func (i *idle) NotifyRemote()             { i.config.Lock.Unlock() }
func (i *idle) NotifyMult(int)            { i.config.Lock.Unlock() }
func (i *idle) Search(c *impls.Core) bool { c.Searching = true; return true }
func (i *idle) Found(c *impls.Core)       { c.Searching = false }

// Park polls until there is work. It keeps the core, so no other worker can have it; a
// worker without a core waits until the pool closes.
func (i *idle) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		c = i.take()
	}
	for {
		switch {
		case i.closed.Load():
			return c, impls.Closed
		case c != nil && i.work():
			c.Searching = true
			return c, impls.Kept
		}
		runtime.Gosched()
	}
}

func (i *idle) take() *impls.Core {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.free) == 0 {
		return nil
	}
	c := i.free[0]
	i.free = i.free[1:]
	return c
}

func (i *idle) work() bool {
	if i.config.Queues.Injected() > 0 {
		return true
	}
	for core := range i.config.Cores {
		if i.config.Queues.Stealable(core) {
			return true
		}
	}
	return false
}

func (i *idle) Shutdown() []*impls.Core {
	i.mu.Lock()
	defer i.mu.Unlock()
	left := i.free
	i.free = nil
	i.closed.Store(true)
	return left
}
