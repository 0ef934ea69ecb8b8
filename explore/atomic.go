package explore

type (
	// Int32 is like atomic.Int32.
	Int32 struct{ integer[int32] }
	// Int64 is like atomic.Int64.
	Int64 struct{ integer[int64] }
	// Uint32 is like atomic.Uint32.
	Uint32 struct {
		integer[uint32]
		queue *futexQueue
	}
	// Uint64 is like atomic.Uint64.
	Uint64 struct{ integer[uint64] }
	// Bool is like atomic.Bool.
	Bool struct{ value[bool] }
	// Pointer is like atomic.Pointer.
	Pointer[T any] struct{ value[*T] }
)

var (
	load           = kind{name: "load", read: true}
	store          = kind{name: "store"}
	swap           = kind{name: "swap"}
	compareAndSwap = kind{name: "compare and swap"}
	add            = kind{name: "add"}
	and            = kind{name: "and"}
	or             = kind{name: "or"}
)

// A value is an atomic variable.
type value[T comparable] struct {
	object
	v T
}

// Load returns the value.
func (a *value[T]) Load() T {
	t := do(&load, &a.object, nil, nil)
	t.acquire(&a.object)
	return a.v
}

// Store sets the value. A thread that loads it learns nothing of earlier stores.
func (a *value[T]) Store(v T) {
	t := do(&store, &a.object, nil, nil)
	a.v = v
	t.publish(&a.object)
}

// Swap sets the value and returns the former one.
func (a *value[T]) Swap(v T) T {
	t := do(&swap, &a.object, nil, nil)
	t.exchange(&a.object)
	old := a.v
	a.v = v
	return old
}

// CompareAndSwap sets the value if it is old, and reports whether it did.
func (a *value[T]) CompareAndSwap(old, v T) bool {
	t := do(&compareAndSwap, &a.object, nil, nil)
	if a.v != old {
		t.acquire(&a.object)
		return false
	}
	t.exchange(&a.object)
	a.v = v
	return true
}

// An integer is an atomic variable that can be counted with.
type integer[T int32 | int64 | uint32 | uint64] struct{ value[T] }

// Add adds delta and returns the new value.
func (a *integer[T]) Add(delta T) T {
	t := do(&add, &a.object, nil, nil)
	t.exchange(&a.object)
	a.v += delta
	return a.v
}

// And clears the bits that mask does not have, and returns the former value.
func (a *integer[T]) And(mask T) T {
	t := do(&and, &a.object, nil, nil)
	t.exchange(&a.object)
	old := a.v
	a.v &= mask
	return old
}

// Or sets the bits of mask and returns the former value.
func (a *integer[T]) Or(mask T) T {
	t := do(&or, &a.object, nil, nil)
	t.exchange(&a.object)
	old := a.v
	a.v |= mask
	return old
}
