package host_test

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// BenchmarkLock is what the host's lock costs: while it is free, for each kind and
// for sync.Mutex itself, and how long a thread waits that finds it held for another
// 10 µs. For the latter there are two threads, each pinned to a CPU of its own as the
// host's workers are. An operation is one wait.
//
//	go test ./loadgen/host -run - -bench Lock
func BenchmarkLock(b *testing.B) {
	b.Run("free/sync", func(b *testing.B) {
		var m sync.Mutex
		n := 0
		for b.Loop() {
			m.Lock()
			n++
			m.Unlock()
		}
	})
	for _, kind := range []struct {
		name string
		kind impls.MutexKind
	}{{"go", impls.GoMutex}, {"futex", impls.FutexMutex}} {
		if kind.kind == impls.FutexMutex && !prim.HasFutex {
			continue
		}
		b.Run("free/"+kind.name, func(b *testing.B) {
			m := &impls.Mutex{Kind: kind.kind}
			n := 0
			for b.Loop() {
				m.Lock()
				n++
				m.Unlock()
			}
		})
		b.Run("contended/"+kind.name, func(b *testing.B) { contended(b, kind.kind) })
	}
}

// contended measures how long a thread waits for one that has just taken the mutex.
func contended(b *testing.B, kind impls.MutexKind) {
	const hold = int64(10 * time.Microsecond)
	allowed, err := cpu.Allowed()
	if err != nil || len(allowed) < 2 {
		b.Skip("it needs two CPUs to pin threads to")
	}
	m := &impls.Mutex{Kind: kind}
	var held, waited atomic.Int64 // rounds in which the mutex was taken, and passed on
	on := func(at int, round func(i int64)) func() {
		return func() {
			runtime.LockOSThread() // and end with it
			if err := cpu.PinThread(allowed[at]); err != nil {
				b.Error(err)
			}
			for i := range int64(b.N) {
				round(i)
			}
		}
	}
	waits := make([]int64, 0, b.N)
	var wg sync.WaitGroup
	wg.Go(on(0, func(i int64) {
		m.Lock()
		held.Store(i + 1)
		for end := latency.Now() + hold; latency.Now() < end; {
		}
		m.Unlock()
		for waited.Load() <= i {
		}
	}))
	wg.Go(on(1, func(i int64) {
		for held.Load() <= i {
		}
		start := latency.Now()
		m.Lock()
		waits = append(waits, latency.Now()-start)
		m.Unlock()
		waited.Store(i + 1)
	}))
	wg.Wait()
	slices.Sort(waits)
	for _, q := range []struct {
		unit  string
		share float64
	}{{"p50-ns/wait", 0.5}, {"p90-ns/wait", 0.9}, {"p99-ns/wait", 0.99}} {
		b.ReportMetric(float64(waits[int(q.share*float64(len(waits)-1))]), q.unit)
	}
}
