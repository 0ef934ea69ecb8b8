package flags_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/flags"
	"github.com/idlebench/idlebench/impls/idletest"
)

func TestInvariants(t *testing.T) { idletest.Run(t, flags.Implementation) }
