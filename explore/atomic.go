package explore

type (
	// Int32 is like atomic.Int32.
	Int32 struct{ integer[int32] }
	// Int64 is like atomic.Int64.
	Int64 struct{ integer[int64] }
	// Uint32 is like atomic.Uint32.
	Uint32 struct{ integer[uint32] }
	// Uint64 is like atomic.Uint64.
	Uint64 struct{ integer[uint64] }
	// Bool is like atomic.Bool.
	Bool struct{ value[bool] }
	// Pointer is like atomic.Pointer.
	Pointer[T any] struct{ value[*T] }
)

// A value is an atomic variable.
type value[T comparable] struct {
	object
	v T
}

// Load returns the value.
func (a *value[T]) Load() T {
	t := do(op{name: "load", a: &a.object, read: true})
	t.acquire(&a.object)
	return a.v
}

// Store sets the value.
func (a *value[T]) Store(v T) {
	t := do(op{name: "store", a: &a.object})
	a.v = v
	if t != nil && t.x.races {
		// Who loads this value learns nothing of earlier stores.
		a.released = t.sync.copy()
	}
}

// Swap sets the value and returns the former one.
func (a *value[T]) Swap(v T) T { return a.update("swap", func(T) T { return v }) }

// CompareAndSwap sets the value if it is old, and reports whether it did.
func (a *value[T]) CompareAndSwap(old, v T) bool {
	t := do(op{name: "compare and swap", a: &a.object})
	t.acquire(&a.object)
	if a.v != old {
		return false
	}
	a.v = v
	t.release(&a.object)
	return true
}

// update is a read-modify-write; it returns the former value.
func (a *value[T]) update(name string, f func(T) T) T {
	t := do(op{name: name, a: &a.object})
	t.acquire(&a.object)
	old := a.v
	a.v = f(old)
	t.release(&a.object)
	return old
}

// An integer is an atomic variable that can be counted with.
type integer[T int32 | int64 | uint32 | uint64] struct{ value[T] }

// Add adds delta and returns the new value.
func (a *integer[T]) Add(delta T) T {
	return a.update("add", func(old T) T { return old + delta }) + delta
}

// And clears the bits that mask does not have, and returns the former value.
func (a *integer[T]) And(mask T) T {
	return a.update("and", func(old T) T { return old & mask })
}

// Or sets the bits of mask and returns the former value.
func (a *integer[T]) Or(mask T) T {
	return a.update("or", func(old T) T { return old | mask })
}
