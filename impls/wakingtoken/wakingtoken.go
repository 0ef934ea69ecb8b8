package wakingtoken

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation is the entry of the catalogue.
var Implementation = impls.Implementation{
	Name:     "wakingtoken",
	About:    "one worker wakes at a time and passes the token on",
	New:      newWakingToken,
	Lockless: true,
}

// A wakingToken follows zap and ThrottledLifoSem: at most one worker is waking at a
// time. It has the token until it finds a task or goes back to sleep. A publisher
// that comes while the token is out leaves a note instead of waking another. So
// the ramp is serial (L6): each worker that finds a task wakes the next. One word
// has the token, the note and the top of the stack of sleepers.
//
//	publisher                                 parker
//	1. the task is visible                    1. if there is a note: takes it, and
//	2. if there is a note: done                  looks again
//	   if the token is in and there is a      2. looks into all queues; work: leaves
//	   sleeper: pops it, which takes the      3. if there is still no note: pushes
//	   token; wakes it                           itself, and puts the token back if
//	   else leaves the note                      it has it, in one step; sleeps
//
// A worker that finds a task and has the token passes it on: if there is a note, or
// any work is left, it pops the next sleeper, which gets the token, and clears the
// note. Otherwise it puts the token back. If it has no token and work is left, it
// does what a publisher does.
//
// # Why no wake-up is lost
//
// All decisions are steps on one word. If there is a note and a sleeper, the token is
// out: a note is left only if the token is out or no worker sleeps; no worker
// falls asleep past a note; and none puts the token back, while there is a sleeper,
// past a note. So after each notification some worker takes the note or the token, and
// later either looks into all queues before it sleeps, or finds a task and looks
// in Found. That look is after the task was visible. It misses only what a thief
// is copying, who looks in its own Found.
type wakingToken struct {
	tied.Base
	state prim.Uint64
	next  []prim.Uint32 // by worker: what is below it in the stack
	token []bool        // by core: its holder has the token
}

const (
	waking = 1 << 16 // the token is out
	note   = 1 << 17
)

func newWakingToken(c impls.Config) impls.Idle {
	return &wakingToken{
		Base:  tied.New(c),
		next:  make([]prim.Uint32, c.Workers),
		token: make([]bool, len(c.Cores)),
	}
}

// popped returns the state without the top sleeper, whose number is w.
func (t *wakingToken) popped(state uint64) (rest uint64, w int) {
	w = int(state&tied.TopMask) - 1
	return tied.WithTop(state, uint64(t.next[w].Load())), w
}

func (t *wakingToken) notify(look *impls.Core) {
	for {
		state := t.state.Load()
		switch {
		case state&note != 0:
			return
		case state&waking == 0 && state&tied.TopMask != 0:
			rest, w := t.popped(state)
			if t.state.CompareAndSwap(state, rest|waking) {
				t.Choose(w, look)
				return
			}
		case t.state.CompareAndSwap(state, state|note):
			return
		}
	}
}

func (t *wakingToken) NotifyLocal(c *impls.Core) { t.notify(c) }
func (t *wakingToken) NotifyRemote()             { t.notify(nil) }
func (t *wakingToken) NotifyMult(int)            { t.notify(nil) } // the chain wakes the others

func (t *wakingToken) Found(c *impls.Core) {
	c.Searching = false
	more := t.AnyWork()
	if t.token[c.Index] {
		t.token[c.Index] = false
		t.pass(more)
	} else if more {
		t.notify(nil)
	}
}

// pass gives the token to the next sleeper if there may be work for it.
func (t *wakingToken) pass(more bool) {
	for {
		state := t.state.Load()
		if state&tied.TopMask != 0 && (more || state&note != 0) {
			rest, w := t.popped(state)
			if t.state.CompareAndSwap(state, rest&^note) {
				t.Choose(w, nil)
				return
			}
		} else if t.state.CompareAndSwap(state, state&^waking) {
			return
		}
	}
}

func (t *wakingToken) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil {
		return t.Enter(w)
	}
	c.Searching = false
	for {
		state := t.state.Load()
		if state&note != 0 {
			t.state.CompareAndSwap(state, state&^note)
			return t.Leave(c, impls.Kept)
		}
		if t.Closed() || t.AnyWork() {
			return t.Leave(c, impls.Kept)
		}
		asleep := tied.WithTop(state, uint64(w+1))
		if t.token[c.Index] {
			asleep &^= waking
		}
		t.next[w].Store(uint32(state & tied.TopMask))
		if t.state.CompareAndSwap(state, asleep) {
			break
		}
	}
	if t.Closed() {
		t.wakeAll()
	}
	t.Sleep(w)
	t.token[c.Index] = true
	return t.Leave(c, impls.Woken)
}

func (t *wakingToken) wakeAll() {
	for state := t.state.Load(); state&tied.TopMask != 0; state = t.state.Load() {
		if rest, w := t.popped(state); t.state.CompareAndSwap(state, rest) {
			t.Choose(w, nil)
		}
	}
}

func (t *wakingToken) Shutdown() []*impls.Core { return t.ShutdownBy(t.wakeAll) }
