package simulate

import (
	"testing"
	"unsafe"
)

// What is on a stack costs nothing, and a plain access does not move it to the heap.
func TestStack(t *testing.T) {
	before := Stats{}
	stats := must(t, small(2, false), 1, func() {
		var local [100]int
		if n := testing.AllocsPerRun(10, func() {
			var other [100]int
			Read(ptr(&other), unsafe.Sizeof(other))
			Write(ptr(&other[3]), 8)
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
		Read(ptr(&local), unsafe.Sizeof(local))
		deep(100, &local) // moves the stack
		before = current.stats
	})
	if before.Plain != 0 || stats.Lines != 0 {
		t.Errorf("%d plain accesses to %d lines", before.Plain, stats.Lines)
	}
}

//go:noinline
func deep(n int, p *[100]int) int {
	var more [64]int
	Write(ptr(&p[n%100]), 8)
	Write(ptr(&more[n%64]), 8)
	if n == 0 {
		return more[0]
	}
	return deep(n-1, p) + more[n%64]
}

var kept any // so that it escapes

// An access to several lines is charged for each, and for one that begins within a
// line for no more than it touches.
func TestRange(t *testing.T) {
	must(t, small(2, false), 1, func() {
		p := new([1024]byte)
		kept = p
		for _, test := range []struct {
			from, size uintptr
			want       int64
		}{
			{0, 8, 1}, {0, 64, 1}, {0, 65, 2}, {60, 4, 1}, {60, 5, 2}, {63, 66, 3}, {0, 1024, 16}, {100, 0, 0},
		} {
			before := current.stats.Plain
			Read(ptr(&p[test.from]), test.size)
			if got := current.stats.Plain - before; got != test.want {
				t.Errorf("%d bytes from %d: %d accesses, want %d", test.size, test.from, got, test.want)
			}
		}
		before := current.stats.Plain
		Write(nil, 8)
		if current.stats.Plain != before {
			t.Error("an access to nothing costs something")
		}
	})
}

// A thread that spins on what is plain looks again when it is written.
func TestSpinOnPlain(t *testing.T) {
	must(t, small(2, false), 1, func() {
		p := new(int)
		Go(func() {
			Compute(10 * Microsecond)
			Write(ptr(p), 8)
			*p = 1
			Compute(Microsecond)
		})
		Spin(-1, func() bool {
			Read(ptr(p), 8)
			return *p == 1
		})
	})
}
