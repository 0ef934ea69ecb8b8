package designs

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/park"
)

func TestInvariants(t *testing.T) {
	all := All()
	for _, impl := range Lockless() {
		all = append(all, Locked(impl))
	}
	for _, impl := range all {
		t.Run(impl.Name, func(t *testing.T) {
			t.Parallel()
			if err := idletest.Test(impl, park.Kinds()[0].New); err != nil {
				t.Error(err)
			}
		})
	}
}
