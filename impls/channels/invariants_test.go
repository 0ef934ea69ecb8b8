package channels_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/channels"
	"github.com/idlebench/idlebench/impls/idletest"
)

func TestInvariants(t *testing.T) { idletest.Run(t, channels.Implementation) }
