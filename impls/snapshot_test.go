package impls_test

import (
	"fmt"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

func TestSnapshot(t *testing.T) {
	var s impls.Snapshot
	if s.IsIdle(0) || s.IsIdle(1000) {
		t.Error("the zero value is not empty")
	}
	for cores, words := range map[int]int{0: 0, 1: 1, 64: 1, 65: 2, 1024: 16} {
		s.Resize(cores)
		if len(s.Words) != words {
			t.Errorf("%d cores: %d words, want %d", cores, len(s.Words), words)
		}
	}
	s.Resize(128)
	s.Words[1] = 1 << 3
	for _, core := range []int{0, 3, 66, 68, 127, 128, 10_000} {
		if s.IsIdle(core) {
			t.Errorf("core %d is in the set", core)
		}
	}
	if !s.IsIdle(67) {
		t.Error("core 67 is not in the set")
	}
	s.Resize(128)
	if s.IsIdle(67) {
		t.Error("Resize left core 67 in the set")
	}
	if n := testing.AllocsPerRun(10, func() { s.Resize(64); s.Resize(128) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func ExampleSnapshot() {
	var s impls.Snapshot
	s.Resize(4)
	s.Words[0] = 0b0101 // as a manager would fill it in
	for core := range 4 {
		fmt.Println(core, s.IsIdle(core))
	}
	// Output:
	// 0 true
	// 1 false
	// 2 true
	// 3 false
}
