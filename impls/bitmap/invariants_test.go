package bitmap_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/idletest"
)

func TestInvariants(t *testing.T) { idletest.Run(t, bitmap.Implementation) }
