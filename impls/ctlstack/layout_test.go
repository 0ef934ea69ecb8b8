//go:build !explore && !perturb

package ctlstack

import (
	"testing"
	"unsafe"

	"github.com/idlebench/idlebench/impls"
)

// The word of the stack shares no line with anything else, nor do two nodes or two
// marks.
func TestLinesOfTheirOwn(t *testing.T) {
	var i Idle
	ctl := unsafe.Offsetof(i.ctl)
	if before := ctl - (unsafe.Offsetof(i.pauses) + unsafe.Sizeof(i.pauses)); before < impls.CacheLine {
		t.Errorf("%d bytes before ctl", before)
	}
	if after := unsafe.Sizeof(i) - (ctl + unsafe.Sizeof(i.ctl)); after < impls.CacheLine {
		t.Errorf("%d bytes after ctl", after)
	}
	var n node
	if gap := unsafe.Sizeof(n) - (unsafe.Offsetof(n.random) + unsafe.Sizeof(n.random)); gap < impls.CacheLine {
		t.Errorf("%d bytes between two nodes", gap)
	}
	var m mark
	if gap := unsafe.Sizeof(m) - unsafe.Sizeof(m.Bool); gap < impls.CacheLine {
		t.Errorf("%d bytes between two marks", gap)
	}
}
