package rendezvous_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/rendezvous"
)

func TestInvariants(t *testing.T) { idletest.Run(t, rendezvous.Implementation) }
