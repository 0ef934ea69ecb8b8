package explore

import (
	"runtime"
	"testing"
)

// threeThreads is the program of explore/peer.
func threeThreads() {
	n := new(Int32)
	m := new(Mutex)
	locked := 0
	for range 3 {
		Go(func() {
			for range 10 {
				n.Add(1)
				m.Lock()
				locked++
				m.Unlock()
			}
		})
	}
	Wait()
}

func BenchmarkThreeThreads(b *testing.B) {
	b.ReportAllocs()
	r := Run(threeThreads, Random(1), Limits{Executions: b.N})
	b.ReportMetric(float64(r.MaxSteps), "steps/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*r.MaxSteps), "ns/step")
}

// A step allocates nothing: neither does the strategy, nor a switch, nor an
// operation that was done before.
func TestStepsDoNotAllocate(t *testing.T) {
	for name, s := range map[string]Strategy{"random": Random(1), "PCT": PCT(3, 1), "unbounded": brute(-1)} {
		var n Int32
		var word Uint32
		var m Mutex
		c := MakeChan[int](2)
		execution, least, steps := 0, ^uint64(0), 0
		Run(func() {
			execution++
			for range 3 {
				Go(func() {
					for range 20 {
						n.Add(1)
						word.CompareAndSwap(0, 1)
						FutexWake(&word, 1)
						m.Lock()
						n.Store(n.Load())
						m.Unlock()
						if TrySend(c, 1) {
							Recv(c)
						}
						Yield()
						Choose(2)
					}
				})
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			first := len(current.trace)
			Wait()
			runtime.ReadMemStats(&after)
			if execution > 10 { // when traces have grown as long as they need
				least = min(least, after.Mallocs-before.Mallocs)
				steps = max(steps, len(current.trace)-first)
			}
		}, s, Limits{Executions: 20})
		// The runtime itself allocates now and then; a step would in each execution.
		if least != 0 || steps < 400 {
			t.Errorf("%s: at least %d allocations in %d steps", name, least, steps)
		}
	}
}
