package channels

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// Implementation registers this design under its name.
var Implementation = impls.Implementation{
	Name:   "channels",
	About:  "cores and sleepers are values in channels; to sleep is to receive",
	New:    func(c impls.Config) impls.Idle { return New(c) },
	Parker: "mailbox",
	Yields: true,
	Races: []impls.Race{ // for run queues, and not on amd64; see the package documentation
		{Name: "len", In: []impls.Situation{impls.Fork, impls.ForkTwo, impls.Busy}},
	},
}

type (
	mailbox = prim.Chan[*impls.Core]
	token   = struct{}
)

// An Idle is the manager.
type Idle struct {
	available prim.Chan[*impls.Core]
	sleepers  prim.Chan[mailbox]
	searchers prim.Chan[token]
	closed    prim.Chan[token]
	mailboxes []mailbox // by worker

	lock   *impls.Mutex
	cores  int
	queues impls.Queues
}

var _ impls.Idle = (*Idle)(nil)

// New returns a manager of c's cores, all of them available.
func New(c impls.Config) *Idle {
	n := len(c.Cores)
	i := &Idle{
		available: prim.MakeChan[*impls.Core](n),
		sleepers:  prim.MakeChan[mailbox](c.Workers),
		searchers: prim.MakeChan[token](max(1, n/2)),
		closed:    prim.MakeChan[token](1),
		mailboxes: make([]mailbox, c.Workers),
		lock:      c.Lock,
		cores:     n,
		queues:    c.Queues,
	}
	for _, core := range c.Cores {
		prim.Send(i.available, core)
	}
	for w := range i.mailboxes {
		i.mailboxes[w] = prim.MakeChan[*impls.Core](1)
	}
	return i
}

// NotifyLocal wakes a worker unless another searches.
func (i *Idle) NotifyLocal(*impls.Core) {
	if prim.Len(i.searchers) == 0 {
		i.wake()
	}
}

// NotifyRemote wakes a worker. The caller holds the lock, which is not needed.
func (i *Idle) NotifyRemote() {
	i.lock.Unlock()
	i.wake()
}

// NotifyMult wakes up to n workers. The caller holds the lock, which is not needed.
func (i *Idle) NotifyMult(n int) {
	i.lock.Unlock()
	for n > 0 && i.wake() {
		n--
	}
}

// wake sends an available core to a sleeper, and reports whether there were
// both.
func (i *Idle) wake() bool {
	m, ok := prim.TryRecv(i.sleepers)
	if !ok {
		return false
	}
	core, ok := prim.TryRecv(i.available)
	if !ok {
		prim.Send(i.sleepers, m) // has room for every worker
		if closed, _ := i.look(); closed {
			i.wakeSleepers()
		}
		return false
	}
	// The worker counts as a searcher from now on, so the next publisher need
	// not wake another.
	core.Searching = prim.TrySend(i.searchers, token{})
	prim.Send(m, core)
	return true
}

// look reads under the lock whether the manager is closed and whether a task is
// in the injection queue.
func (i *Idle) look() (closed, injected bool) {
	i.lock.Lock()
	defer i.lock.Unlock()
	return prim.Len(i.closed) > 0, i.queues.Injected() > 0
}

// Search lets the worker search if a token is left.
func (i *Idle) Search(core *impls.Core) bool {
	core.Searching = prim.TrySend(i.searchers, token{})
	return core.Searching
}

// Found returns the worker's token, and wakes another if no worker searches any
// more.
func (i *Idle) Found(core *impls.Core) {
	i.stopSearching(core)
	i.NotifyLocal(core)
}

func (i *Idle) stopSearching(core *impls.Core) {
	core.Searching = false
	prim.Recv(i.searchers) // the worker's own token: does not block
}

// Park gives back the worker's core and blocks until the worker has one again.
func (i *Idle) Park(worker int, core *impls.Core) (*impls.Core, impls.Reason) {
	closed, injected := i.look()
	if core == nil && !closed {
		if core, ok := prim.TryRecv(i.available); ok {
			return core, impls.Kept
		}
	}
	if core != nil {
		if injected {
			return core, impls.Kept
		}
		if core.Searching {
			i.stopSearching(core)
		}
		if closed {
			return core, impls.Closed
		}
		prim.Send(i.available, core)
	}

	prim.Send(i.sleepers, i.mailboxes[worker])
	closed, injected = i.look()
	switch {
	case closed:
		i.wakeSleepers()
	case injected, prim.Len(i.searchers) == 0 && i.anyStealable():
		i.wake()
	}
	core = prim.Recv(i.mailboxes[worker])

	if closed, _ = i.look(); !closed {
		return core, impls.Woken
	}
	if core == nil {
		core, _ = prim.TryRecv(i.available)
	} else if core.Searching {
		i.stopSearching(core)
	}
	return core, impls.Closed
}

// anyStealable looks at each run queue once.
func (i *Idle) anyStealable() bool {
	for core := range i.cores {
		if i.queues.Stealable(core) {
			return true
		}
	}
	return false
}

// wakeSleepers takes every mailbox from the sleepers and sends nil to it. The
// manager is closed.
func (i *Idle) wakeSleepers() {
	for {
		m, ok := prim.TryRecv(i.sleepers)
		if !ok {
			return
		}
		prim.Send(m, nil)
	}
}

// Shutdown closes the manager, wakes every sleeper and returns the available
// cores.
func (i *Idle) Shutdown() []*impls.Core {
	i.lock.Lock()
	first := prim.TrySend(i.closed, token{})
	i.lock.Unlock()
	if !first {
		return nil
	}
	i.wakeSleepers()
	var cores []*impls.Core
	for {
		core, ok := prim.TryRecv(i.available)
		if !ok {
			return cores
		}
		cores = append(cores, core)
	}
}
