package eventcount

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation is the entry of the catalogue.
var Implementation = impls.Implementation{
	Name:     "eventcount",
	About:    "sleepers announce themselves, look, and commit",
	New:      newEventcount,
	Lockless: true,
}

// An eventcount follows Eigen's: a worker announces that it is about to sleep, looks,
// and then cancels or commits. One word has the number of those that announced
// themselves (prewaiters), the number of signals given to them, and the top of
// the stack of those that committed.
//
//	publisher                             parker
//	1. the task is visible                1. prewaiters + 1
//	2. if there are fewer signals than    2. looks into all queues; work: cancels
//	   prewaiters: signals + 1            3. commits: takes a signal if there is
//	   else pops a sleeper, wakes it         one, else pushes itself and sleeps
//
// Signals never exceed prewaiters. A worker that cancels takes a signal with it only
// if otherwise they would. A worker that leaves with a signal was chosen, though it
// never slept.
//
// # Why no wake-up is lost
//
// Suppose that a publisher finds as many signals as prewaiters and the stack empty.
// Each worker that announces itself later looks later, and sees the task. Of those
// that had announced themselves as many as there are signals will not sleep, which
// is all of them: they look again. If it adds a signal, a prewaiter takes it and
// looks again, or cancels because it saw work; then it calls Found before it runs a
// task, looks once more, and relays.
type eventcount struct {
	tied.Base
	state prim.Uint64
	next  []prim.Uint32 // by worker: what is below it in the stack
}

const (
	prewaiter = 1 << 16 // 8 bits are enough for tests: fewer than 256 workers
	signal    = 1 << 24
)

func prewaiters(state uint64) uint64 { return state / prewaiter & 0xff }
func signals(state uint64) uint64    { return state / signal & 0xff }

func newEventcount(c impls.Config) impls.Idle {
	return &eventcount{Base: tied.New(c), next: make([]prim.Uint32, c.Workers)}
}

// notify gives one signal or wakes one sleeper, and reports whether it did.
func (e *eventcount) notify(look *impls.Core) bool {
	for {
		state := e.state.Load()
		top := state & tied.TopMask
		switch {
		case signals(state) < prewaiters(state):
			if e.state.CompareAndSwap(state, state+signal) {
				return true
			}
		case top != 0:
			if e.state.CompareAndSwap(state, tied.WithTop(state, uint64(e.next[top-1].Load()))) {
				e.Choose(int(top-1), look)
				return true
			}
		default:
			return false
		}
	}
}

func (e *eventcount) NotifyLocal(c *impls.Core) { e.notify(c) }
func (e *eventcount) NotifyRemote()             { e.notify(nil) }

func (e *eventcount) NotifyMult(n int) {
	for n > 0 && e.notify(nil) {
		n--
	}
}

func (e *eventcount) Found(c *impls.Core) {
	c.Searching = false
	if e.AnyWork() {
		e.notify(nil)
	}
}

func (e *eventcount) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		return e.Enter(w)
	}
	c.Searching = false
	e.state.Add(prewaiter)
	if e.Closed() || e.AnyWork() {
		return e.Leave(c, e.cancel())
	}
	if e.commit(w) {
		e.Sleep(w)
	}
	return e.Leave(c, impls.Woken)
}

// cancel withdraws a prewaiter. It was chosen if it has to take a signal along.
func (e *eventcount) cancel() impls.Reason {
	for {
		old := e.state.Load()
		state, why := old-prewaiter, impls.Kept
		if signals(old) == prewaiters(old) {
			state, why = state-signal, impls.Woken
		}
		if e.state.CompareAndSwap(old, state) {
			return why
		}
	}
}

// commit takes a signal, or makes the prewaiter a sleeper and reports that.
func (e *eventcount) commit(w int) (sleeps bool) {
	for {
		old := e.state.Load()
		state := old - prewaiter
		sleeps = signals(old) == 0
		if sleeps {
			e.next[w].Store(uint32(old & tied.TopMask))
			state = tied.WithTop(state, uint64(w+1))
		} else {
			state -= signal
		}
		if e.state.CompareAndSwap(old, state) {
			return sleeps
		}
	}
}

func (e *eventcount) Shutdown() []*impls.Core {
	return e.ShutdownBy(func() {
		for e.notify(nil) {
		}
	})
}
