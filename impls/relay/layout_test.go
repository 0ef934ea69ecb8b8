//go:build !explore && !perturb

package relay

import (
	"testing"
	"unsafe"

	"github.com/idlebench/idlebench/impls"
)

// What different threads write is on different lines: the words of the set, marks, nodes.
func TestLinesOfTheirOwn(t *testing.T) {
	var w word
	var m mark
	var n node
	for name, gap := range map[string]uintptr{
		"words": unsafe.Sizeof(w) - (unsafe.Offsetof(w.spinning) + unsafe.Sizeof(w.spinning)),
		"marks": unsafe.Sizeof(m) - unsafe.Sizeof(m.Bool),
		"nodes": unsafe.Sizeof(n) - (unsafe.Offsetof(n.pause) + unsafe.Sizeof(n.pause)),
	} {
		if gap < impls.CacheLine {
			t.Errorf("%d bytes between two %s, want %d", gap, name, impls.CacheLine)
		}
	}
}
