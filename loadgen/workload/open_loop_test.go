package workload

import (
	"errors"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// sum returns the account of all sources.
func (l *openLoop) sum() (a account) {
	for _, s := range l.sources {
		a.add(s.account)
	}
	return a
}

// Every task that was sent runs once and gives one sample, and each that was
// offered was sent or not.
func TestOpenLoops(t *testing.T) {
	for _, test := range []struct {
		name  string
		w     Workload
		given map[string]string
	}{
		{"poisson", poisson, map[string]string{"service": "5us", "load": "0.7"}},
		{"two sources", poisson, map[string]string{"service": "5us", "load": "0.7", "generators": "2"}},
		{"overload", poisson, map[string]string{"service": "1us", "load": "2"}},
		{"burst", burst, map[string]string{"period": "100us", "tasks": "7", "service": "1us"}},
		{"burst one by one", burst, map[string]string{"period": "100us", "tasks": "7", "service": "1us", "submit": "each"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			onHosts(t, 2, func(t *testing.T, g *Generator) {
				l := load(t, test.w, test.given).(*openLoop)
				sent := int64(0)
				for _, limit := range []time.Duration{0, 3 * time.Millisecond} {
					totals := run(t, l, g, limit)
					a := l.sum()
					if a.offered != a.sent+a.unsent {
						t.Errorf("%d tasks were offered, %d sent, %d not", a.offered, a.sent, a.unsent)
					}
					if totals.Tasks != a.sent || totals.Ops != a.sent || a.sent < 1 || a.late > a.sent {
						t.Errorf("totals %+v do not fit %+v", totals, a)
					}
					sent += a.sent
				}
				if n := ran(t, g); n != sent {
					t.Errorf("%d tasks have run, %d were sent", n, sent)
				}
				if n := samples(g); n != sent {
					t.Errorf("%d samples of %d tasks", n, sent)
				}
			})
		})
	}
}

// keeper is a pool that runs nothing until the test releases it.
type keeper struct{ tasks []host.Task }

func (k *keeper) Submit(t host.Task) error          { k.tasks = append(k.tasks, t); return nil }
func (k *keeper) SubmitAll(tasks []host.Task) error { k.tasks = append(k.tasks, tasks...); return nil }

// A pool that runs nothing gets no task twice, and the rest are unsent.
func TestUnsent(t *testing.T) {
	pool := new(keeper)
	g := poolGenerator(pool, 1)
	s := newSource(2, true)
	// All are due at once, and the time is over.
	s.schedule = schedule{gaps: []int64{0, 1}, services: []int64{0}}
	const arrivals = 2 * openTasks
	if err := s.run(g, g.own(), -arrivals, -arrivals/2); err != nil {
		t.Fatal(err)
	}
	// The first is always sent. After the end nothing else is.
	if a := s.account; a.offered < arrivals || a.sent != 2 || a.unsent != a.offered-2 {
		t.Errorf("after the end: got %+v", a)
	}
	if len(pool.tasks) != 2 {
		t.Errorf("%d tasks were submitted, want 2", len(pool.tasks))
	}

	// Now there is time, but no task becomes free.
	s = newSource(openTasks/4, true)
	gap := int64(time.Millisecond)
	s.schedule = schedule{gaps: []int64{gap}, services: []int64{0}}
	pool.tasks = nil
	now := latency.Now()
	if err := s.run(g, g.own(), now-8*gap, now+100*gap); err != nil {
		t.Fatal(err)
	}
	if a := s.account; a.offered < 8*openTasks/4 || a.sent != openTasks || a.unsent != a.offered-a.sent {
		t.Errorf("without free tasks: got %+v", a)
	}
	once := make(map[host.Task]bool)
	for _, task := range pool.tasks {
		once[task] = true
	}
	if len(once) != openTasks {
		t.Errorf("%d tasks were submitted, %d different ones", len(pool.tasks), len(once))
	}
}

// A load that is to stop stops, though nothing is due for long.
func TestOpenLoopStops(t *testing.T) {
	g := poolGenerator(new(keeper), 1)
	g.Stop.Store(true)
	_, err := load(t, burst, map[string]string{"period": "10s"}).Run(g, time.Hour)
	if !errors.Is(err, ErrStopped) {
		t.Errorf("got %v", err)
	}
}
