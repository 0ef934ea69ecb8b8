package explore

import "iter"

// A coroutine runs the threads with one number, one execution after another.
// Exactly one coroutine of an exploration runs at any time. It hands control
// directly to the next one; there is no scheduler in between, so a step costs at
// most one switch, and none if the same thread goes on.
//
// Go has coroutines only as [iter.Pull]. It makes a goroutine and a seat, in which
// one goroutine is parked; a call of next or yield swaps the caller with the one in
// the seat. The runtime does not care who calls, as long as next and yield
// alternate. So with n goroutines besides the first there are n seats, one
// goroutine runs and each of the others sits in some seat, not necessarily its own.
// To hand over is to swap in the seat of the goroutine that is to run.
type coroutine struct {
	own seat
	at  *seat // where it is parked, unless it runs
}

// A seat is the two ends of an iter.Pull.
type seat struct {
	next   func() (struct{}, bool)
	yield  func(struct{}) bool
	stop   func()
	pulled bool // the last swap was a call of next
}

// swap parks the caller in the seat and runs the goroutine that was there.
func (s *seat) swap() {
	s.pulled = !s.pulled
	if s.pulled {
		s.next()
	} else {
		s.yield(struct{}{})
	}
}

// create makes the goroutine, parked in its own seat. When it gets control for the
// first time it calls f.
func (c *coroutine) create(f func()) {
	c.own.next, c.own.stop = iter.Pull(func(yield func(struct{}) bool) {
		c.own.yield = yield
		f()
	})
	c.at = &c.own
}

// handOver parks c, the caller, and runs another coroutine. It returns when
// another hands over to c.
func (c *coroutine) handOver(to *coroutine) {
	s := to.at
	c.at = s
	s.swap()
}

// release ends the goroutines of the coroutines. Only then does each have to sit in
// its own seat: that is where iter.Pull looks for it.
func (x *execution) release() {
	x.closing = true
	for _, t := range x.pool {
		if t.at != &t.own {
			x.main.handOver(&t.coroutine) // and from there on with goHome
		}
	}
	x.stop(x.pool)
}

// goHome parks the calling coroutine in its own seat, and lets the one that was
// there do the same. Control comes back to the main coroutine at the end of the
// cycle.
func (x *execution) goHome(c *coroutine) {
	to := &x.main
	for _, t := range x.pool {
		if &t.coroutine != c && t.at == &c.own {
			to = &t.coroutine
		}
	}
	c.handOver(to)
}

// stop is a recursion so that it reaches all even if one passes on a
// runtime.Goexit, such as that of testing.T.FailNow in the program.
func (x *execution) stop(threads []*thread) {
	if len(threads) > 0 {
		defer x.stop(threads[1:])
		threads[0].own.stop()
	}
}
