package host

import "github.com/idlebench/idlebench/impls/prim"

// An injection is the queue of tasks from outside: first in, first out, without
// a bound. The scheduler's lock guards it; only len may be called without.
type injection struct {
	ring   []Task // a power of two long
	head   uint   // index of the first task, modulo len(ring)
	closed bool

	n prim.Int32 // the number of tasks, written under the lock
}

func newInjection() injection { return injection{ring: make([]Task, 1<<10)} }

// len returns the number of tasks: exact under the lock, else a hint.
func (q *injection) len() int { return int(q.n.Load()) }

func (q *injection) push(t Task) {
	n := uint(q.len())
	if n == uint(len(q.ring)) {
		q.grow()
	}
	q.ring[(q.head+n)%uint(len(q.ring))] = t
	q.n.Store(int32(n + 1))
}

// pop takes the first task. There must be one.
func (q *injection) pop() Task {
	slot := &q.ring[q.head%uint(len(q.ring))]
	t := *slot
	*slot = nil
	q.head++
	q.n.Store(q.n.Load() - 1)
	return t
}

func (q *injection) grow() {
	ring := make([]Task, 2*len(q.ring))
	for i := range q.ring {
		ring[i] = q.ring[(q.head+uint(i))%uint(len(q.ring))]
	}
	q.ring, q.head = ring, 0
}
