package park

import (
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// A Spin parks by looking for the token all the time: the least latency, and a
// CPU for it.
type Spin struct {
	token prim.Bool

	_ [impls.CacheLine]byte
}

// NewSpin returns a parker without a token.
func NewSpin() *Spin { return new(Spin) }

// Park looks until there is a token, and takes it.
func (s *Spin) Park() { prim.Spin(-1, s.take) }

// take looks before it swaps: a load leaves the line with those who only look.
func (s *Spin) take() bool { return s.token.Load() && s.token.Swap(false) }

// Unpark makes the token available.
func (s *Spin) Unpark() { s.token.Swap(true) }

// A SpinFutex looks for the token for some time before it sleeps: what many
// runtimes do, and tune.
type SpinFutex struct {
	Futex
	d time.Duration
}

// NewSpinFutex returns a parker without a token that looks for d.
func NewSpinFutex(d time.Duration) *SpinFutex { return &SpinFutex{d: d} }

// Park blocks until there is a token, and takes it. While the worker looks, the
// futex's word does not say that it is parked, so Unpark makes no system call.
func (s *SpinFutex) Park() {
	if !prim.Spin(s.d, s.take) {
		s.Futex.Park()
	}
}

func (s *SpinFutex) take() bool {
	return s.word.Load() == token && s.word.CompareAndSwap(token, empty)
}
