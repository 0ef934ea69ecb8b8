//go:build explore

package verify

import "github.com/idlebench/idlebench/explore"

// What scenarios need of the engine that runs them, apart from impls/prim.

func choose(n int) int      { return explore.Choose(n) }
func wait()                 { explore.Wait() }
func always(f func() error) { explore.Always(f) }
