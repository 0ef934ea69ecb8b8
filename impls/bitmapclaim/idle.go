package bitmapclaim

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation registers this design under its name.
var Implementation = impls.Implementation{
	Name:     "bitmapclaim",
	About:    "an atomic bitmap of sleepers; one read-modify-write claims one",
	New:      func(c impls.Config) impls.Idle { return New(c) },
	Lockless: true,
}

// An Idle tracks sleepers and searching workers, and wakes sleepers.
type Idle struct {
	tied.Base
	idle  bitmap
	owner []int // by core

	_         [impls.CacheLine]byte
	searching prim.Int32
	_         [impls.CacheLine]byte
}

var (
	_ impls.Idle        = (*Idle)(nil)
	_ impls.Snapshotter = (*Idle)(nil)
)

// New returns a manager whose workers have not started.
func New(c impls.Config) *Idle {
	return &Idle{Base: tied.New(c), idle: newBitmap(len(c.Cores)), owner: make([]int, len(c.Cores))}
}

// NotifyLocal wakes a worker unless one searches.
func (i *Idle) NotifyLocal(c *impls.Core) {
	if i.searching.Load() == 0 {
		i.wake(c.Index, c)
	}
}

// NotifyRemote wakes a worker, whether one searches or not.
func (i *Idle) NotifyRemote() { i.wake(0, nil) }

// wake wakes a sleeper, if there is one, to look for work at a core, and returns the
// sleeper's core. It prefers the next one from the given number on.
func (i *Idle) wake(from int, look *impls.Core) (core int, ok bool) {
	core, ok = i.idle.claimFrom(from)
	if ok {
		i.searching.Add(1) // before it can leave the count
		i.Choose(i.owner[core], look)
	}
	return core, ok
}

// NotifyMult wakes up to n workers.
func (i *Idle) NotifyMult(n int) {
	for word := 0; word < len(i.idle) && n > 0; word++ {
		claimed := i.idle[word].claim(n)
		if claimed == 0 {
			continue
		}
		n -= claimed.len()
		i.searching.Add(int32(claimed.len()))
		for core := range claimed.all(word) {
			i.Choose(i.owner[core], nil)
		}
	}
}

// Search lets every worker search.
func (i *Idle) Search(c *impls.Core) bool {
	c.Searching = true
	i.searching.Add(1)
	return true
}

// Found ends the search of the worker with c, which has found a task. The last one
// looks for those whose publishers relied on it.
func (i *Idle) Found(c *impls.Core) {
	c.Searching = false
	if i.searching.Add(-1) == 0 && i.anyWork() {
		i.wake(c.Index, c)
	}
}

// Park blocks until the worker is claimed, or claims itself because there is work.
func (i *Idle) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		core, why := i.Enter(w)
		if core != nil {
			i.owner[core.Index] = w
		}
		return core, why
	}
	i.idle.set(c.Index)
	if c.Searching {
		c.Searching = false
		i.searching.Add(-1)
	}
	if (i.Closed() || i.anyWork()) && i.idle.clear(c.Index) {
		i.searching.Add(1)
		return i.Leave(c, impls.Kept)
	}
	i.Sleep(w)
	return i.Leave(c, impls.Woken)
}

// anyWork looks into the injection queue, and then into the run queues of the cores
// that are not idle.
func (i *Idle) anyWork() bool {
	if i.Queues.Injected() > 0 {
		return true
	}
	for word := range i.idle {
		active := ^set(i.idle[word].Load()) & i.idle.of(word, len(i.Cores))
		for core := range active.all(word) {
			if i.Queues.Stealable(core) {
				return true
			}
		}
	}
	return false
}

// Snapshot overwrites dst with the cores of sleepers, and those that no worker has
// taken yet.
func (i *Idle) Snapshot(dst *impls.Snapshot) {
	if len(dst.Words) != len(i.idle) {
		dst.Resize(len(i.Cores))
	}
	for word := range i.idle {
		dst.Words[word] = i.idle[word].Load()
	}
	for core := i.Taken(); core < len(i.Cores); core++ {
		dst.Words[core/wordBits] |= 1 << (core % wordBits)
	}
}

// Shutdown closes the manager and claims every sleeper.
func (i *Idle) Shutdown() []*impls.Core {
	return i.ShutdownBy(func() { i.NotifyMult(len(i.Cores)) })
}
