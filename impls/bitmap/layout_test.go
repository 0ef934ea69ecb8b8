//go:build !explore && !perturb

package bitmap

import (
	"testing"
	"unsafe"
)

// The three values that are read without the lock are on one cache line wherever
// the manager is, as in the original: what they cost each other is a part of the
// design.
func TestCountersShareALine(t *testing.T) {
	const line = 64
	for range 1000 {
		i, _, _ := newIdle(2, 2)
		searching := uintptr(unsafe.Pointer(&i.numSearching)) / line
		needs := uintptr(unsafe.Pointer(&i.needsSearching)) / line
		idle := uintptr(unsafe.Pointer(&i.numIdle)) / line
		if searching != needs || needs != idle {
			t.Fatalf("the counters are on lines %d, %d and %d", searching, needs, idle)
		}
		// What a publisher reads to know the repairs costs it no other line.
		if repairs := uintptr(unsafe.Pointer(&i.repairs)) / line; repairs != idle {
			t.Fatalf("the counters are on line %d, and the repairs on line %d", idle, repairs)
		}
	}
}
