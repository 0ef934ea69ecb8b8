//go:build !explore && !perturb

package rendezvous

import (
	"testing"
	"unsafe"

	"github.com/idlebench/idlebench/impls"
)

// Each of the two words is on cache lines of its own, and so is each seat.
func TestWordsAreAlone(t *testing.T) {
	var i Idle
	ends := []uintptr{
		unsafe.Offsetof(i.seats) + unsafe.Sizeof(i.seats),
		unsafe.Offsetof(i.ctl), unsafe.Offsetof(i.ctl) + unsafe.Sizeof(i.ctl),
		unsafe.Offsetof(i.slot), unsafe.Offsetof(i.slot) + unsafe.Sizeof(i.slot),
		unsafe.Sizeof(i),
	}
	for n := 0; n < len(ends); n += 2 {
		if gap := ends[n+1] - ends[n]; gap < impls.CacheLine {
			t.Errorf("%d bytes between %d and %d, want %d", gap, ends[n], ends[n+1], impls.CacheLine)
		}
	}
	if size := unsafe.Sizeof(seat{}); size < impls.CacheLine {
		t.Errorf("a seat has %d bytes", size)
	}
}
