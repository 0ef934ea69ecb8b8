package explore

import (
	"fmt"
	"iter"
	"runtime/debug"
)

// A coroutine runs threads, one after the other: to make one for each thread of
// each execution would take longer than many a thread does.
type coroutine struct {
	next  func() (op, bool)
	stop  func()
	yield func(op) bool

	thread *thread // that it runs, or nil
	f      func()  // what the thread does
}

// coroutine returns one that has no thread.
func (x *execution) coroutine() *coroutine {
	if last := len(x.spare) - 1; last >= 0 {
		c := x.spare[last]
		x.spare = x.spare[:last]
		return c
	}
	c := new(coroutine)
	c.next, c.stop = iter.Pull(func(yield func(op) bool) {
		c.yield = yield
		for more := true; more; more = yield(op{}) {
			c.run()
		}
	})
	return c
}

// run runs the thread to its end.
func (c *coroutine) run() {
	x := c.thread.x
	defer func() {
		r := recover()
		if _, ok := r.(abort); r != nil && !ok && !x.ending {
			x.fail(Panic, fmt.Sprintf("%v\n%s", r, debug.Stack()))
		}
		c.thread, c.f = nil, nil
	}()
	c.f()
}

// release ends the coroutines of an execution that is over.
func (x *execution) release() {
	for _, c := range x.spare {
		c.stop()
	}
}
