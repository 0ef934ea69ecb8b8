//go:build explore

package impls

import (
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls/prim"
)

// Under every schedule at most one thread holds the mutex, what one wrote under it
// the next one sees, and each that waits gets it.
func TestExploreMutex(t *testing.T) {
	for _, test := range []struct {
		name     string
		strategy explore.Strategy
		threads  int
		rounds   int
	}{
		{"two threads", explore.Reduced(), 2, 1},
		{"two threads, twice", explore.Bounded(4), 2, 2},
		{"three threads", explore.Bounded(3), 3, 1},
		{"three threads, twice", explore.Bounded(2), 3, 2},
		{"four threads", explore.Bounded(1), 4, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := explore.Run(func() {
				m := &Mutex{Kind: FutexMutex}
				var n prim.Var[int] // an access that nothing orders is a failure
				for range test.threads {
					prim.Go(func() {
						for range test.rounds {
							m.Lock()
							n.Set(n.Get() + 1)
							m.Unlock()
						}
					})
				}
				explore.Wait()
				if got := n.Get(); got != test.threads*test.rounds {
					panic("an increment was lost")
				}
			}, test.strategy, explore.Limits{})
			t.Log(r)
			if r.Failure != nil || !r.Complete {
				t.Errorf("%v\n%v", r, r.Failure)
			}
		})
	}
}

// A thread that only tries never waits, and takes a mutex that is free.
func TestExploreTryLock(t *testing.T) {
	r := explore.Run(func() {
		m := &Mutex{Kind: FutexMutex}
		var n prim.Var[int]
		took := 0
		for range 2 {
			prim.Go(func() {
				if m.TryLock() {
					n.Set(n.Get() + 1)
					took++
					m.Unlock()
				}
				m.Lock()
				n.Set(n.Get() + 1)
				m.Unlock()
			})
		}
		explore.Wait()
		if took == 0 || n.Get() != 2+took {
			panic("the mutex was taken another number of times")
		}
	}, explore.Bounded(3), explore.Limits{})
	t.Log(r)
	if r.Failure != nil || !r.Complete {
		t.Errorf("%v\n%v", r, r.Failure)
	}
}
