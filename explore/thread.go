package explore

import (
	"fmt"
	"math/bits"
	"runtime/debug"
)

// A thread is a thread of the program. It is used again for the thread with the
// same number in the next execution.
type thread struct {
	coroutine
	x       *execution
	id      int
	steps   int
	pending op      // what it will do when it is chosen
	ready   blocker // whether that is possible; nil if it always is
	begun   bool    // it has reached its first operation
	ended   bool

	f     func() // its body
	where place  // of pending, in a replay

	woken bool // was signalled, on a condition variable or futex
	turn  turn
	idle  int // yields since a step that may have changed something

	parent   *thread
	child    int // of parent, from 1; 0 for the first thread
	children int
	history  history
	clock    clock // for reduction: steps that precede its next one by dependence
	sync     clock // for data races: steps that happen before
}

// A blocker says whether an operation is possible.
type blocker interface{ ready(t *thread) bool }

// A threadSet is a set of threads of an execution.
type threadSet uint64

const (
	maxThreads = 64
	all        = ^threadSet(0)
)

func only(t *thread) threadSet { return 1 << (t.id & 63) }

func (s threadSet) has(t *thread) bool { return s&only(t) != 0 }
func (s threadSet) len() int           { return bits.OnesCount64(uint64(s)) }

// first returns the lowest number in a set that is not empty.
func (s threadSet) first() int { return bits.TrailingZeros64(uint64(s)) & 63 }

// nth returns the number with n lower ones in the set.
func (s threadSet) nth(n int) int {
	if s < 1<<len(nths[0]) {
		return int(nths[s&0xff][n&7])
	}
	for ; n > 0; n-- {
		s &= s - 1
	}
	return s.first()
}

// nths has the answers of nth for sets of the first eight threads: of a random n a
// processor cannot predict how often a loop runs.
var nths = func() (table [256][8]uint8) {
	for s := range table {
		n := 0
		for id := range 8 {
			if s&(1<<id) != 0 {
				table[s][n] = uint8(id)
				n++
			}
		}
	}
	return table
}()

// abort unwinds a thread of an execution that is over.
type abort struct{}

// start makes a thread and runs it to its first operation. What it does before
// that concerns no other thread, unless there is a data race.
func (x *execution) start(f func(), parent *thread) {
	id := len(x.threads)
	if id == maxThreads {
		panic(fmt.Sprintf("explore: more than %d threads", maxThreads))
	}
	if id == len(x.pool) {
		t := &thread{x: x, id: id}
		t.create(t.life)
		x.pool = append(x.pool, t)
	}
	t := x.pool[id]
	x.threads = x.pool[:id+1]
	t.reset(f)
	if parent != nil {
		parent.children++
		t.parent, t.child = parent, parent.children
		t.history = parent.history.after(history(t.child))
		t.clock = append(t.clock, parent.clock...)
		t.sync = append(t.sync, parent.sync...)
	}
	x.live |= only(t)
	x.running = t
	t.starter().handOver(&t.coroutine)
	x.running = parent
	if x.ending && parent != nil {
		panic(abort{})
	}
}

func (t *thread) reset(f func()) {
	t.f = f
	t.pending, t.ready, t.where = op{}, nil, place{}
	t.begun, t.ended, t.woken = false, false, false
	t.steps, t.idle, t.children, t.child = 0, 0, 0, 0
	t.turn, t.history, t.parent = firstTurn, 1, nil
	t.clock, t.sync = t.clock[:0], t.sync[:0]
}

// starter is who gets control when the thread reaches its first operation.
func (t *thread) starter() *coroutine {
	if t.parent == nil {
		return &t.x.main
	}
	return &t.parent.coroutine
}

// life runs one thread after another until the exploration is over.
func (t *thread) life() {
	for !t.x.closing {
		t.handOver(t.run())
	}
	t.x.goHome(&t.coroutine)
}

// run runs the thread to its end, and returns who goes on then.
func (t *thread) run() (next *coroutine) {
	x := t.x
	returned := false
	defer func() {
		r := recover()
		if returned {
			return
		}
		if r == nil { // runtime.Goexit, as by testing.T.FailNow
			t.ended, x.exited = true, true
			t.handOver(&x.main)
			x.goHome(&t.coroutine)
			return
		}
		if _, ok := r.(abort); !ok && !x.ending {
			x.fail(Panic, fmt.Sprintf("%v\n%s", r, debug.Stack()))
		}
		next = t.end()
	}()
	t.f()
	next = t.end()
	returned = true
	return next
}

// end notes that the thread has ended, and returns who goes on.
func (t *thread) end() *coroutine {
	x := t.x
	if x.ending { // an unwound thread stays as it was, for those that look at it
		return &x.main
	}
	t.ended = true
	x.live &^= only(t)
	if !t.begun {
		return t.starter()
	}
	if next := x.choose(); next != nil {
		return &next.coroutine
	}
	return &x.main
}

// exploration returns the execution that operations are steps of, or nil if they
// happen at once.
func exploration() *execution {
	if x := current; x != nil && !x.peeking && !x.ending {
		return x
	}
	return nil
}

// do stops the calling thread before an operation until the strategy chooses it.
// It returns the thread, or nil if the operation is not part of an exploration;
// then it is to be done at once.
func do(k *kind, a, b *object, ready blocker) *thread {
	x := exploration()
	if x == nil {
		return nil
	}
	if a != nil && a.of != x.number {
		x.adopt(a)
	}
	if b != nil && b.of != x.number {
		x.adopt(b)
	}
	t := x.running
	t.pending, t.ready = op{k, a, b}, ready
	if ready != nil {
		x.waiting |= only(t)
	}
	if x.where {
		t.where = caller()
	}
	to := &x.main
	if !t.begun {
		t.begun = true
		to = t.starter()
	} else if next := x.choose(); next == t {
		return t
	} else if next != nil {
		to = &next.coroutine
	}

	// This is t.handOver(to), written out. After a switch the processor predicts
	// returns from the stack of the other goroutine, so each call that is open here
	// costs a misprediction.
	s := to.at
	t.at = s
	if s.pulled = !s.pulled; s.pulled {
		s.next()
	} else {
		s.yield(struct{}{})
	}

	if x.ending {
		panic(abort{})
	}
	return t
}
