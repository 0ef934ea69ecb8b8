package semaphore_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/semaphore"
)

func TestInvariants(t *testing.T) { idletest.Run(t, semaphore.Implementation) }
