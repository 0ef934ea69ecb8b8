package gosched

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
)

func TestInvariants(t *testing.T) { idletest.Run(t, Implementation) }
