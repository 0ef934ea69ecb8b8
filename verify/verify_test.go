package verify

import (
	"flag"
	"testing"

	"github.com/idlebench/idlebench/impls/builtin"
)

var options = Flags(flag.CommandLine)

func TestScenarios(t *testing.T) {
	for _, impl := range builtin.Implementations() {
		t.Run(impl.Name, func(t *testing.T) { Explore(t, impl, options) })
	}
}
