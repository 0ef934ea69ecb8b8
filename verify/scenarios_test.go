//go:build explore

package verify

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/internal/prim"
)

// A subject is an implementation with a way to sleep.
type subject struct {
	impls.Implementation
	newParker func() impls.Parker // nil if the implementation prescribes its own
}

// A scenario is a program to explore.
type scenario struct {
	name string
	play func(s subject)

	// big says that a bound of 2 takes minutes.
	big bool

	// strong says that a manager which conserves work weakly may end in a
	// deadlock.
	strong bool
}

var scenarios = []scenario{
	{name: "submit", play: func(s subject) {
		h := newHost(s, 1, 1)
		h.submit(h.tell)
		h.await(1)
		h.close()
	}},
	{name: "submit_two_workers", play: func(s subject) {
		h := newHost(s, 2, 2)
		h.submit(h.tell)
		h.await(1)
		h.close()
	}},
	{name: "two_producers", big: true, play: func(s subject) {
		h := newHost(s, 2, 2)
		prim.Go(func() { h.submit(h.tell) })
		h.submit(h.tell)
		h.await(2)
		h.close()
	}},
	{name: "fewer_cores_than_workers", big: true, play: func(s subject) {
		h := newHost(s, 1, 2)
		prim.Go(func() { h.submit(h.tell) })
		h.submit(h.tell)
		h.await(2)
		h.close()
	}},
	{name: "two_wait_for_each_other", strong: true, play: func(s subject) {
		h := newHost(s, 2, 2)
		a, b := prim.MakeChan[struct{}](1), prim.MakeChan[struct{}](1)
		h.submit(func(w *worker) { prim.Send(a, struct{}{}); prim.Recv(b); h.tell(w) })
		h.submit(func(w *worker) { prim.Send(b, struct{}{}); prim.Recv(a); h.tell(w) })
		h.await(2)
		h.close()
	}},
	{name: "batch", strong: true, play: func(s subject) {
		h := newHost(s, 2, 2)
		a, b := prim.MakeChan[struct{}](1), prim.MakeChan[struct{}](1)
		h.submit(
			func(w *worker) { prim.Send(a, struct{}{}); prim.Recv(b); h.tell(w) },
			func(w *worker) { prim.Send(b, struct{}{}); prim.Recv(a); h.tell(w) })
		h.await(2)
		h.close()
	}},
	{name: "spawn", play: func(s subject) {
		h := newHost(s, 2, 2)
		h.submit(func(w *worker) { w.spawn(h.tell) })
		h.await(1)
		h.close()
	}},
	{name: "fork", strong: true, play: func(s subject) {
		h := newHost(s, 2, 2)
		child := prim.MakeChan[struct{}](1)
		h.submit(func(w *worker) {
			w.spawn(func(*worker) { prim.Send(child, struct{}{}) })
			prim.Recv(child)
			h.tell(w)
		})
		h.await(1)
		h.close()
	}},
	{name: "fork_when_busy", strong: true, play: func(s subject) {
		h := newHost(s, 2, 2)
		child := prim.MakeChan[struct{}](1)
		h.submit(func(*worker) {})
		h.submit(func(w *worker) {
			w.spawn(func(*worker) { prim.Send(child, struct{}{}) })
			prim.Recv(child)
			h.tell(w)
		})
		h.await(1)
		h.close()
	}},
	{name: "fork_two", big: true, strong: true, play: func(s subject) {
		h := newHost(s, 3, 3)
		a, b, ran := prim.MakeChan[struct{}](1), prim.MakeChan[struct{}](1), prim.MakeChan[struct{}](2)
		h.submit(func(w *worker) {
			w.spawn(func(*worker) { prim.Send(a, struct{}{}); prim.Recv(b); prim.Send(ran, struct{}{}) })
			w.spawn(func(*worker) { prim.Send(b, struct{}{}); prim.Recv(a); prim.Send(ran, struct{}{}) })
			prim.Recv(ran)
			prim.Recv(ran)
			h.tell(w)
		})
		h.await(1)
		h.close()
	}},
	{name: "shutdown", play: func(s subject) {
		h := newHost(s, 1, 1)
		h.close()
	}},
	{name: "shutdown_two_workers", play: func(s subject) {
		h := newHost(s, 2, 2)
		h.close()
	}},
	{name: "shutdown_fewer_cores", play: func(s subject) {
		h := newHost(s, 1, 2)
		h.close()
	}},
	{name: "shutdown_against_submit", play: func(s subject) {
		h := newHost(s, 1, 1)
		prim.Go(func() { h.submit(func(*worker) {}) })
		h.close()
	}},
	{name: "shutdown_against_spawn", play: func(s subject) {
		h := newHost(s, 2, 2)
		h.submit(func(w *worker) { w.spawn(func(*worker) {}) })
		h.close()
	}},
	{name: "two_shutdowns", play: func(s subject) {
		h := newHost(s, 1, 1)
		prim.Go(h.shutdown)
		h.close()
	}},
	{name: "spurious", play: func(s subject) {
		h := newHost(s, 1, 2)
		h.spurious = 2
		h.submit(h.tell)
		h.await(1)
		h.close()
	}},
}
