package mine

import (
	"flag"
	"testing"

	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/verify"
)

var options = verify.Flags(flag.CommandLine)

// On real threads: go test, also with -race or -tags perturb, and with -tags
// invariants, which checks the assertions.
func TestInvariants(t *testing.T) { idletest.Run(t, Implementation) }

// Under all schedules with a few preemptions: go test -tags explore.
func TestSchedules(t *testing.T) { verify.Explore(t, Implementation, options) }
