//go:build !explore && !perturb && !simulate

package jec

import (
	"testing"
	"unsafe"

	"github.com/idlebench/idlebench/impls"
)

// The word has its line for itself, and so has each worker.
func TestLayout(t *testing.T) {
	var i Idle
	word := unsafe.Offsetof(i.word)
	if before := word - (unsafe.Offsetof(i.Base) + unsafe.Sizeof(i.Base)); before < impls.CacheLine {
		t.Errorf("%d bytes in front of the word", before)
	}
	if after := unsafe.Offsetof(i.workers) - word; after < impls.CacheLine {
		t.Errorf("%d bytes from the word to what follows", after)
	}
	if size := unsafe.Sizeof(worker{}); size < impls.CacheLine {
		t.Errorf("a worker has %d bytes", size)
	}
}
