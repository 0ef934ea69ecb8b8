package simulate

import "unsafe"

// The types have the size and the alignment of Go's, so that variables share lines
// as they do in a program with those.
type (
	// Int32 is like atomic.Int32.
	Int32 struct{ integer[int32] }
	// Uint32 is like atomic.Uint32.
	Uint32 struct{ integer[uint32] }
	// Int64 is like atomic.Int64.
	Int64 struct {
		_ [0]align64
		integer[int64]
	}
	// Uint64 is like atomic.Uint64.
	Uint64 struct {
		_ [0]align64
		integer[uint64]
	}
	// Bool is like atomic.Bool.
	Bool struct{ v Uint32 }
	// Pointer is like atomic.Pointer.
	Pointer[T any] struct{ v *T }
)

type align64 = uint64

type integer[T int32 | int64 | uint32 | uint64] struct{ v T }

// Load returns the value.
func (a *integer[T]) Load() T {
	touch(unsafe.Pointer(a), read)
	return a.v
}

// Store sets the value.
func (a *integer[T]) Store(v T) {
	touch(unsafe.Pointer(a), update)
	a.v = v
}

// Swap sets the value and returns the former one.
func (a *integer[T]) Swap(v T) T {
	touch(unsafe.Pointer(a), update)
	old := a.v
	a.v = v
	return old
}

// CompareAndSwap sets the value if it is old, and reports whether it did.
func (a *integer[T]) CompareAndSwap(old, v T) bool {
	touch(unsafe.Pointer(a), update)
	if a.v != old {
		return false
	}
	a.v = v
	return true
}

// Add adds delta and returns the new value.
func (a *integer[T]) Add(delta T) T {
	touch(unsafe.Pointer(a), update)
	a.v += delta
	return a.v
}

// And clears the bits that mask does not have, and returns the former value.
func (a *integer[T]) And(mask T) T {
	touch(unsafe.Pointer(a), update)
	old := a.v
	a.v &= mask
	return old
}

// Or sets the bits of mask and returns the former value.
func (a *integer[T]) Or(mask T) T {
	touch(unsafe.Pointer(a), update)
	old := a.v
	a.v |= mask
	return old
}

func number(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// Load returns the value.
func (b *Bool) Load() bool { return b.v.Load() != 0 }

// Store sets the value.
func (b *Bool) Store(v bool) { b.v.Store(number(v)) }

// Swap sets the value and returns the former one.
func (b *Bool) Swap(v bool) bool { return b.v.Swap(number(v)) != 0 }

// CompareAndSwap sets the value if it is old, and reports whether it did.
func (b *Bool) CompareAndSwap(old, v bool) bool { return b.v.CompareAndSwap(number(old), number(v)) }

// Load returns the pointer.
func (p *Pointer[T]) Load() *T {
	touch(unsafe.Pointer(p), read)
	return p.v
}

// Store sets the pointer.
func (p *Pointer[T]) Store(v *T) {
	touch(unsafe.Pointer(p), update)
	p.v = v
}

// Swap sets the pointer and returns the former one.
func (p *Pointer[T]) Swap(v *T) *T {
	touch(unsafe.Pointer(p), update)
	old := p.v
	p.v = v
	return old
}

// CompareAndSwap sets the pointer if it is old, and reports whether it did.
func (p *Pointer[T]) CompareAndSwap(old, v *T) bool {
	touch(unsafe.Pointer(p), update)
	if p.v != old {
		return false
	}
	p.v = v
	return true
}
