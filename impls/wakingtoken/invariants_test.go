package wakingtoken_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/wakingtoken"
)

func TestInvariants(t *testing.T) { idletest.Run(t, wakingtoken.Implementation) }

// A fan-out of 2 makes no difference to parkers, so one of them is enough.
func TestInvariantsOfTree(t *testing.T) {
	if err := idletest.Test(wakingtoken.Tree, park.Kinds()[0].New); err != nil {
		t.Error(err)
	}
}
