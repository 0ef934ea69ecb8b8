package park

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// The states of a Futex's word.
const (
	empty  = iota // no token, no waiter
	parked        // no token, the worker waits or is about to
	token         // a token
)

// A Futex parks in the kernel, on a word of memory (Linux). Unlike the other
// kinds it does not hand the worker back to the Go scheduler: the thread itself
// sleeps, and wakes without the help of another.
type Futex struct {
	word prim.Uint32

	_ [impls.CacheLine]byte
}

// NewFutex returns a parker without a token. On systems without futexes its
// methods panic.
func NewFutex() *Futex { return new(Futex) }

// Park blocks until there is a token, and takes it.
func (f *Futex) Park() {
	if f.word.CompareAndSwap(token, empty) {
		return
	}
	// Only the worker leaves empty for parked. If this fails, the token came.
	if f.word.CompareAndSwap(empty, parked) {
		for f.word.Load() != token {
			prim.FutexWait(&f.word, parked)
		}
	}
	// Only the worker takes the token, so the word can have no other value. It
	// is a swap, not a store, so as to read the last of several Unparks and with
	// it what its caller did before.
	f.word.Swap(empty)
}

// Unpark makes the token available. The kernel compares the word before it
// lets the worker sleep, so a worker that is about to sleep does not, and the
// call into the kernel is needed only if it was about to.
func (f *Futex) Unpark() {
	if f.word.Swap(token) == parked {
		prim.FutexWake(&f.word, 1)
	}
}
