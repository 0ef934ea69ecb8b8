package workload

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// onHosts runs a test with a generator for every idle manager that is measured by
// default with one parker, and for mutexonly with every parker that this system has, on
// a scheduler with that many workers. It checks in the end that the scheduler can be closed: that nothing was lost.
func onHosts(t *testing.T, workers int, test func(t *testing.T, g *Generator)) {
	for i, impl := range builtin.Implementations() {
		kinds := slices.DeleteFunc(park.Kinds(), func(k park.Kind) bool { return k.Missing != "" })
		switch {
		case impl.Parker != "":
			kinds = []park.Kind{{Name: impl.Parker}}
		case impl.Name != mutexonly.Implementation.Name:
			kinds = kinds[i%len(kinds):][:1]
		}
		for _, kind := range kinds {
			t.Run(impl.Name+"/"+kind.Name, func(t *testing.T) {
				test(t, hostGenerator(t, workers, host.Config{Idle: impl, NewParker: kind.New}))
			})
		}
	}
}

func hostGenerator(t *testing.T, workers int, c host.Config) *Generator {
	c.Cores, c.Workers, c.Seed = workers, workers, 1
	start := func() (*host.Scheduler, error) { return host.Start(c) }
	s, err := start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	g := poolGenerator(s, workers)
	g.Host, g.StartScheduler = s, start
	return g
}

func poolGenerator(p Pool, workers int) *Generator {
	parker := park.NewCond()
	return &Generator{
		Pool:      p,
		Now:       latency.Now,
		Workers:   workers,
		Seed:      1,
		Recorders: make([]*latency.Recorder, workers+1),
		Wait:      parker.Park,
		Wake:      parker.Unpark,
		Sleep:     time.Sleep,
		Pause:     cpu.Yield, // there may be fewer CPUs than threads
		Pin:       func(int) error { return nil },
		How:       Thread,
	}
}

// ran returns how many tasks the host has run.
func ran(t *testing.T, g *Generator) int64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := g.Host.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	return int64(g.Host.Counters().Tasks)
}

// samples returns how many times were recorded.
func samples(g *Generator) (n int64) {
	for _, r := range g.Recorders {
		if r != nil {
			sum, _ := latency.Merge([]*latency.Recorder{r})
			n += sum.TotalCount()
		}
	}
	return n
}

// load makes a load for the given values, and the defaults.
func load(t *testing.T, w Workload, given map[string]string) Load {
	t.Helper()
	v, err := w.Values(given)
	if err != nil {
		t.Fatal(err)
	}
	return w.New(v)
}

// run runs a load for a short time.
func run(t *testing.T, l Load, g *Generator, limit time.Duration) Totals {
	t.Helper()
	totals, err := l.Run(g, limit)
	if err != nil {
		t.Fatal(err)
	}
	return totals
}

func metric(t *testing.T, totals Totals, unit string) float64 {
	t.Helper()
	for _, m := range totals.Metrics() {
		if m.Unit == unit {
			return m.Value
		}
	}
	t.Fatalf("no %s in %v", unit, totals.Metrics())
	return 0
}
