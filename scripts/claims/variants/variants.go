// Package variants has idle managers that differ from one of the suite in a single
// respect: what a published claim is about. They exist to test claims, not to be used.
//
//	wakeall      eventcount, but each task that is published wakes every waiting worker
//	sharedadd    eventcount, but each publication adds to one shared word
//	sharedload   the same wrapper, but each publication only loads the word
//
// Wakeall is what Julia's scheduler did (JuliaLang/julia#50425) and rayon's before its new
// sleep module (rayon-rs/rfcs#5). It wakes no fewer workers than eventcount in any
// situation, so no wake-up is lost.
//
// Sharedadd and sharedload have the same code but for one instruction, so their ratio is
// the price of a read-modify-write on every publication.
package variants

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/eventcount"
	"github.com/idlebench/idlebench/impls/prim"
)

// The names.
const (
	WakeAll    = "wakeall"
	SharedAdd  = "sharedadd"
	SharedLoad = "sharedload"
)

// All returns the variants.
func All() []impls.Implementation {
	return []impls.Implementation{
		variant(WakeAll, "eventcount that wakes every waiting worker for each task", func(c impls.Config, i impls.Idle) impls.Idle {
			return &wakeAll{i, c.Workers}
		}),
		variant(SharedAdd, "eventcount with an atomic addition to a shared word in each publication", func(_ impls.Config, i impls.Idle) impls.Idle {
			return &shared{Idle: i, add: true}
		}),
		variant(SharedLoad, "eventcount with an atomic load of a shared word in each publication", func(_ impls.Config, i impls.Idle) impls.Idle {
			return &shared{Idle: i}
		}),
	}
}

// variant returns eventcount with something around it.
func variant(name, about string, around func(impls.Config, impls.Idle) impls.Idle) impls.Implementation {
	v := eventcount.Implementation
	original := v.New
	v.Name, v.About = name, about
	v.New = func(c impls.Config) impls.Idle { return around(c, original(c)) }
	return v
}

type wakeAll struct {
	impls.Idle
	workers int
}

func (w *wakeAll) NotifyLocal(*impls.Core) { w.Idle.NotifyMult(w.workers) }
func (w *wakeAll) NotifyRemote()           { w.Idle.NotifyMult(w.workers) }
func (w *wakeAll) NotifyMult(int)          { w.Idle.NotifyMult(w.workers) }

// A shared manager touches one word in each publication, on a cache line of its own.
type shared struct {
	impls.Idle
	add bool

	_    [impls.CacheLine]byte
	word prim.Uint64
	_    [impls.CacheLine]byte
}

func (s *shared) touch() {
	if s.add {
		s.word.Add(1)
	} else {
		s.word.Load()
	}
}

func (s *shared) NotifyLocal(c *impls.Core) {
	s.touch()
	s.Idle.NotifyLocal(c)
}

func (s *shared) NotifyRemote() {
	s.touch()
	s.Idle.NotifyRemote()
}

func (s *shared) NotifyMult(n int) {
	s.touch()
	s.Idle.NotifyMult(n)
}
