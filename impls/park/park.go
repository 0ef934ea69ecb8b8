// Package park holds the ways in which a worker can sleep and be woken: one
// axis of every comparison, the idle manager being the other.
//
// A parker holds a token or none ([impls.Parker]). Unpark puts it there; Park
// waits for it and takes it. So an Unpark that comes before Park is not lost,
// and two of them count once. What a parker owes its users is that token, and
// that what was done before Unpark is visible after the Park that took its
// token.
package park

import (
	"slices"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/internal/prim"
)

// A Kind is a way of sleeping that can be chosen by name.
type Kind struct {
	// Name is lower case and short; it appears in benchmark names.
	Name string

	// About says in one line what it is.
	About string

	// New returns a parker for one worker, without a token.
	New func() impls.Parker

	// Missing is empty on systems that have it; otherwise it says what is
	// missing.
	Missing string
}

// Kinds returns all kinds, the default first.
func Kinds() []Kind {
	futex := Kind{
		Name:  "futex",
		About: "the thread blocks in the kernel, the Go scheduler is not involved (Linux)",
		New:   func() impls.Parker { return NewFutex() },
	}
	if !prim.HasFutex {
		futex.Missing = "this system has no futexes; they are Linux's"
	}
	return []Kind{
		{
			Name:  "cond",
			About: "a sync.Cond for each worker, as in the canonical design",
			New:   func() impls.Parker { return NewCond() },
		},
		{
			Name:  "chan",
			About: "a channel with room for one token",
			New:   func() impls.Parker { return NewChan() },
		},
		futex,
	}
}

// Find returns the kind with the given name.
func Find(kinds []Kind, name string) (Kind, bool) {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return kinds[i], true
}
