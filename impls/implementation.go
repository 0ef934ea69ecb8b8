package impls

// An Implementation is an idle manager that can be chosen by name.
type Implementation struct {
	// Name is lower case and short; it appears in benchmark names.
	Name string

	// About says in one line what the design is.
	About string

	// New returns a manager for one run.
	New func(Config) Idle

	// Parker is empty for a design that sleeps by whatever parker it is given.
	// Otherwise it names the way of sleeping that is part of the design.
	Parker string

	// Yields says of such a design that a sleeping worker gives its thread back to
	// Go's scheduler, so that workers may be ordinary goroutines.
	Yields bool

	// Conserving says how the design keeps invariant L3.
	Conserving Grade
}

// A Grade says how strictly an implementation conserves work.
type Grade uint8

const (
	// Weak: a task published by a worker can miss its wake-up in a race that
	// the implementation documents; the publisher itself still runs it.
	Weak Grade = iota
	// Strong: L3 holds in every interleaving.
	Strong
)

// String returns "weak" or "strong".
func (g Grade) String() string {
	if g == Strong {
		return "strong"
	}
	return "weak"
}
