package workload

import (
	"errors"
	"maps"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// Each burst gets every worker, and what was recorded is in order.
func TestRampUp(t *testing.T) {
	for _, submit := range []string{"all", "each", "spawn"} {
		t.Run(submit, func(t *testing.T) {
			onHosts(t, 2, func(t *testing.T, g *Generator) {
				l := load(t, rampUp, map[string]string{"submit": submit, "gap": "0s"})
				totals := run(t, l, g, time.Millisecond)
				if n := ran(t, g); n != totals.Tasks {
					t.Errorf("%d tasks have run, %d were submitted", n, totals.Tasks)
				}
				if n := samples(g); n != 2*totals.Ops {
					t.Errorf("%d samples of %d bursts of 2", n, totals.Ops)
				}
				if stuck := metric(t, totals, "stuck/op"); stuck == 0 &&
					metric(t, totals, "active1-ns/op") > metric(t, totals, "all-ns/op") {
					t.Errorf("the first came after the last: %v", totals.Metrics())
				}
			})
		})
	}
}

// Each of five workers has its time; those of the first, second, fourth and last are
// reported, in whatever order they count themselves.
func TestRampUpTimes(t *testing.T) {
	for _, order := range [][]int64{{1, 2, 3, 4, 5}, {5, 4, 3, 2, 1}, {2, 1, 4, 5, 3}} {
		p := &rampPool{order: order}
		g := poolGenerator(p, 5)
		g.Now = p.now.Load
		l := load(t, rampUp, map[string]string{"gap": "0s"}).(*rampUpLoad)
		totals := run(t, l, g, 0)
		want := []Metric{{1000, "active1-ns/op"}, {4000, "active2-ns/op"}, {16_000, "active4-ns/op"}, {25_000, "all-ns/op"}, {0, "stuck/op"}}
		if diff := cmp.Diff(want, totals.Metrics()); diff != "" {
			t.Errorf("order %v (-want +got):\n%s", order, diff)
		}
		if got, want := recorded(g.Recorders[5]), recorded(record(1000, 4000, 9000, 16_000, 25_000)); !maps.Equal(got, want) {
			t.Errorf("order %v: samples %v, want %v", order, got, want)
		}
	}
}

// A rampPool has workers that begin one after the other, n² µs after the submission by
// the clocks that they have read, with n from order.
type rampPool struct {
	faultyPool
	order []int64
	now   atomic.Int64
}

func (p *rampPool) SubmitAll(tasks []host.Task) error {
	start := p.now.Load()
	var all sync.WaitGroup
	for i, t := range tasks {
		p.now.Store(start + p.order[i]*p.order[i]*1000)
		begun := t.(*rampTask).begun.Load()
		all.Go(func() { t.Run(p) })
		for t.(*rampTask).begun.Load() == begun {
			runtime.Gosched()
		}
	}
	all.Wait()
	return nil
}

// A burst that never gets all workers ends nevertheless, and says so.
func TestRampUpIsStuck(t *testing.T) {
	onHosts(t, 1, func(t *testing.T, g *Generator) {
		g.Workers = 2 // the pool has one
		totals := run(t, load(t, rampUp, map[string]string{"gap": "0s"}), g, 0)
		if stuck := metric(t, totals, "stuck/op"); stuck != 1 {
			t.Errorf("stuck/op is %v, want 1", stuck)
		}
		if all := metric(t, totals, "all-ns/op"); all != float64(rampPatience) {
			t.Errorf("all-ns/op is %v, want what the tasks waited, %v", all, rampPatience)
		}
	})
}

func TestRampDown(t *testing.T) {
	onHosts(t, 2, func(t *testing.T, g *Generator) {
		l := load(t, rampDown, map[string]string{"gap": "0s"}).(*rampDownLoad)
		parks := uint64(0)
		for range 5 {
			totals := run(t, l, g, 0)
			c := g.Host.Counters() // each worker has published after its task
			if c.Tasks%2 != 0 || c.Parks <= parks {
				t.Errorf("counted %+v, and %d parks before", c, parks)
			}
			parks = c.Parks
			if totals.Time <= 0 {
				t.Errorf("it took %v", totals.Time)
			}
		}
		if n := samples(g); n != 5 {
			t.Errorf("%d samples of 5 operations", n)
		}
	})
}

// A restlessIdle is an idle manager of one worker. On demand, it lets the worker out of
// Park for nothing, after the load has seen it there.
type restlessIdle struct {
	*mutexonly.Idle
	told   *atomic.Bool
	seen   chan struct{} // closed when the load has seen it
	back   chan struct{} // closed when the worker has come to Park again
	parked *atomic.Int64 // when it has
}

func (r restlessIdle) Park(worker int, core *impls.Core) (*impls.Core, impls.Reason) {
	if r.told.CompareAndSwap(true, false) {
		<-r.seen
		r.parked.Store(-1)
		return core, impls.Kept
	}
	if r.parked.Load() == -1 {
		r.parked.Store(latency.Now())
		close(r.back)
	}
	return r.Idle.Park(worker, core)
}

// A worker that is in Park is at rest only if it stays there.
func TestRampDownWaitsForRestThatStays(t *testing.T) {
	r := restlessIdle{
		told: new(atomic.Bool), seen: make(chan struct{}), back: make(chan struct{}), parked: new(atomic.Int64),
	}
	impl := mutexonly.Implementation
	impl.New = func(c impls.Config) impls.Idle { r.Idle = mutexonly.New(c); return r }
	g := hostGenerator(t, 1, host.Config{Idle: impl, NewParker: park.Kinds()[0].New})
	seen := sync.OnceFunc(func() { close(r.seen) })
	looks := 0
	g.Pause = func() {
		if !g.Host.AtRest() || r.told.Load() {
			return
		}
		if looks++; looks > 1 { // so the load has looked in between
			seen()
			<-r.back
		}
	}
	g.Sleep = func(time.Duration) { seen() } // lest a load that is content too early hangs
	wake := g.Wake
	g.Wake = func() { r.told.Store(true); wake() } // the last task does that

	l := load(t, rampDown, map[string]string{"gap": "0s"}).(*rampDownLoad)
	totals := run(t, l, g, 0)
	if least := r.parked.Load() - l.burst.end.Load(); r.parked.Load() <= 0 || int64(totals.Time) < least {
		t.Errorf("at rest after %v, but the worker came to Park to stay after %v", totals.Time, time.Duration(least))
	}
}

// Every scheduler that shutdown started has ended, and none of its workers returned
// early.
func TestShutdown(t *testing.T) {
	for _, w := range []Workload{shutdown, stormShutdown} {
		t.Run(w.Name, func(t *testing.T) {
			onHosts(t, 2, func(t *testing.T, g *Generator) {
				fresh := g.StartScheduler
				var started []*host.Scheduler
				g.StartScheduler = func() (*host.Scheduler, error) {
					s, err := fresh()
					started = append(started, s)
					return s, err
				}
				totals := run(t, load(t, w, map[string]string{"gap": "0s"}), g, 2*time.Millisecond)
				if int64(len(started)) != totals.Ops || samples(g) != totals.Ops {
					t.Errorf("%d schedulers, %d samples, %d operations", len(started), samples(g), totals.Ops)
				}
				for _, s := range started {
					if e := s.Ending(); e.Called <= 0 || e.Shutdown < e.Called || e.Returned < e.Shutdown {
						t.Errorf("ended in the wrong order: %+v", e)
					}
				}
				if w.Name == stormShutdown.Name && totals.Tasks < totals.Ops {
					t.Errorf("%d tasks in %d storms", totals.Tasks, totals.Ops)
				}
			})
		})
	}
}

func TestTrickle(t *testing.T) {
	onHosts(t, 2, func(t *testing.T, g *Generator) {
		totals := run(t, load(t, trickle, map[string]string{"period": "200us"}), g, 2*time.Millisecond)
		if n := ran(t, g); n != totals.Tasks || samples(g) != totals.Tasks {
			t.Errorf("%d tasks have run, %d samples, %d were submitted", n, samples(g), totals.Tasks)
		}
	})
}

// Nothing runs in idle, for as long as it is to last.
func TestIdle(t *testing.T) {
	onHosts(t, 2, func(t *testing.T, g *Generator) {
		const limit = 5 * time.Millisecond
		start := g.Now()
		totals := run(t, load(t, idle, nil), g, limit)
		if lasted := time.Duration(g.Now() - start); totals.Ops != 1 || totals.Tasks != 0 || lasted < limit {
			t.Errorf("got %+v, lasted %v", totals, lasted)
		}
		if n := ran(t, g); n != 0 {
			t.Errorf("%d tasks have run", n)
		}
	})
}

// It goes on in steps, so that it can be stopped, by however much the clock jumps.
func TestIdleStops(t *testing.T) {
	p := new(clockPool)
	g := p.generator()
	g.Pause = func() { p.now += int64(time.Millisecond) }
	run(t, load(t, idle, nil), g, 1200*time.Millisecond)
	if steps := g.Progress.Load(); steps != 3 {
		t.Errorf("%d steps, want 3", steps)
	}
	g.Stop.Store(true)
	if _, err := load(t, idle, nil).Run(g, time.Hour); !errors.Is(err, ErrStopped) {
		t.Errorf("got %v", err)
	}
}
