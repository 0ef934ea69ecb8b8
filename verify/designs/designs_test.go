package designs

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/park"
)

func TestInvariants(t *testing.T) {
	for _, impl := range All() {
		t.Run(impl.Name, func(t *testing.T) {
			t.Parallel()
			if err := idletest.Test(impl, park.Kinds()[0].New); err != nil {
				t.Error(err)
			}
		})
	}
}
