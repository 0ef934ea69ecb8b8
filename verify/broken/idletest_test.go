//go:build !explore

package broken

import (
	"errors"
	"flag"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/park"
)

var (
	limit = flag.Duration("limit", time.Minute, "how long idletest may look for the defect of a manager")
	every = flag.Bool("all", false, "go on until the limit also if all but one have been found")
)

// Idletest passes the managers without a defect.
func TestSoundPass(t *testing.T) {
	for _, impl := range Sound() {
		t.Run(impl.Name, func(t *testing.T) {
			t.Parallel()
			if err := idletest.Brief(impl, newParker); err != nil {
				t.Error(err)
			}
		})
	}
}

// Idletest finds at least eleven of the twelve, and says for which invariant. It
// takes the stack without a version a publisher that stops between two instructions
// while two others come and go, which is for the explorer.
func TestIdletestFinds(t *testing.T) {
	var found atomic.Int32
	enough := int32(len(Managers()) - 1)
	t.Run("all", func(t *testing.T) {
		for _, m := range Managers() {
			t.Run(m.Name, func(t *testing.T) {
				t.Parallel()
				start := time.Now()
				for time.Since(start) < *limit && (*every || found.Load() < enough) {
					err := idletest.Brief(m.Implementation, newParker)
					if err == nil {
						continue
					}
					found.Add(1)
					var v *idletest.Violation
					if !errors.As(err, &v) || !slices.Contains(m.Breaks, v.Invariant) {
						t.Fatalf("want one of %v: %v", m.Breaks, err)
					}
					t.Logf("%s in %q, %d cores, %d workers, host %d, after %v: %s",
						v.Invariant, v.Scenario, v.Cores, v.Workers, v.Seed, time.Since(start).Round(time.Millisecond), v.Detail)
					return
				}
				t.Logf("not found in %v", time.Since(start).Round(time.Second))
			})
		}
	})
	if n := found.Load(); n < enough {
		t.Errorf("found %d, want %d of %d", n, enough, len(Managers()))
	}
}

// The parker with the fewest steps.
var newParker = func() func() impls.Parker {
	kind, _ := park.Find(park.Kinds(), "chan")
	return kind.New
}()
