package wakingtoken

import (
	"fmt"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/invariants"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/tied"
)

// Implementation is the entry of the catalogue for zap's design.
var Implementation = impls.Implementation{
	Name:     "wakingtoken",
	About:    "zap's thread pool: one worker is waking at a time, and wakes the next",
	New:      func(c impls.Config) impls.Idle { return New(c, 1) },
	Lockless: true,
	Races:    races,
}

// Tree is the entry of the catalogue for a fan-out of 2.
var Tree = impls.Implementation{
	Name:     "wakingtree",
	About:    "as wakingtoken, but a worker that was woken and finds a task wakes two others",
	New:      func(c impls.Config) impls.Idle { return New(c, maxFanOut) },
	Lockless: true,
	Races:    races,
}

// races are explained in the package documentation.
var races = []impls.Race{
	{Name: "W1", In: []impls.Situation{impls.Fork, impls.ForkTwo, impls.Busy}},
}

// The fields of the word; the package documentation explains them.
const (
	token  = 1 << 16
	tokens = maxWorkers * token
	note   = 1 << 30
	closed = 1 << 31

	maxWorkers = 1<<14 - 1
	maxFanOut  = 2
)

// An Idle chooses the workers to wake. The fields before the word are only read.
type Idle struct {
	tied.Base
	fanOut int     // how many sleepers the holder of a token wakes
	links  []link  // by worker
	holds  []holds // by core

	_    [impls.CacheLine]byte
	word prim.Uint64
	_    [impls.CacheLine]byte
}

// A link is a sleeper's place in the stack. Each has a cache line of its own,
// because it is written by its worker and read by those that wake it.
type link struct {
	below prim.Uint32 // the next sleeper's number plus 1; 0: there is none

	_ [impls.CacheLine]byte
}

// A holds says whether the holder of a core has a token. The worker alone reads and
// writes it.
type holds struct {
	token bool

	_ [impls.CacheLine]byte
}

var _ impls.Idle = (*Idle)(nil)

// New returns a manager in which the holder of a token wakes up to fanOut others, 1 or
// 2.
func New(c impls.Config, fanOut int) *Idle {
	if c.Workers > maxWorkers {
		panic(fmt.Sprintf("wakingtoken: %d workers; the limit is %d", c.Workers, maxWorkers))
	}
	return &Idle{
		Base:   tied.New(c),
		fanOut: fanOut,
		links:  make([]link, c.Workers),
		holds:  make([]holds, len(c.Cores)),
	}
}

// top returns the number of the last sleeper plus 1, or 0.
func top(word uint64) int { return int(word & tied.TopMask) }

// popped returns the word without its last sleeper, w, who gets a token. The result
// is right if the word has not changed when it is replaced.
func (i *Idle) popped(word uint64) (rest uint64, w int) {
	w = top(word) - 1
	return tied.WithTop(word, uint64(i.links[w].below.Load())) + token, w
}

// pushed returns the word with another sleeper.
func (i *Idle) pushed(word uint64, w int) uint64 {
	i.links[w].below.Store(uint32(top(word)))
	return tied.WithTop(word, uint64(w+1))
}

// replace changes the word, if it has not changed.
func (i *Idle) replace(old, word uint64) bool {
	if invariants.Enabled && word&closed == 0 && word&note != 0 && word&tokens == 0 && top(word) != 0 {
		panic("wakingtoken: there is a note and a sleeper, but no token is out (L5)")
	}
	return i.word.CompareAndSwap(old, word)
}
