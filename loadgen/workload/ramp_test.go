package workload

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
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
					metric(t, totals, "first-ns/op") > metric(t, totals, "all-ns/op") {
					t.Errorf("the first came after the last: %v", totals.Metrics)
				}
			})
		})
	}
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

// When an operation of ramp_down ends, the pool is at rest.
func TestRampDown(t *testing.T) {
	onHosts(t, 2, func(t *testing.T, g *Generator) {
		l := load(t, rampDown, map[string]string{"gap": "0s"}).(*rampDownLoad)
		parks := uint64(0)
		for range 5 {
			totals := run(t, l, g, 0)
			if !g.Host.AtRest() {
				t.Fatal("the pool is not at rest")
			}
			c := g.Host.Counters() // exact when all is at rest
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

// Every scheduler that shutdown started has ended, none of its workers before it
// was told to.
func TestShutdown(t *testing.T) {
	for _, w := range []Workload{shutdown, stormShutdown} {
		t.Run(w.Name, func(t *testing.T) {
			onHosts(t, 2, func(t *testing.T, g *Generator) {
				fresh := g.Fresh
				var started []*host.Scheduler
				g.Fresh = func() (*host.Scheduler, error) {
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

// Nothing runs in idle.
func TestIdle(t *testing.T) {
	onHosts(t, 2, func(t *testing.T, g *Generator) {
		slept := time.Duration(0)
		g.Sleep = func(d time.Duration) { slept += d }
		totals := run(t, load(t, idle, nil), g, time.Second+time.Millisecond)
		if totals.Ops != 1 || totals.Tasks != 0 || slept != time.Second+time.Millisecond {
			t.Errorf("got %+v, slept %v", totals, slept)
		}
		if n := ran(t, g); n != 0 {
			t.Errorf("%d tasks have run", n)
		}
	})
}
