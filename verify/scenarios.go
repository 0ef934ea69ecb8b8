//go:build explore || simulate

package verify

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// A subject is an implementation with a way to sleep.
type subject struct {
	impls.Implementation
	parker    string              // its name
	newParker func() impls.Parker // nil if the implementation prescribes its own
	spins     bool

	invariants bool // check them between steps, which reduction cannot
	futex      bool // the lock is a futex mutex instead of Go's
}

// A scenario is a program to explore.
type scenario struct {
	name string
	size size
	play func(s subject)

	// waits is the situation in which tasks wait for each other, so that lost
	// parallelism is a deadlock; empty if they do not. The deadlocks that managers
	// are known for are in the list known.
	waits impls.Situation

	// wakes says that workers wake for no reason, which does not apply to a manager
	// that sleeps in its own way.
	wakes bool
}

// A size says which strategies are for a scenario.
type size int

const (
	tiny   size = iota // few enough schedules to explore all of them
	small              // a bound of 2 takes seconds, of 3 minutes
	medium             // three workers, or as many schedules: a bound that is lower by one
	large              // three and four workers: a bound that is lower by two
)

// What is explored, and where:
//
//	submit from outside against parking    submit…, two_producers, shutdown_against_submit…
//	local push against the last searcher   spawn, steal_against_park, fork…
//	two notifiers against one sleeper      two_notifiers_one_sleeper
//	notify many                            batch…
//	fewer cores than workers               fewer_cores_than_workers, fork_fewer_cores, shutdown_fewer_cores
//	steal against park                     steal_against_park, fork_two
//	a thief hides what it steals           fork_two_stolen_together
//	races about who needs to search        two_wait_…, fork_when_busy, fork_against_submit
//	shutdown against park                  shutdown, shutdown_two_workers, shutdown_fewer_cores
//	shutdown against notify                shutdown_against_…
//	shutdown against another shutdown      two_shutdowns…, shutdown_in_the_midst
//	wake-ups for no reason                 …spurious, …woken
//	a task waits for one it has spawned    fork…
//	one note for two tasks                 fork_against_a_task_that_stays
//	and for the next one after that        fork_one_after_the_other, fork_three_woken
//
// fork_two is in there twice: its three cores also wake for no reason.
var scenarios = []scenario{
	// Tasks from outside against workers that park.
	{name: "submit", size: tiny, play: func(s subject) {
		h := newHost(s, 1, 1)
		h.submit(h.task(h.tell))
		h.await(1)
		h.close()
	}},
	{name: "submit_two_workers", size: small, play: func(s subject) {
		h := newHost(s, 2, 2)
		h.submit(h.task(h.tell))
		h.await(1)
		h.close()
	}},
	{name: "two_notifiers_one_sleeper", size: small, play: func(s subject) {
		h := newHost(s, 1, 1)
		a, b := h.task(h.tell), h.task(h.tell)
		prim.Go(func() { h.submit(a) })
		h.submit(b)
		h.await(2)
		h.close()
	}},
	{name: "two_producers", size: small, play: func(s subject) {
		h := newHost(s, 2, 2)
		a, b := h.task(h.tell), h.task(h.tell)
		prim.Go(func() { h.submit(a) })
		h.submit(b)
		h.await(2)
		h.close()
	}},
	{name: "fewer_cores_than_workers", size: small, play: func(s subject) {
		h := newHost(s, 1, 2)
		a, b := h.task(h.tell), h.task(h.tell)
		prim.Go(func() { h.submit(a) })
		h.submit(b)
		h.await(2)
		h.close()
	}},
	{name: "spurious", size: small, wakes: true, play: func(s subject) {
		h := newSpurious(s, 1, 2, 1)
		h.submit(h.task(h.tell))
		h.await(1)
		h.close()
	}},

	// Tasks that wait for each other: lost parallelism is a deadlock.
	{name: "two_wait_for_each_other", size: small, waits: impls.Outside, play: func(s subject) {
		h := newHost(s, 2, 2)
		a, b := h.meeting()
		h.submit(a)
		h.submit(b)
		h.await(2)
		h.close()
	}},
	{name: "two_wait_and_are_taken_one_by_one", size: small, waits: impls.Outside, play: func(s subject) {
		h := newHost(s, 2, 2)
		h.stingy = true
		a, b := h.meeting()
		h.submit(a)
		h.submit(b)
		h.await(2)
		h.close()
	}},
	{name: "two_producers_wait_for_each_other", size: small, waits: impls.Outside, play: func(s subject) {
		h := newHost(s, 2, 2)
		a, b := h.meeting()
		prim.Go(func() { h.submit(a) })
		h.submit(b)
		h.await(2)
		h.close()
	}},
	{name: "batch", size: small, waits: impls.Batch, play: func(s subject) {
		h := newHost(s, 2, 2)
		a, b := h.meeting()
		h.submit(a, b)
		h.await(2)
		h.close()
	}},
	{name: "batch_that_need_not_meet", size: small, play: func(s subject) {
		h := newHost(s, 2, 2)
		h.submit(h.task(h.tell), h.task(h.tell))
		h.await(2)
		h.close()
	}},
	{name: "batch_with_surplus", size: small, waits: impls.Batch, play: func(s subject) {
		h := newHost(s, 2, 2)
		a, b := h.meeting()
		h.submit(h.task(nothing), a, b)
		h.await(2)
		h.close()
	}},

	// Tasks that workers publish.
	{name: "spawn", size: small, play: func(s subject) {
		h := newHost(s, 2, 2)
		child := h.task(h.tell)
		h.submit(h.task(func(w *worker) { w.spawn(child) }))
		h.await(1)
		h.close()
	}},
	{name: "steal_against_park", size: small, play: func(s subject) {
		h := newHost(s, 2, 2)
		a, b := h.task(h.tell), h.task(h.tell)
		h.submit(h.task(func(w *worker) { w.spawn(a); w.spawn(b) }))
		h.await(2)
		h.close()
	}},
	{name: "fork", size: small, waits: impls.Fork, play: func(s subject) {
		h := newHost(s, 2, 2)
		h.submit(h.fork())
		h.await(1)
		h.close()
	}},
	{name: "fork_spurious", size: small, waits: impls.Fork, wakes: true, play: func(s subject) {
		h := newSpurious(s, 2, 2, 1)
		h.submit(h.fork())
		h.await(1)
		h.close()
	}},
	{name: "fork_when_busy", size: small, waits: impls.Busy, play: func(s subject) {
		h := newHost(s, 2, 2)
		h.submit(h.task(nothing))
		h.submit(h.fork())
		h.await(1)
		h.close()
	}},
	{name: "fork_against_submit", size: small, waits: impls.Fork, play: func(s subject) {
		h := newHost(s, 2, 2)
		fork, other := h.fork(), h.task(nothing)
		prim.Go(func() { h.submit(other) })
		h.submit(fork)
		h.await(1)
		h.close()
	}},

	{name: "fork_one_after_the_other", size: medium, waits: impls.Fork, play: func(s subject) {
		h := newHost(s, 2, 2)
		h.submit(h.forks(4))
		h.await(1)
		h.close()
	}},
	{name: "fork_woken", size: medium, waits: impls.Fork, wakes: true, play: func(s subject) {
		h := newHost(s, 2, 2)
		fork := h.fork()
		prim.Go(h.wake)
		h.submit(fork)
		h.await(1)
		h.close()
	}},

	// The end.
	{name: "shutdown", size: tiny, play: func(s subject) {
		h := newHost(s, 1, 1)
		h.close()
	}},
	{name: "shutdown_spurious", size: tiny, wakes: true, play: func(s subject) {
		h := newSpurious(s, 1, 1, 1)
		h.close()
	}},
	{name: "shutdown_two_workers", size: tiny, play: func(s subject) {
		h := newHost(s, 2, 2)
		h.close()
	}},
	{name: "shutdown_fewer_cores", size: tiny, play: func(s subject) {
		h := newHost(s, 1, 2)
		h.close()
	}},
	{name: "shutdown_against_submit", size: tiny, play: func(s subject) {
		h := newHost(s, 1, 1)
		a := h.task(nothing)
		prim.Go(func() { h.submit(a) })
		h.close()
	}},
	{name: "shutdown_against_submit_spurious", size: tiny, wakes: true, play: func(s subject) {
		h := newSpurious(s, 1, 1, 1)
		a := h.task(nothing)
		prim.Go(func() { h.submit(a) })
		h.close()
	}},
	{name: "shutdown_against_submit_two_workers", size: small, play: func(s subject) {
		h := newHost(s, 2, 2)
		a := h.task(nothing)
		prim.Go(func() { h.submit(a) })
		h.close()
	}},
	{name: "shutdown_against_batch", size: small, play: func(s subject) {
		h := newHost(s, 2, 2)
		a, b := h.task(nothing), h.task(nothing)
		prim.Go(func() { h.submit(a, b) })
		h.close()
	}},
	{name: "shutdown_against_spawn", size: small, play: func(s subject) {
		h := newHost(s, 2, 2)
		child := h.task(nothing)
		h.submit(h.task(func(w *worker) { w.spawn(child) }))
		h.close()
	}},
	{name: "two_shutdowns", size: tiny, play: func(s subject) {
		h := newHost(s, 1, 1)
		prim.Go(h.shutdown)
		h.close()
	}},
	{name: "two_shutdowns_two_workers", size: small, play: func(s subject) {
		h := newHost(s, 2, 2)
		prim.Go(h.shutdown)
		h.close()
	}},

	// Three and four workers.
	{name: "fork_two", size: medium, waits: impls.ForkTwo, play: func(s subject) {
		h := newHost(s, 3, 3)
		a, b := h.meeting()
		over := prim.MakeChan[struct{}](1)
		h.submit(h.task(func(w *worker) {
			w.spawn(a)
			w.spawn(b)
			prim.Recv(over)
		}))
		h.await(2)
		prim.Send(over, struct{}{})
		h.close()
	}},
	{name: "fork_against_a_task_that_stays", size: large, waits: impls.Fork, play: func(s subject) {
		h := newHost(s, 3, 3)
		over := prim.MakeChan[struct{}](1)
		fork, stays := h.fork(), h.task(func(*worker) { prim.Recv(over) })
		prim.Go(func() { h.submit(stays) })
		h.submit(fork)
		h.await(1)
		prim.Send(over, struct{}{})
		h.close()
	}},
	// A thief takes along two of three tasks, which wait for each other.
	{name: "fork_two_stolen_together", size: large, waits: impls.ForkTwo, play: func(s subject) {
		h := newHost(s, 3, 3)
		h.greedy = true
		a, b := h.meeting()
		third := h.task(nothing)
		over := prim.MakeChan[struct{}](1)
		h.submit(h.task(func(w *worker) {
			w.spawn(a)
			w.spawn(b)
			w.spawn(third)
			prim.Recv(over)
		}))
		h.await(2)
		prim.Send(over, struct{}{})
		h.close()
	}},
	{name: "fork_two_spurious", size: large, waits: impls.ForkTwo, wakes: true, play: func(s subject) {
		h := newSpurious(s, 3, 3, 1)
		a, b := h.meeting()
		over := prim.MakeChan[struct{}](1)
		h.submit(h.task(func(w *worker) {
			w.spawn(a)
			w.spawn(b)
			prim.Recv(over)
		}))
		h.await(2)
		prim.Send(over, struct{}{})
		h.close()
	}},
	{name: "fork_three_woken", size: large, waits: impls.Fork, wakes: true, play: func(s subject) {
		h := newHost(s, 3, 3)
		forks := h.forks(2)
		prim.Go(h.wake)
		h.submit(forks)
		h.await(1)
		h.close()
	}},
	// The worker that was woken for the first child finds it gone, and may go to sleep
	// below the one that ran it, while the second child is published.
	{name: "fork_after_a_child_that_stays", size: large, waits: impls.Fork, play: func(s subject) {
		h := newHost(s, 3, 3)
		began, spawn := prim.MakeChan[struct{}](1), prim.MakeChan[struct{}](1)
		stays, over := prim.MakeChan[struct{}](2), prim.MakeChan[struct{}](1)
		ran := prim.MakeChan[struct{}](1)
		first := h.task(func(*worker) {
			prim.Send(stays, struct{}{})
			prim.Send(stays, struct{}{})
			prim.Recv(over)
		})
		second := h.task(func(*worker) { prim.Send(ran, struct{}{}) })
		h.submit(h.task(func(w *worker) {
			prim.Send(began, struct{}{})
			prim.Recv(spawn)
			w.spawn(first)
			prim.Recv(stays)
			w.spawn(second)
			prim.Recv(ran)
			h.tell(w)
		}))
		prim.Recv(began)
		prim.Send(spawn, struct{}{})
		prim.Recv(stays)
		prim.Send(over, struct{}{})
		h.await(1)
		h.close()
	}},
	{name: "fork_fewer_cores", size: large, waits: impls.Fork, play: func(s subject) {
		h := newHost(s, 2, 3)
		fork, other := h.fork(), h.task(nothing)
		prim.Go(func() { h.submit(other) })
		h.submit(fork)
		h.await(1)
		h.close()
	}},
	{name: "fork_in_a_chain", size: large, waits: impls.Fork, play: func(s subject) {
		h := newHost(s, 4, 4)
		a, b := prim.MakeChan[struct{}](1), prim.MakeChan[struct{}](1)
		grandchild := h.task(func(*worker) { prim.Send(b, struct{}{}) })
		child := h.task(func(w *worker) { w.spawn(grandchild); prim.Recv(b); prim.Send(a, struct{}{}) })
		h.submit(h.task(func(w *worker) { w.spawn(child); prim.Recv(a); h.tell(w) }))
		h.await(1)
		h.close()
	}},
	{name: "three_producers", size: large, play: func(s subject) {
		h := newHost(s, 2, 2)
		a, b, child := h.task(h.tell), h.task(h.tell), h.task(h.tell)
		parent := h.task(func(w *worker) { w.spawn(child) })
		prim.Go(func() { h.submit(a) })
		prim.Go(func() { h.submit(parent) })
		h.submit(b)
		h.await(3)
		h.close()
	}},
	{name: "shutdown_in_the_midst", size: large, play: func(s subject) {
		h := newHost(s, 3, 4)
		a, b, child := h.task(nothing), h.task(nothing), h.task(nothing)
		parent := h.task(func(w *worker) { w.spawn(child) })
		prim.Go(func() { h.submit(parent) })
		prim.Go(func() { h.submit(a, b) })
		prim.Go(h.shutdown)
		h.close()
	}},
}

func nothing(*worker) {}

// meeting enters two tasks that wait for each other.
func (h *host) meeting() (a, b int) {
	first, second := prim.MakeChan[struct{}](1), prim.MakeChan[struct{}](1)
	a = h.task(func(w *worker) {
		prim.Send(first, struct{}{})
		prim.Recv(second)
		h.tell(w)
	})
	b = h.task(func(w *worker) {
		prim.Send(second, struct{}{})
		prim.Recv(first)
		h.tell(w)
	})
	return a, b
}

// fork enters a task that waits for the one which it spawns.
func (h *host) fork() int { return h.forks(1) }

// forks enters a task that spawns n others, one after the other, and waits for
// each before it spawns the next.
func (h *host) forks(n int) int {
	ran := prim.MakeChan[struct{}](1)
	children := make([]int, n)
	for i := range children {
		children[i] = h.task(func(*worker) { prim.Send(ran, struct{}{}) })
	}
	return h.task(func(w *worker) {
		for _, child := range children {
			w.spawn(child)
			prim.Recv(ran)
		}
		h.tell(w)
	})
}
