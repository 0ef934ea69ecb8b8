package host

import "github.com/idlebench/idlebench/impls/prim"

// An injection is the queue of tasks from outside: first in, first out, unbounded. The
// scheduler's lock guards it; only len may be called without it.
//
// A batch is copied, and then counted by one store, because each store is a locked
// instruction. The order of stores is part of the contract with idle managers (M1 in
// package impls): a task that moves to a run queue is visible there before it
// ceases to be counted here.
type injection struct {
	ring   []Task // its length is a power of two
	head   uint   // index of the first task, modulo len(ring)
	closed bool

	n prim.Int32 // the number of tasks, written under the lock
}

func newInjection() injection { return injection{ring: make([]Task, 1<<10)} }

// len returns the number of tasks. Without the lock the result may already be out of
// date.
func (q *injection) len() int { return int(q.n.Load()) }

// places returns the places of n tasks from the i-th on, which may be in two
// pieces.
func (q *injection) places(i, n int) [2][]Task {
	from := int((q.head + uint(i)) & uint(len(q.ring)-1))
	if end := from + n; end > len(q.ring) {
		return [2][]Task{q.ring[from:], q.ring[:end-len(q.ring)]}
	}
	return [2][]Task{q.ring[from : from+n]}
}

// reserve makes room for n more tasks and returns how many there are.
func (q *injection) reserve(n int) (length int) {
	length = q.len()
	size := len(q.ring)
	for size < length+n {
		size *= 2
	}
	if size > len(q.ring) {
		ring := make([]Task, 0, size)
		for _, part := range q.places(0, length) {
			ring = append(ring, part...)
		}
		q.ring, q.head = ring[:size], 0
	}
	return length
}

// push appends tasks.
func (q *injection) push(tasks ...Task) {
	n := len(tasks)
	length := q.reserve(n)
	for _, part := range q.places(length, n) {
		tasks = tasks[copy(part, tasks):]
	}
	q.n.Store(int32(length + n))
}

// pushFrom appends n tasks that the owner of a run queue has claimed from a
// position on, and then one more.
func (q *injection) pushFrom(from *runQueue, position uint32, n int, last Task) {
	length := q.reserve(n + 1)
	for _, part := range q.places(length, n) {
		for i := range part {
			part[i] = from.slot(position).Get()
			position++
		}
	}
	q.places(length+n, 1)[0][0] = last
	q.n.Store(int32(length + n + 1))
}

// pop takes the first task, and moves the next n to a run queue that the caller owns.
// The queue must hold that many, and the run queue must have room for them.
func (q *injection) pop(to *runQueue, n int) Task {
	length := q.len()
	place := &q.places(0, 1)[0][0]
	first := *place
	*place = nil
	if n > 0 {
		tail := to.tail.Load()
		for _, part := range q.places(1, n) {
			for _, task := range part {
				to.slot(tail).Set(task)
				tail++
			}
			clear(part)
		}
		to.tail.Store(tail)
	}
	q.head += uint(1 + n)
	q.n.Store(int32(length - 1 - n)) // last: see M1
	return first
}
