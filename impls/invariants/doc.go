// Package invariants says whether the suite's internal assertions are compiled
// in. They are with the race detector, in the explorer's builds and with the
// build tag invariants; in an ordinary build, the one that is measured, they
// are constant-false branches that leave no instruction behind.
//
//	if invariants.Enabled && len(s.sleepers) > workers {
//		panic("bitmap: a worker sleeps twice")
//	}
package invariants
