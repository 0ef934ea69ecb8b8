package mutexonly_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/mutexonly"
)

func TestInvariants(t *testing.T) { idletest.Run(t, mutexonly.Implementation) }
