//go:build !explore && !perturb && !simulate

package eventcount

import (
	"testing"
	"unsafe"

	"github.com/idlebench/idlebench/impls"
)

// The word and the spinner's flag are on one line, and nothing else that is used is.
// Two waiters share none.
func TestLayout(t *testing.T) {
	var i Idle
	word, spinning := unsafe.Offsetof(i.word), unsafe.Offsetof(i.spinning)
	if spinning != word+unsafe.Sizeof(i.word) {
		t.Errorf("the word is at %d and the flag at %d", word, spinning)
	}
	if before := word - (unsafe.Offsetof(i.Base) + unsafe.Sizeof(i.Base)); before < impls.CacheLine {
		t.Errorf("%d bytes in front of the word", before)
	}
	if after := unsafe.Offsetof(i.waiters) - spinning; after < impls.CacheLine {
		t.Errorf("%d bytes from the flag to what follows", after)
	}
	if size := unsafe.Sizeof(waiter{}); size < impls.CacheLine {
		t.Errorf("a waiter has %d bytes", size)
	}
	if size := unsafe.Sizeof(flag{}); size != impls.CacheLine {
		t.Errorf("a spinner's mark has %d bytes", size)
	}
}
