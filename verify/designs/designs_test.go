package designs

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/park"
)

func TestInvariants(t *testing.T) {
	run := func(impl impls.Implementation, test func(impls.Implementation, func() impls.Parker) error) {
		t.Run(impl.Name, func(t *testing.T) {
			t.Parallel()
			if err := test(impl, park.Kinds()[0].New); err != nil {
				t.Error(err)
			}
		})
	}
	for _, impl := range All() {
		run(impl, idletest.Test)
	}
	for _, impl := range Lockless() {
		run(Locked(impl), idletest.Brief)
	}
}
