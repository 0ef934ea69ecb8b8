//go:build !simulate || explore

package idletest

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"time"
)

// What the threads of a host are: goroutines.

var (
	thorough = effort{10 * time.Second, 20, []int{1, 2, 3, 4}, []int{63, 64, 65, 128}}
	brief    = effort{2 * time.Second, 20, []int{1, 2, 3, 4}, nil}
)

// spinning returns how many cores a host may have whose workers spin: one worker more
// than cores, and the test, need a CPU each.
func spinning() (cores int) { return runtime.GOMAXPROCS(0) - 2 }

// on runs a host from its beginning to its end.
func on(_ uint64, _ int, f func()) error {
	f()
	return nil
}

func start(f func()) { go f() }

// all runs functions at the same time and waits for them.
func all(functions ...func()) {
	var wg sync.WaitGroup
	for _, f := range functions {
		wg.Go(f)
	}
	wg.Wait()
}

// inTime reports whether a function returns in time.
func inTime(patience time.Duration, f func()) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
		return true
	case <-time.After(patience):
		return false
	}
}

var begin = time.Now()

func now() time.Duration    { return time.Since(begin) }
func sleep(d time.Duration) { time.Sleep(d) }
func offer()                { runtime.Gosched() }
func random() uint32        { return rand.Uint32() }

// compute stays busy for some instructions.
func compute(n int) {
	for range n {
		_ = n
	}
}
