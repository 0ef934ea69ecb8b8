package host_test

import (
	"sync/atomic"
	"testing"

	"github.com/idlebench/idlebench/loadgen/host"
)

// chainTask spawns itself until it has run often enough.
type chainTask struct{ left atomic.Int64 }

func (c *chainTask) Run(w host.Worker) {
	if c.left.Add(-1) > 0 {
		w.Spawn(c)
	}
}

// Tasks that are submitted or spawned cost no allocation. The runtime allocates
// now and then when goroutines block, so what is asserted is far less than one
// for each task.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	forEach(t, func(t *testing.T, c host.Config) {
		s := start(t, c, 2, 2)
		defer closeNow(t, s)
		const tasks = 1000
		chain := new(chainTask)
		batch := make([]host.Task, 10)
		for i := range batch {
			batch[i] = chain
		}
		round := func() {
			chain.left.Store(tasks)
			s.Submit(chain)
			s.SubmitAll(batch)
			for chain.left.Load() > 0 {
			}
		}
		round()
		if n := testing.AllocsPerRun(10, round); n > tasks/100 {
			t.Errorf("%v allocations for %d tasks", n, tasks)
		}
	})
}
