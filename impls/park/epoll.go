//go:build !explore && !simulate

package park

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park/eventfd"
	"github.com/idlebench/idlebench/impls/prim"
)

// An Epoll parks in epoll_wait on an eventfd (Linux), as the worker of a Tokio runtime does
// that waits for sockets as well. The word and its states are those of Futex, and so is the
// argument why no token is lost, with one difference: the kernel does not compare the word.
// It need not. An unparker writes the token before it signals. So a worker that reads the
// word before the token is there goes on to wait for a signal that is still to come, or that
// is kept for it; package eventfd has what a signal promises. A signal that nobody waits
// for, because the worker saw the token first, ends a later wait too early, and the worker
// looks at the word again.
//
// It is not among those that are explored: the explorer has no files of the kernel's.
type Epoll struct {
	word  prim.Uint32
	event *eventfd.Event

	_ [impls.CacheLine]byte
}

// NewEpoll returns a parker without a token. It panics on systems without eventfds.
func NewEpoll() *Epoll { return &Epoll{event: eventfd.New()} }

// Park blocks until there is a token, and takes it.
func (e *Epoll) Park() {
	if e.word.CompareAndSwap(token, empty) {
		return
	}
	// Only the worker leaves empty for parked. If this fails, the token came.
	if e.word.CompareAndSwap(empty, parked) {
		for e.word.Load() != token {
			e.event.Wait()
		}
	}
	e.word.Swap(empty) // a swap, as in Futex
}

// Unpark makes the token available. The system call is needed only if the worker was about
// to sleep.
func (e *Epoll) Unpark() {
	if e.word.Swap(token) == parked {
		e.event.Signal()
	}
}

// Others returns the kinds that are measured only if they are named.
func Others() []Kind {
	epoll := Kind{
		Name:  "epoll",
		About: "the thread sleeps in epoll_wait on an eventfd, as in a runtime with I/O (Linux)",
		New:   func() impls.Parker { return NewEpoll() },
	}
	if !eventfd.Supported {
		epoll.Missing = "this system has no eventfds; they are Linux's"
	}
	return []Kind{epoll}
}
