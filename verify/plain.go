//go:build !explore

package verify

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// Explore explores an idle manager with all parkers in all scenarios, each in a
// subtest named parker/scenario. In a build without the tag explore it skips the
// test.
func Explore(t *testing.T, impl impls.Implementation, o *Options) {
	t.Helper()
	t.Skip("schedules are explored with: go test -tags explore")
}
