package ctlstack_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/ctlstack"
	"github.com/idlebench/idlebench/impls/idletest"
)

func TestInvariants(t *testing.T) { idletest.Run(t, ctlstack.Implementation) }
