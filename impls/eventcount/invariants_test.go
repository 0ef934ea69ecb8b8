package eventcount_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/eventcount"
	"github.com/idlebench/idlebench/impls/idletest"
)

func TestInvariants(t *testing.T) { idletest.Run(t, eventcount.Implementation) }
