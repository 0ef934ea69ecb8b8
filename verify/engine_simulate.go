//go:build simulate && !explore

package verify

import "github.com/idlebench/idlebench/simulate"

// What scenarios need of the engine that runs them, apart from impls/prim.

func choose(n int) int { return simulate.Choose(n) }
func wait()            { simulate.Wait() }

// always does nothing: in a simulation operations overlap, so there is no state between
// two of them. The replay of its schedule checks the invariant.
func always(func() error) {}
