//go:build !explore && !perturb

package wakingtoken

import (
	"testing"
	"unsafe"

	"github.com/idlebench/idlebench/impls"
)

// The word shares no cache line with what is only read, and no two workers' fields
// share one.
func TestWordIsAlone(t *testing.T) {
	var i Idle
	start := unsafe.Offsetof(i.word)
	if before := unsafe.Offsetof(i.holds) + unsafe.Sizeof(i.holds); start-before < impls.CacheLine {
		t.Errorf("%d bytes before the word", start-before)
	}
	if after := unsafe.Sizeof(i) - start - unsafe.Sizeof(i.word); after < impls.CacheLine {
		t.Errorf("%d bytes after the word", after)
	}
	if size := unsafe.Sizeof(link{}); size < impls.CacheLine {
		t.Errorf("a link has %d bytes", size)
	}
	if size := unsafe.Sizeof(holds{}); size < impls.CacheLine {
		t.Errorf("a worker's token has %d bytes", size)
	}
}
