// Package builtin lists the idle managers of the suite, for the catalogue and for
// the tests that run everything on each of them.
package builtin

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/channels"
	"github.com/idlebench/idlebench/impls/mutexonly"
)

// Implementations returns them, in the order of listings and of the matrix.
func Implementations() []impls.Implementation {
	return []impls.Implementation{bitmap.Implementation, mutexonly.Implementation, channels.Implementation}
}
