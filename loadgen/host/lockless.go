package host

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// A lockless is the injection queue for idle managers that keep no lock: first in,
// first out, unbounded, for any number of publishers and takers.
//
// It is a list of segments, as in the Injector of crossbeam-deque, which rayon uses:
// publishers claim places at the tail by a compare-and-swap, takers at the head. A
// taker that comes to a place whose publisher has not written it yet spends the
// place and goes on; the publisher notices and claims another. That is how
// the FAAArrayQueue of Correia and Ramalhete (2016) avoids waiting. The garbage
// collector frees segments, so none is reused and no pointer recurs (ABA).
//
//	publish  claims places          claimed + k    if they are in the segment
//	         writes each one        empty → full   else it was spent: publishes again
//	take     claims the place       taken + 1      if taken < claimed
//	         empties it             → spent        if it was not full: takes another
//	append   a full segment gets a next one, which has its publisher's tasks already;
//	         then the tail moves there, and the head once all places are taken
//
// # Visibility
//
// A task counts from the moment its place is claimed until it is taken, and its
// publisher notifies after it has been written and the tail has reached its segment.
// So len returns zero only if every task whose notification has begun was taken by
// then (see package impls). Tasks are taken one at a time, by a worker that runs
// the task at once: none moves to a run queue.
//
// # Closing
//
// The gate counts publishers inside publish, and is negative when closed. A queue is
// empty for good when it is closed, no publisher is inside, and len is zero.
type lockless struct {
	gate prim.Int32
	_    [impls.CacheLine]byte
	head prim.Pointer[segment]
	_    [impls.CacheLine]byte
	tail prim.Pointer[segment]
	_    [impls.CacheLine]byte

	size int // of each segment
}

// gateClosed is less than minus the number of publishers that can be inside.
const gateClosed = -1 << 30

// A segment has the places for some tasks.
type segment struct {
	taken   prim.Uint32 // taken ≤ claimed ≤ len(places)
	_       [impls.CacheLine]byte
	claimed prim.Uint32
	_       [impls.CacheLine]byte
	next    prim.Pointer[segment]
	number  int // in the list
	places  []place
}

// A place is written by the publisher that claimed it, then read by the taker that
// claimed it.
type place struct {
	state prim.Uint32
	task  prim.Var[Task]
}

const (
	placeEmpty = iota
	placeFull
	placeSpent
)

// newLockless returns an empty queue with segments of the given size.
func newLockless(size int) *lockless {
	q := &lockless{size: size}
	first := q.segment(0, nil)
	q.head.Store(first)
	q.tail.Store(first)
	return q
}

// segment returns a segment that begins with the given tasks.
func (q *lockless) segment(number int, tasks []Task) *segment {
	s := &segment{number: number, places: make([]place, q.size)}
	for i, t := range tasks {
		s.places[i].put(t)
	}
	s.claimed.Store(uint32(len(tasks)))
	return s
}

func (p *place) value() *prim.Var[Task] { return &p.task }

// put writes a task, unless the place was spent meanwhile.
func (p *place) put(t Task) bool {
	p.value().Set(t)
	return p.state.CompareAndSwap(placeEmpty, placeFull)
}

// len returns the number of tasks, including those that are being published. The
// loads go from the head to the tail, so a result of zero was true when the tail
// was loaded: the head and taken had not passed the tail before, and claimed can
// only have grown since.
func (q *lockless) len() int {
	head := q.head.Load()
	taken := int(head.taken.Load())
	tail := q.tail.Load()
	return (tail.number-head.number)*q.size + int(tail.claimed.Load()) - taken
}

// publish appends tasks, and reports whether the queue was open.
func (q *lockless) publish(tasks ...Task) bool {
	if q.gate.Add(1) <= 0 {
		q.gate.Add(-1)
		return false
	}
	q.append(tasks)
	q.gate.Add(-1)
	return true
}

// append appends tasks that have been accepted. The queue may be closed: a run queue
// that overflows calls append too, and its worker holds a core, so the scheduler is
// not at rest.
func (q *lockless) append(tasks []Task) {
	for len(tasks) > 0 {
		s := q.tail.Load()
		claimed := int(s.claimed.Load())
		n := min(len(tasks), q.size-claimed)
		switch {
		case n == 0:
			n = q.extend(s, tasks)
		case !s.claimed.CompareAndSwap(uint32(claimed), uint32(claimed+n)):
			n = 0
		default:
			for i, t := range tasks[:n] {
				if !s.places[claimed+i].put(t) {
					q.append([]Task{t})
				}
			}
		}
		tasks = tasks[n:]
	}
}

// appendFrom appends n tasks that the owner of a run queue has claimed from a
// position on, and then one more.
func (q *lockless) appendFrom(from *runQueue, position uint32, n int, last Task) {
	var batch [runQueueCap/2 + 1]Task
	for i := range n {
		batch[i] = from.slot(position + uint32(i)).Get()
	}
	batch[n] = last
	q.append(batch[:n+1])
}

// extend makes sure that a full segment has a next one and that the tail has moved
// there. It returns how many of the tasks the next one has because of that.
func (q *lockless) extend(s *segment, tasks []Task) (n int) {
	next := s.next.Load()
	if next == nil {
		n = min(len(tasks), q.size)
		next = q.segment(s.number+1, tasks[:n])
		if !s.next.CompareAndSwap(nil, next) {
			next, n = s.next.Load(), 0
		}
	}
	q.tail.CompareAndSwap(s, next)
	return n
}

// take takes the first task, or returns nil.
func (q *lockless) take() Task {
	for {
		s := q.head.Load()
		taken := s.taken.Load()
		if taken == s.claimed.Load() {
			next := s.next.Load()
			if int(taken) < q.size || next == nil {
				return nil
			}
			q.head.CompareAndSwap(s, next)
			continue
		}
		if !s.taken.CompareAndSwap(taken, taken+1) {
			continue
		}
		p := &s.places[taken]
		if p.state.Swap(placeSpent) == placeFull {
			t := p.value().Get()
			p.value().Set(nil)
			return t
		}
	}
}

// close refuses further tasks.
func (q *lockless) close() { q.gate.Add(gateClosed) }

// quiet reports whether no publisher is inside.
func (q *lockless) quiet() bool {
	n := q.gate.Load()
	return n == 0 || n == gateClosed
}
