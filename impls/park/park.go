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
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// A Kind is a way of sleeping that can be chosen by name.
type Kind struct {
	// Name is lower case and short; it appears in benchmark names.
	Name string

	// About says in one line what it is.
	About string

	// New returns a parker for one worker, without a token.
	New func() impls.Parker

	// Spins says that a waiting worker keeps its CPU busy.
	Spins bool

	// Full says that it is in the full matrix only, unless it is asked for by name.
	Full bool

	// Yields says that a waiting worker gives its thread back to Go's scheduler.
	// Then workers may be ordinary goroutines, as they are in a Go program. A
	// kind that blocks the thread itself, or keeps it busy, makes sense only
	// for workers that have a thread each.
	Yields bool

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
		futex.Missing = noFutex
	}
	return []Kind{
		{
			Name:  "cond",
			About: "a sync.Cond for each worker, as in the canonical design",
			New:   func() impls.Parker { return NewCond() },

			Yields: true,
		},
		{
			Name:  "chan",
			About: "a channel with room for one token",
			New:   func() impls.Parker { return NewChan() },

			Yields: true,
			Full:   true,
		},
		futex,
		{
			Name:  "spin",
			About: "the worker looks for its token until it is there",
			New:   func() impls.Parker { return NewSpin() },
			Spins: true,
			Full:  true,
		},
		spinFutex(20 * time.Microsecond),
	}
}

// spinFutex is the kind that spins for some time before it sleeps.
func spinFutex(d time.Duration) Kind {
	k := Kind{
		Name:  spinFutexPrefix + strings.ReplaceAll(d.String(), "µ", "u"),
		About: fmt.Sprintf("the worker looks for its token for %v, then sleeps on a futex; other times are asked for by name", d),
		New:   func() impls.Parker { return NewSpinFutex(d) },
		Spins: true,
		Full:  true,
	}
	if !prim.HasFutex {
		k.Missing = noFutex
	}
	return k
}

const (
	spinFutexPrefix = "spin-futex-"
	noFutex         = "this system has no futexes; they are Linux's"
)

// Parse returns the kind with a parameter in its name, such as spin-futex-50us,
// from 1 ns to 1 s.
func Parse(name string) (Kind, bool) {
	text, ok := strings.CutPrefix(name, spinFutexPrefix)
	d, err := time.ParseDuration(text)
	if !ok || err != nil || d < time.Nanosecond || d > time.Second {
		return Kind{}, false
	}
	k := spinFutex(d)
	k.Name = name // as it was asked for
	return k, true
}

// Find returns the kind with the given name.
func Find(kinds []Kind, name string) (Kind, bool) {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return kinds[i], true
}
