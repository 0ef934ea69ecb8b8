// Package access lets the time pass that accesses to plain memory take in a
// simulation. Package annotate inserts its functions into source; they are not meant
// to be written by hand. Outside of a simulation they do what they annotate and
// nothing else.
//
// Load, Store and Update return the pointer that they are given, so that
//
//	x.f = y.g + 1
//
// becomes
//
//	*access.Store(&x.f) = *access.Load(&y.g) + 1
//
// with every operand evaluated once, and in the same order.
package access

import (
	"iter"
	"unsafe"

	"github.com/idlebench/idlebench/simulate"
)

// Load is a load of *p.
func Load[T any](p *T) *T {
	simulate.Read(unsafe.Pointer(p), unsafe.Sizeof(*p))
	return p
}

// Store is a store to *p.
func Store[T any](p *T) *T {
	simulate.Write(unsafe.Pointer(p), unsafe.Sizeof(*p))
	return p
}

// Update is a load of *p and a store to it.
func Update[T any](p *T) *T { return Store(Load(p)) }

// New is the first store to an object that was made.
func New[T any](p *T) *T { return Store(p) }

// Make is the first store to the elements of a slice that was made.
func Make[S ~[]E, E any](s S) S {
	write(s[:cap(s)])
	return s
}

// Elements returns the elements of a slice, for a range statement, with the load of
// each.
func Elements[S ~[]E, E any](s S) iter.Seq2[int, E] {
	return func(yield func(int, E) bool) {
		for i := range s {
			if !yield(i, *Load(&s[i])) {
				return
			}
		}
	}
}

// A Slice is a slice to which something is appended. It is a type so that the type of
// the elements is that of the slice, also if what is appended has another.
type Slice[S ~[]E, E any] struct{ s S }

// To returns a slice to append to.
func To[S ~[]E, E any](s S) Slice[S, E] { return Slice[S, E]{s} }

// Append is append. If the slice has no room, all of it is copied to a new one.
func (to Slice[S, E]) Append(more ...E) S {
	before := to.s
	s := append(before, more...)
	if len(s) <= cap(before) {
		read(more)
		write(s[len(before):])
	} else {
		read(before)
		read(more)
		write(s)
	}
	return s
}

// Copy is copy.
func Copy[S ~[]E, E any](to, from S) int {
	n := min(len(to), len(from))
	read(from[:n])
	write(to[:n])
	return copy(to, from)
}

// Clear is clear of a slice.
func Clear[S ~[]E, E any](s S) {
	write(s)
	clear(s)
}

func read[E any](s []E) {
	simulate.Read(unsafe.Pointer(unsafe.SliceData(s)), uintptr(len(s))*unsafe.Sizeof(*new(E)))
}

func write[E any](s []E) {
	simulate.Write(unsafe.Pointer(unsafe.SliceData(s)), uintptr(len(s))*unsafe.Sizeof(*new(E)))
}

// MapLoad and MapStore are a load and a store of an entry of a map, of which the header
// is accessed. Where the entries are is the runtime's business.
func MapLoad[M ~map[K]V, K comparable, V any](m M) M {
	simulate.Read(header(m), unsafe.Sizeof(uint64(0)))
	return m
}

// MapStore is documented with MapLoad.
func MapStore[M ~map[K]V, K comparable, V any](m M) M {
	simulate.Write(header(m), unsafe.Sizeof(uint64(0)))
	return m
}

// MapUpdate is both.
func MapUpdate[M ~map[K]V, K comparable, V any](m M) M { return MapStore(MapLoad(m)) }

func header[M ~map[K]V, K comparable, V any](m M) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&m))
}

// Locked is an atomic write to *p by a function of sync/atomic.
func Locked[T any](p *T) *T {
	simulate.Locked(unsafe.Pointer(p))
	return p
}
