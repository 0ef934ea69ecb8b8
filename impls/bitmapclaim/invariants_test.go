package bitmapclaim_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/bitmapclaim"
	"github.com/idlebench/idlebench/impls/idletest"
)

func TestInvariants(t *testing.T) { idletest.Run(t, bitmapclaim.Implementation) }
