package workload

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
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

// A task without a notification is a debt until a worker is woken.
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

// A lateParker takes long to wake.
type lateParker struct {
	impls.Parker
	late time.Duration
}

func (p lateParker) Park() {
	p.Parker.Park()
	time.Sleep(p.late)
}

// While a worker that was woken is on its way, its task waits. But nothing is
// stranded, whatever the machine does, if the manager is work-conserving.
func TestWakingIsNotStranding(t *testing.T) {
	newParker := func() impls.Parker { return lateParker{park.NewCond(), time.Millisecond} }
	for _, pattern := range []string{"burst", "spawn"} {
		g := hostGenerator(t, 3, host.Config{Idle: mutexonly.Implementation, NewParker: newParker})
		// Time passes only for who looks at the clock. So it is not blind while it
		// has to wait for its CPU.
		var clock atomic.Int64
		g.Now = func() int64 { return clock.Add(10) }
		l := load(t, debt, map[string]string{"pattern": pattern, "tasks": "10", "service": "20us"})
		waiting := 0.0
		// On a busy machine all workers may have come before the generator's first
		// look.
		for deadline := time.Now().Add(20 * time.Second); waiting == 0 && time.Now().Before(deadline); {
			totals := run(t, l, g, 5*time.Millisecond)
			waiting = metric(t, totals, "debt-ns/task")
			if stranded := metric(t, totals, "max-ns/stranded"); stranded != 0 {
				t.Fatalf("%s: stranded for %v ns", pattern, stranded)
			}
		}
		if waiting == 0 {
			t.Errorf("%s: nothing waits though each wake takes 1 ms", pattern)
		}
	}
}

// delayedQueues are an idle manager's view of the work, whose last look before a
// worker sleeps takes long, so that more happens meanwhile.
type delayedQueues struct{ impls.Queues }

func (q delayedQueues) Stealable(core int) bool {
	stealable := q.Queues.Stealable(core)
	caller, _, _, _ := runtime.Caller(1) // not the invariants, which look too
	if strings.HasSuffix(runtime.FuncForPC(caller).Name(), ".anyStealable") {
		time.Sleep(200 * time.Microsecond)
	}
	return stealable
}

// B4 of the canonical design shows: a burst that comes while the last searcher takes
// its look is left to the worker that was asleep.
func TestDebtShowsB4(t *testing.T) {
	impl := bitmap.Implementation
	impl.New = func(c impls.Config) impls.Idle {
		c.Queues = delayedQueues{c.Queues}
		return bitmap.New(c)
	}
	g := hostGenerator(t, 2, host.Config{Idle: impl, NewParker: park.Kinds()[0].New})
	l := load(t, debt, map[string]string{"tasks": "2", "service": "2ms"})
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if totals := run(t, l, g, 50*time.Millisecond); metric(t, totals, "stranded-ns/task") > 0 {
			return
		}
	}
	t.Error("nothing was stranded")
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
		{1000, true, true},  // no worker knows
		{1030, true, false}, // 30
	} {
		s.look(look.holds, last, look.at, look.blind)
		last = look.at
	}
	if s.total != 25+15+30 || s.longest != 30 {
		t.Errorf("got %+v, want a total of 70 and 30 at most", s)
	}
}
