//go:build !explore && !perturb

package bitmapclaim

import (
	"testing"
	"unsafe"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
)

// Publishers read the count whenever they publish, and a word when no worker searches.
// Neither is on a line with another word or with anything else that is written.
func TestLines(t *testing.T) {
	i := New(idletest.NoWork(200))
	for at := 1; at < len(i.idle); at++ {
		before, word := uintptr(unsafe.Pointer(&i.idle[at-1])), uintptr(unsafe.Pointer(&i.idle[at]))
		if word-before < impls.CacheLine {
			t.Errorf("words %d and %d are %d bytes apart", at-1, at, word-before)
		}
	}
	count := uintptr(unsafe.Pointer(&i.searching))
	for name, end := range map[string]uintptr{
		"the fields before": uintptr(unsafe.Pointer(&i.owner)) + unsafe.Sizeof(i.owner),
		"the end":           uintptr(unsafe.Pointer(i)) + unsafe.Sizeof(*i),
	} {
		if distance := max(count, end) - min(count, end); distance < impls.CacheLine {
			t.Errorf("the count is %d bytes from %s", distance, name)
		}
	}
}
