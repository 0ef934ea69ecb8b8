//go:build !linux

package eventfd

// Supported says whether this system has such events.
const Supported = false

// An Event cannot be made on this system.
type Event struct{}

// New panics.
func New() *Event { panic("eventfd: not on this system") }

// Wait panics.
func (e *Event) Wait() { panic("eventfd: not on this system") }

// Signal panics.
func (e *Event) Signal() { panic("eventfd: not on this system") }
