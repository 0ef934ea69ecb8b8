package relay_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/relay"
)

func TestInvariants(t *testing.T) {
	idletest.Run(t, relay.Implementation)
	t.Run("free", func(t *testing.T) { idletest.Run(t, relay.Free) })
}
