//go:build !explore && !perturb

package semaphore

import (
	"testing"
	"unsafe"

	"github.com/idlebench/idlebench/impls"
)

// Each word has lines of its own, and so has what is written of each worker.
func TestLinesOfTheirOwn(t *testing.T) {
	var i Idle
	ends := unsafe.Offsetof(i.nodes) + unsafe.Sizeof(i.nodes)
	for _, word := range []struct {
		name           string
		offset, length uintptr
	}{
		{"requested", unsafe.Offsetof(i.requested), unsafe.Sizeof(i.requested)},
		{"working", unsafe.Offsetof(i.working), unsafe.Sizeof(i.working)},
		{"counts", unsafe.Offsetof(i.counts), unsafe.Sizeof(i.counts)},
		{"blocked", unsafe.Offsetof(i.blocked), unsafe.Sizeof(i.blocked)},
		{"what follows", unsafe.Sizeof(i), 0},
	} {
		if gap := word.offset - ends; gap < impls.CacheLine {
			t.Errorf("%d bytes before %s", gap, word.name)
		}
		ends = word.offset + word.length
	}
	var n node
	if gap := unsafe.Sizeof(n) - (unsafe.Offsetof(n.asked) + unsafe.Sizeof(n.asked)); gap < impls.CacheLine {
		t.Errorf("%d bytes between two nodes", gap)
	}
}
