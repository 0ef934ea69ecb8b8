package workload

import (
	"math"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
)

// In a planted program each operation takes a share longer, by an exact clock. TestPlant of
// scripts/figures runs this in the package workload of such a program.
func TestPlanted(t *testing.T) {
	const wait = 1_000_000 // of a task until it runs
	measure := func(name string) float64 {
		w, _ := Find(All(), name)
		values, err := w.Values(nil)
		if err != nil {
			t.Fatal(err)
		}
		p := &clockPool{}
		p.onRun = func(host.Task) { p.now += wait }
		g := p.generator()
		totals, err := w.New(values).Run(g, time.Nanosecond)
		if err != nil {
			t.Fatal(err)
		}
		if name != "wake" {
			return float64(totals.Time) / float64(totals.Ops)
		}
		for v := range recorded(g.Recorders[0]) {
			return float64(v)
		}
		return 0
	}
	for _, name := range []string{"wake", "spawn_many_remote_idle", "ping_pong"} {
		slower = 0
		plain := measure(name)
		slower = 0.1
		if ratio := measure(name) / plain; math.Abs(ratio-1.1) > 0.001 {
			t.Errorf("%s takes %v times as long, want 1.1", name, ratio)
		}
	}

	p := &clockPool{}
	g := p.generator()
	start := p.Now()
	p.now += wait
	task := openTask{g: g, at: start, service: 2 * wait}
	task.underWay.Store(true)
	task.Run(p)
	for v := range recorded(g.Recorders[0]) {
		if math.Abs(float64(v)-1.1*wait) > 0.001*wait {
			t.Errorf("a task of poisson waits for %d ns, want %v", v, 1.1*wait)
		}
	}
	if end := p.now - start; math.Abs(float64(end)-3*wait) > 0.001*wait {
		t.Errorf("a task of poisson has ended after %d ns, want %d: its service time is not longer", end, 3*wait)
	}

	// A task that comes late takes no longer than it would have, so the queue does not grow.
	start = p.Now()
	p.now += 100 * wait
	late := openTask{g: g, at: start, service: wait}
	late.underWay.Store(true)
	begin := p.now
	late.Run(p)
	if took := p.now - begin; math.Abs(float64(took)-wait) > 0.001*wait {
		t.Errorf("a task of poisson that has waited for %d ns takes %d, want its service time, %d", 100*wait, took, wait)
	}
}
