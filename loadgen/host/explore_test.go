//go:build explore

package host

import (
	"fmt"
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// The queues, under every schedule: each task is taken exactly once, by any worker.
func TestExploreQueues(t *testing.T) {
	for _, test := range []struct {
		name     string
		strategy explore.Strategy
		program  func(b *book)
	}{
		{"owner against a thief", explore.Reduced(), func(b *book) {
			q := b.queue(2)
			explore.Go(func() { b.steal(q) })
			b.pop(q)
			b.push(q)
			b.drain(q)
		}},
		{"owner against two thieves", explore.Bounded(3), func(b *book) {
			q := b.queue(3)
			for range 2 {
				explore.Go(func() { b.steal(q) })
			}
			b.pop(q)
			b.push(q)
			b.drain(q)
		}},
		// The slots that the thief reads are those that the next push reuses.
		{"a full queue", explore.Reduced(), func(b *book) {
			q := b.queue(runQueueCap)
			explore.Go(func() { b.steal(q) })
			for range 2 {
				b.push(q)
				b.pop(q)
			}
			b.drain(q)
		}},
		{"the owner moves half of a full queue", explore.Reduced(), func(b *book) {
			q := b.queue(runQueueCap)
			explore.Go(func() { b.steal(q) })
			if first, ok := q.claimHalf(); ok {
				for i := range uint32(runQueueCap / 2) {
					b.took(q.slot(first + i).Get())
				}
			}
			b.push(q)
			b.drain(q)
		}},
		{"the injection queue", explore.Reduced(), func(b *book) {
			var lock impls.Mutex
			q := newInjection()
			add := func() {
				lock.Lock()
				q.push(b.task())
				lock.Unlock()
			}
			take := func() {
				if q.len() > 0 { // a hint
					lock.Lock()
					if q.len() > 0 {
						b.took(q.pop(nil, 0))
					}
					lock.Unlock()
				}
			}
			explore.Go(add)
			explore.Go(take)
			add()
			take()
			explore.Wait()
			for explore.Peek(take); q.n.Load() > 0; explore.Peek(take) {
			}
		}},
		// M1: who looks at the injection queue first and then at the run queue sees
		// the task that moves, or sees that it was taken.
		{"a batch moves", explore.Reduced(), func(b *book) {
			var lock impls.Mutex
			var taken prim.Bool
			inject, q := newInjection(), b.queue(0)
			explore.Peek(func() { inject.push(b.task(), b.task()) })
			explore.Go(func() {
				lock.Lock()
				b.took(inject.pop(q, 1))
				lock.Unlock()
				taken.Store(true)
				b.pop(q)
			})
			if inject.len() == 0 && q.len() == 0 && !taken.Load() {
				panic("M1: a task that moves cannot be seen")
			}
			explore.Wait()
		}},
		// Segments of two tasks: one fills up, and the next is appended.
		{"a queue without a lock", explore.Bounded(3), func(b *book) {
			q := newLockless(2)
			explore.Peek(func() { q.publish(b.task()) })
			explore.Go(func() { q.publish(b.task(), b.task()) })
			explore.Go(func() { b.take(q) })
			q.publish(b.task())
			b.take(q)
			b.takeAll(q)
		}},
		{"takers of a queue without a lock", explore.Bounded(3), func(b *book) {
			q := newLockless(1)
			explore.Go(func() { q.publish(b.task()) })
			explore.Go(func() { b.take(q) })
			explore.Go(func() { b.take(q) })
			b.take(q)
			b.takeAll(q)
		}},
		// What was published, and was not taken, is counted.
		{"a queue without a lock is not empty", explore.Bounded(3), func(b *book) {
			q := newLockless(1)
			explore.Go(func() { q.publish(b.task()) })
			explore.Go(func() { b.take(q) })
			q.publish(b.task(), b.task())
			if q.len() == 0 { // at most one of the two was taken
				panic("a published task is not counted")
			}
			b.takeAll(q)
		}},
		// A queue that is closed, quiet and empty stays empty.
		{"closing a queue without a lock", explore.Bounded(3), func(b *book) {
			q := newLockless(1)
			for range 2 {
				explore.Go(func() {
					task := b.task()
					if !q.publish(task) {
						b.took(task) // refused, which is as good
					}
				})
			}
			q.close()
			ended := q.quiet() && q.len() == 0
			explore.Wait()
			if ended && explorePeek(q.len) > 0 {
				panic("a task was published after the end")
			}
			b.takeAll(q)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := explore.Run(func() {
				b := new(book)
				test.program(b)
				b.check()
			}, test.strategy, explore.Limits{})
			t.Log(r)
			if r.Failure != nil || !r.Complete {
				t.Errorf("%v\n%v", r, r.Failure)
			}
		})
	}
}

// A book has the tasks that were published, and those that were taken.
type book struct {
	published int
	taken     [2 * runQueueCap]bool
	count     int
}

func (b *book) task() Task {
	b.published++
	return number(b.published - 1)
}

func (b *book) took(t Task) {
	n, ok := t.(number)
	if !ok || b.taken[n] {
		panic(fmt.Sprintf("task %v was taken, and is not there or was taken before", t))
	}
	b.taken[n] = true
	b.count++
}

func (b *book) check() {
	if b.count != b.published {
		panic(fmt.Sprintf("%d of %d tasks were taken", b.count, b.published))
	}
}

// queue returns a queue with n tasks, whose positions are about to wrap.
func (b *book) queue(n int) *runQueue {
	q := new(runQueue)
	explore.Peek(func() {
		const start = ^uint32(0) - 1
		q.head.Store(pack(start, start))
		q.tail.Store(start)
		for range n {
			q.push(b.task())
		}
	})
	return q
}

// push, pop and drain are the owner's.
func (b *book) push(q *runQueue) {
	if q.room() > 0 {
		q.push(b.task())
	}
}

func (b *book) pop(q *runQueue) {
	if t := q.pop(); t != nil {
		b.took(t)
	}
}

func (b *book) drain(q *runQueue) {
	explore.Wait()
	explore.Peek(func() {
		for t := q.pop(); t != nil; t = q.pop() {
			b.took(t)
		}
	})
}

// steal is a thief's.
func (b *book) steal(q *runQueue) {
	var own runQueue
	t, n := q.stealInto(&own)
	if t == nil {
		return
	}
	b.took(t)
	if own.len() != n-1 {
		panic(fmt.Sprintf("%d tasks were stolen, and %d are there", n, own.len()+1))
	}
	explore.Peek(func() {
		for t := own.pop(); t != nil; t = own.pop() {
			b.took(t)
		}
	})
}

// take takes a task from a queue without a lock, if there is one.
func (b *book) take(q *lockless) {
	if t := q.take(); t != nil {
		b.took(t)
	}
}

// takeAll takes all tasks when the other threads have ended.
func (b *book) takeAll(q *lockless) {
	explore.Wait()
	explore.Peek(func() {
		for t := q.take(); t != nil; t = q.take() {
			b.took(t)
		}
		if q.len() != 0 {
			panic(fmt.Sprintf("%d tasks are counted in an empty queue", q.len()))
		}
	})
}

// explorePeek calls f without a step of the program.
func explorePeek(f func() int) (n int) {
	explore.Peek(func() { n = f() })
	return n
}
