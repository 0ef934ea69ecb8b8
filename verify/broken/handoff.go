package broken

import (
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// A handOff is a base in which one worker at a time spins for a short time before
// it sleeps. A publisher hands its wake-up to the spinner and wakes no sleeper.
type handOff struct {
	*base
	spinner prim.Uint32 // one of the constants below
}

const (
	none    = iota // no worker spins
	waiting        // a worker spins
	handed         // and was given a wake-up, which it must not lose
)

func newHandOff(c impls.Config, d defect) impls.Idle {
	return &handOff{base: makeBase(c, d)}
}

// NotifyLocal hands the wake-up to the spinner, or else is base's.
func (h *handOff) NotifyLocal(c *impls.Core) {
	if !h.spinner.CompareAndSwap(waiting, handed) {
		h.base.NotifyLocal(c)
	}
}

// Park spins first, if no other worker does.
func (h *handOff) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	if c == nil || !h.spinner.CompareAndSwap(none, waiting) {
		return h.base.Park(w, c)
	}
	// A worker that spins has left the searchers: it is found by the hand-off.
	if c.Searching {
		h.c.Lock.Lock()
		last := h.stopSearching(c)
		h.c.Lock.Unlock()
		if last && h.work() {
			return h.resume(c)
		}
	}
	got := prim.Spin(20*time.Microsecond, func() bool { return h.spinner.Load() == handed })
	if h.defect == cancelsBlindly {
		h.spinner.Store(none) // whatever came after the last look
	} else {
		got = h.spinner.Swap(none) == handed
	}
	if got {
		return h.search(c), impls.Woken
	}
	return h.base.Park(w, c)
}

// resume lets a spinner that saw work search on.
func (h *handOff) resume(c *impls.Core) (*impls.Core, impls.Reason) {
	if h.spinner.Swap(none) == handed {
		return h.search(c), impls.Woken
	}
	return h.search(c), impls.Kept
}

func (h *handOff) search(c *impls.Core) *impls.Core {
	h.c.Lock.Lock()
	defer h.c.Lock.Unlock()
	h.startSearching(c)
	return c
}
