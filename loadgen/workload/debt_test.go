package workload

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
)

func TestDebt(t *testing.T) {
	for _, pattern := range []string{"burst", "spawn"} {
		t.Run(pattern, func(t *testing.T) {
			onHosts(t, 2, func(t *testing.T, g *Generator) {
				totals := run(t, load(t, debt, map[string]string{"pattern": pattern, "service": "2us"}), g, time.Millisecond)
				if n := ran(t, g); n != totals.Tasks {
					t.Errorf("%d tasks have run, %d were submitted", n, totals.Tasks)
				}
				if owed := metric(t, totals, "debt-ns/task") * float64(totals.Tasks); owed > float64(totals.Time) {
					t.Errorf("owed for %v ns in %v", owed, totals.Time)
				}
			})
		})
	}
}

// A deafIdle is an idle manager that can be made to miss notifications.
type deafIdle struct {
	*mutexonly.Idle
	lock *impls.Mutex
	deaf *atomic.Bool
}

func (d deafIdle) NotifyRemote() {
	if d.deaf.Load() {
		d.lock.Unlock()
		return
	}
	d.Idle.NotifyRemote()
}

// A task that nobody was told of is a debt, until somebody is woken.
func TestDebtIsSeen(t *testing.T) {
	var deaf atomic.Bool
	impl := mutexonly.Implementation
	impl.New = func(c impls.Config) impls.Idle { return deafIdle{mutexonly.New(c), c.Lock, &deaf} }
	g := hostGenerator(t, 2, host.Config{Idle: impl, NewParker: park.Kinds()[0].New})
	l := load(t, debt, map[string]string{"tasks": "1"}).(*debtLoad)
	run(t, l, g, 0)

	g.Spin(g.Host.AtRest)
	if d := l.observer.Debt(); d != (host.Debt{}) {
		t.Errorf("at rest: %+v", d)
	}
	// A worker that is in Park but not asleep yet may still find the task.
	var seen host.Debt
	for range 100 {
		g.Spin(g.Host.AtRest)
		deaf.Store(true)
		l.remaining.Store(2)
		g.Pool.Submit(&l.tasks[0])
		seen = l.observer.Debt()
		deaf.Store(false)
		g.Pool.Submit(&l.tasks[0])
		g.Spin(func() bool { return l.remaining.Load() == 0 })
		if seen == (host.Debt{Waiting: true, Stranded: true}) {
			return
		}
	}
	t.Errorf("with a task, and all workers asleep: %+v", seen)
}

// Only what is seen twice in a row, without a long gap, adds up.
func TestStretches(t *testing.T) {
	var s stretches
	last := int64(0)
	for _, look := range []struct {
		at    int64
		holds bool
		blind bool
	}{
		{10, false, false},
		{20, true, false}, // from here
		{30, true, false},
		{45, true, false}, // 25
		{50, false, false},
		{60, true, false},
		{70, false, false},  // seen once only
		{80, true, false},   // from here
		{95, true, false},   // 15
		{1000, true, true},  // nobody knows
		{1030, true, false}, // 30
	} {
		s.look(look.holds, last, look.at, look.blind)
		last = look.at
	}
	if s.total != 25+15+30 || s.longest != 30 {
		t.Errorf("got %+v, want a total of 70 and 30 at most", s)
	}
}
