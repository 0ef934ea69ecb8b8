//go:build explore

package prim_test

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls/prim"
)

// A spin whose time is over ends though the other thread stands still: it is not a
// wait for that thread's next step.
func TestSpinEndsByItself(t *testing.T) {
	never := func() bool { return false }
	for name, spin := range map[string]func() bool{
		"Spin":       func() bool { return prim.Spin(time.Microsecond, never) },
		"SpinTimes":  func() bool { return prim.SpinTimes(9, never) },
		"YieldTimes": func() bool { return prim.YieldTimes(9, never) },
		"one yield":  func() bool { return prim.YieldTimes(1, never) },
	} {
		stoodStill, moved := false, false
		r := explore.Run(func() {
			var step prim.Uint32
			prim.Go(func() {
				step.Store(1)
				step.Store(2)
			})
			if step.Load() != 1 {
				return
			}
			if spin() {
				t.Errorf("%s: done", name)
			}
			if step.Load() == 1 {
				stoodStill = true
			} else {
				moved = true
			}
		}, explore.Bounded(3), explore.Limits{})
		if r.Failure != nil || !stoodStill || !moved {
			t.Errorf("%s: the other thread stood still: %v, moved: %v; %v", name, stoodStill, moved, r)
		}
	}
}
