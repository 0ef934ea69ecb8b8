package relay_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/relay"
)

func TestInvariants(t *testing.T) { idletest.Run(t, relay.Implementation) }

// The injection queue makes no difference to parkers, so one of them is enough.
func TestInvariantsOfFree(t *testing.T) {
	if err := idletest.Test(relay.Free, park.Kinds()[0].New); err != nil {
		t.Error(err)
	}
}
