package probe

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// padding keeps what follows off the cache lines, and the pairs of lines that are
// prefetched together, of what comes before.
type padding [128]byte

// together runs each function on a thread of its own, pinned to the CPU of the same
// place, and waits for all to return. They begin when all are pinned; if one cannot be,
// none begins.
func together(cpus []int, functions ...func()) error {
	var pinned, ended sync.WaitGroup
	errs := make([]error, len(functions))
	pinned.Add(len(functions))
	for i, f := range functions {
		ended.Go(func() {
			// Never unlocked: the thread ends with the goroutine, so that no other
			// goroutine inherits its affinity.
			runtime.LockOSThread()
			errs[i] = cpu.PinThread(cpus[i])
			pinned.Done()
			pinned.Wait()
			for _, err := range errs {
				if err != nil {
					return
				}
			}
			f()
		})
	}
	ended.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// reserve keeps the threads of the process off some CPUs until release is called: only a
// thread that is pinned later runs there. Go's runtime has a thread that looks every 20 µs
// whether one is in a system call for long, and a thread that sleeps on a futex is. Where
// it wakes the CPU of the sleeper, that is not idle for as long as the probe says.
// Launches keep the runtime off the CPUs of workers, too.
//
// If the process may run on no other CPU, nothing is reserved.
func reserve(cpus cpu.Set) (release func() error, err error) {
	allowed, err := cpu.Allowed()
	if err != nil {
		return nil, err
	}
	rest := allowed.Without(cpus)
	if len(cpus) == 0 || len(rest) == 0 {
		return func() error { return nil }, nil
	}
	return cpu.Confine(rest)
}

// repeat runs batches until the time is over, at least a few, and returns their
// figure. It ends early if the context does.
func repeat(ctx context.Context, length time.Duration, batch func() float64, figure func([]float64) Figure) Figure {
	const least = 4
	batch() // the caches are cold
	var all []float64
	for end := latency.Now() + int64(length); ; {
		all = append(all, batch())
		if ctx.Err() != nil || len(all) >= least && latency.Now() >= end {
			return figure(all)
		}
	}
}

// timed returns the time of n operations that f does, for one.
func timed(n int, f func()) float64 {
	start := latency.Now()
	f()
	return float64(latency.Now()-start) / float64(n)
}

// spinFor keeps the CPU busy.
func spinFor(d time.Duration) {
	for end := latency.Now() + int64(d); latency.Now() < end; {
	}
}
