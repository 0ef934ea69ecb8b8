package wakingtoken_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/wakingtoken"
)

func TestInvariants(t *testing.T)  { idletest.Run(t, wakingtoken.Implementation) }
func TestInvariants2(t *testing.T) { idletest.Run(t, wakingtoken.Implementation2) }
