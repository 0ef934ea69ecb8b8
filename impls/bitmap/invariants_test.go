package bitmap_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/park"
)

func TestInvariants(t *testing.T) {
	for _, kind := range park.Kinds() {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel() // a scenario mostly waits
			if kind.Missing != "" {
				t.Skip(kind.Missing)
			}
			if kind.Spins {
				t.Skip("more than a hundred workers cannot spin at once")
			}
			check := idletest.Test
			if testing.Short() {
				check = idletest.Brief
			}
			if err := check(bitmap.Implementation, kind.New); err != nil {
				t.Fatal(err)
			}
		})
	}
}
