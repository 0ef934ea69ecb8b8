package simulate

import (
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"
)

// Variables share lines as they do in a program with Go's types.
func TestSizes(t *testing.T) {
	for _, test := range []struct {
		name                               string
		size, want, alignment, mustAlignTo uintptr
	}{
		{"Int32", unsafe.Sizeof(Int32{}), unsafe.Sizeof(atomic.Int32{}), unsafe.Alignof(Int32{}), unsafe.Alignof(atomic.Int32{})},
		{"Uint32", unsafe.Sizeof(Uint32{}), unsafe.Sizeof(atomic.Uint32{}), unsafe.Alignof(Uint32{}), unsafe.Alignof(atomic.Uint32{})},
		{"Int64", unsafe.Sizeof(Int64{}), unsafe.Sizeof(atomic.Int64{}), unsafe.Alignof(Int64{}), unsafe.Alignof(atomic.Int64{})},
		{"Uint64", unsafe.Sizeof(Uint64{}), unsafe.Sizeof(atomic.Uint64{}), unsafe.Alignof(Uint64{}), unsafe.Alignof(atomic.Uint64{})},
		{"Bool", unsafe.Sizeof(Bool{}), unsafe.Sizeof(atomic.Bool{}), unsafe.Alignof(Bool{}), unsafe.Alignof(atomic.Bool{})},
		{"Pointer", unsafe.Sizeof(Pointer[int]{}), unsafe.Sizeof(atomic.Pointer[int]{}), unsafe.Alignof(Pointer[int]{}), unsafe.Alignof(atomic.Pointer[int]{})},
		{"Mutex", unsafe.Sizeof(Mutex{}), unsafe.Sizeof(sync.Mutex{}), unsafe.Alignof(Mutex{}), unsafe.Alignof(sync.Mutex{})},
		{"Cond", unsafe.Sizeof(Cond{}), unsafe.Sizeof(sync.Cond{}), unsafe.Alignof(Cond{}), unsafe.Alignof(sync.Cond{})},
		{"Var", unsafe.Sizeof(Var[[3]byte]{}), 3, unsafe.Alignof(Var[[3]byte]{}), 1},
	} {
		if test.size != test.want || test.alignment != test.mustAlignTo {
			t.Errorf("%s has size %d and alignment %d, Go's %d and %d", test.name, test.size, test.alignment, test.want, test.mustAlignTo)
		}
	}
}
