package bitmapfixed_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/bitmapfixed"
	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/park"
)

// Each repair alone leaves a manager that is right, but for the races of the
// defects that are left.
func TestSingles(t *testing.T) {
	for _, impl := range bitmapfixed.Singles() {
		t.Run(impl.Name, func(t *testing.T) {
			t.Parallel() // its workers mostly wait
			if err := idletest.Brief(impl, func() impls.Parker { return park.NewChan() }); err != nil {
				t.Error(err)
			}
			if len(impl.Races) != len(bitmap.Implementation.Races)-1 {
				t.Errorf("it names the races %v", impl.Races)
			}
		})
	}
}

func TestInvariants(t *testing.T) { idletest.Run(t, bitmapfixed.Implementation) }
