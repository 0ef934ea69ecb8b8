package jec_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/jec"
)

func TestInvariants(t *testing.T) { idletest.Run(t, jec.Implementation) }
