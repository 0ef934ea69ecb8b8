package host

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/impls/prim"
)

// runQueueCap is the number of tasks that a core's run queue holds, as in Tokio
// and Go.
const runQueueCap = 256

// A runQueue is a bounded queue of tasks with one owner, the worker that holds the
// core, which pushes at the tail and pops at the head, and any number of thieves, which
// take half of it from the head.
//
// It is the queue of Tokio's schedulers (queue.rs). The head is two positions in
// one word. Between steal and real, a thief is copying tasks that it has
// claimed; while they differ no other thief may begin, and the owner may not
// reuse these slots. From real to tail are the tasks. All positions grow
// forever and wrap at 2³²; a slot is a position modulo the capacity.
//
//	claim    a thief moves real forward by a compare-and-swap, with steal left
//	         behind; now the slots in between are its own to read
//	finish   it moves steal up to real
//	pop      the owner moves real forward by one, and steal with it unless a
//	         thief is at work
//	push     the owner fills the slot at the tail, then stores the tail; it
//	         has loaded the head before, and there is room if tail - steal is
//	         less than the capacity
//
// A slot is written before the tail's store and read after a load of it, and
// reused only after a load of a head that the reader has stored. So plain slots
// are enough, as the exploration of this queue checks.
//
// A slot keeps its task until it is reused, so up to 256 finished tasks of each core
// stay reachable. Clearing the slots would cost one more write per task.
type runQueue struct {
	head prim.Uint64 // steal<<32 | real
	_    [impls.CacheLine]byte
	tail prim.Uint32 // stored by the owner only
	_    [impls.CacheLine]byte

	tasks [runQueueCap]prim.Var[Task]
}

func pack(steal, real uint32) uint64          { return uint64(steal)<<32 | uint64(real) }
func unpack(head uint64) (steal, real uint32) { return uint32(head >> 32), uint32(head) }

func (q *runQueue) slot(position uint32) *prim.Var[Task] { return &q.tasks[position%runQueueCap] }

// len returns the number of tasks that can be popped or stolen. For all but the owner
// the result may already be out of date.
func (q *runQueue) len() int {
	// The head first: the tail only grows, so the result is not negative.
	_, real := unpack(q.head.Load())
	return int(q.tail.Load() - real)
}

// room returns how many tasks can be pushed: at least that many until the owner pushes.
// Only the owner calls it.
func (q *runQueue) room() int {
	steal, _ := unpack(q.head.Load())
	return runQueueCap - int(q.tail.Load()-steal)
}

// canSteal reports whether the owner may steal into q: not while a thief still
// copies out of an empty queue, since the room would be less than half.
func (q *runQueue) canSteal() bool { return q.room() >= runQueueCap/2 }

// push appends a task; there must be room. Only the owner calls it.
func (q *runQueue) push(t Task) {
	if invariants.Enabled && q.room() == 0 {
		panic("host: a run queue overflowed")
	}
	tail := q.tail.Load()
	q.slot(tail).Set(t)
	q.tail.Store(tail + 1)
}

// pop takes the first task, or returns nil. Only the owner calls it.
func (q *runQueue) pop() Task {
	for {
		head := q.head.Load()
		steal, real := unpack(head)
		if real == q.tail.Load() {
			return nil
		}
		next := pack(steal, real+1)
		if steal == real {
			next = pack(real+1, real+1)
		}
		if q.head.CompareAndSwap(head, next) {
			return q.slot(real).Get()
		}
	}
}

// claimHalf takes the first half of a full queue, for the owner to move
// elsewhere, and returns its position. It fails if a thief was faster. Only the
// owner calls it.
func (q *runQueue) claimHalf() (first uint32, ok bool) {
	head := q.head.Load()
	steal, real := unpack(head)
	if steal != real || q.tail.Load()-real != runQueueCap {
		return 0, false
	}
	// The owner takes the slots in one step, without a thief's state in between: no
	// other thread writes them.
	return real, q.head.CompareAndSwap(head, pack(real+runQueueCap/2, real+runQueueCap/2))
}

// stealInto moves half of the tasks, rounded up, to dst, except the last of
// them, which it returns together with the number of tasks taken. The caller
// owns dst and has seen that it may steal.
func (q *runQueue) stealInto(dst *runQueue) (Task, int) {
	var n, first uint32
	for {
		head := q.head.Load()
		steal, real := unpack(head)
		if steal != real {
			return nil, 0 // another thief is at work
		}
		n = q.tail.Load() - real
		n -= n / 2
		if n == 0 {
			return nil, 0
		}
		if n > runQueueCap/2 {
			continue // the tail was read much later than the head
		}
		if q.head.CompareAndSwap(head, pack(steal, real+n)) {
			first = real
			break
		}
	}
	tail := dst.tail.Load()
	for i := range n - 1 {
		dst.slot(tail + i).Set(q.slot(first + i).Get())
	}
	last := q.slot(first + n - 1).Get()
	for {
		// The owner may have popped meanwhile, but left steal alone.
		head := q.head.Load()
		_, real := unpack(head)
		if q.head.CompareAndSwap(head, pack(real, real)) {
			break
		}
	}
	if n > 1 {
		dst.tail.Store(tail + n - 1)
	}
	return last, int(n)
}
