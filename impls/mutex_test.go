package impls_test

import (
	"sync"
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// kinds are the kinds of mutex that this system has.
func kinds() map[string]impls.MutexKind {
	all := map[string]impls.MutexKind{"go": impls.GoMutex}
	if prim.HasFutex {
		all["futex"] = impls.FutexMutex
	}
	return all
}

func TestMutex(t *testing.T) {
	for name, kind := range kinds() {
		t.Run(name, func(t *testing.T) {
			const threads, each = 4, 5_000
			m := &impls.Mutex{Kind: kind}
			n := 0
			var wg sync.WaitGroup
			for range threads {
				wg.Go(func() {
					for i := range each {
						if i%2 == 0 || !m.TryLock() {
							m.Lock()
						}
						n++
						m.Unlock()
					}
				})
			}
			wg.Wait()
			if n != threads*each {
				t.Errorf("%d increments, want %d", n, threads*each)
			}
			m.Lock()
			if m.TryLock() {
				t.Error("a mutex that is held was taken")
			}
			m.Unlock()
			if !m.TryLock() {
				t.Error("a mutex that is free was not taken")
			}
		})
	}
}

func TestUnlockOfUnlockedFutexMutex(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it is no mistake")
		}
	}()
	(&impls.Mutex{Kind: impls.FutexMutex}).Unlock()
}
