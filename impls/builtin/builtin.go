// Package builtin lists the idle managers of the suite, for the catalogue and for
// the tests that run everything on each of them.
package builtin

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/bitmapclaim"
	"github.com/idlebench/idlebench/impls/bitmapfixed"
	"github.com/idlebench/idlebench/impls/channels"
	"github.com/idlebench/idlebench/impls/ctlstack"
	"github.com/idlebench/idlebench/impls/eventcount"
	"github.com/idlebench/idlebench/impls/gosched"
	"github.com/idlebench/idlebench/impls/jec"
	"github.com/idlebench/idlebench/impls/multithread"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/relay"
	"github.com/idlebench/idlebench/impls/rendezvous"
	"github.com/idlebench/idlebench/impls/semaphore"
	"github.com/idlebench/idlebench/impls/wakingtoken"
)

// Implementations returns those that are measured by default, in the order of
// listings and of the matrix.
func Implementations() []impls.Implementation {
	return []impls.Implementation{bitmap.Implementation, mutexonly.Implementation, channels.Implementation}
}

// Others returns those that are measured on request.
func Others() []impls.Implementation {
	return append([]impls.Implementation{
		bitmapclaim.Implementation,
		bitmapfixed.Implementation,
		ctlstack.Implementation,
		eventcount.Implementation,
		gosched.Implementation,
		jec.Implementation,
		multithread.Implementation,
		relay.Implementation,
		relay.Free,
		rendezvous.Implementation,
		semaphore.Implementation,
		wakingtoken.Implementation,
		wakingtoken.Tree,
	}, bitmapfixed.Singles()...)
}
