package stages_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/channels"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/variant"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/stages"
)

// A pool is a watched scheduler with one submitter.
type pool struct {
	*host.Scheduler
	recorder *stages.Recorder
	ran      chan int64

	submitted atomic.Int64 // when the task was, that is submitted
}

func start(t *testing.T, impl impls.Implementation, newParker func() impls.Parker, workers int) *pool {
	t.Helper()
	p := &pool{recorder: stages.NewRecorder(), ran: make(chan int64)}
	s, err := host.Start(host.Config{
		Cores:     workers,
		Workers:   workers,
		Idle:      p.recorder.Watch(impl),
		NewParker: newParker,
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Scheduler = s
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p
}

// Run is the task.
func (p *pool) Run(w host.Worker) {
	now := latency.Now()
	p.recorder.Ran(w.ID(), now)
	p.ran <- now
}

// wake has the pool, at rest, run one task. It returns its latency.
func (p *pool) wake(t *testing.T) int64 {
	t.Helper()
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	submitted := latency.Now()
	p.submitted.Store(submitted)
	if err := p.Submit(p); err != nil {
		t.Fatal(err)
	}
	ran := <-p.ran
	p.recorder.Wake(submitted)
	return ran - submitted
}

// covered has the pool run tasks until n wakes were covered, and returns the
// sum of their latencies.
func (p *pool) covered(t *testing.T, n int64) (sum int64) {
	t.Helper()
	const most = 10_000
	for range most {
		before := p.recorder.Summary().Covered
		ns := p.wake(t)
		after := p.recorder.Summary().Covered
		if after > before {
			sum += ns
		}
		if after == n {
			return sum
		}
	}
	t.Fatalf("of %d wakes %d were covered", most, p.recorder.Summary().Covered)
	return 0
}

// subjects calls f with each manager and each parker.
func subjects(t *testing.T, f func(*testing.T, impls.Implementation, func() impls.Parker)) {
	for _, impl := range []impls.Implementation{bitmap.Implementation, mutexonly.Implementation, channels.Implementation} {
		if impl.Parker != "" {
			t.Run(impl.Name, func(t *testing.T) { f(t, impl, nil) })
			continue
		}
		for _, kind := range park.Kinds() {
			if kind.Missing == "" {
				t.Run(impl.Name+"/"+kind.Name, func(t *testing.T) { f(t, impl, kind.New) })
			}
		}
	}
}

// The stages of the covered wakes add up to their latencies, exactly.
func TestSum(t *testing.T) {
	subjects(t, func(t *testing.T, impl impls.Implementation, newParker func() impls.Parker) {
		for _, workers := range []int{1, 2} {
			const n = 1 << 3 // so that sums and means are exact
			p := start(t, impl, newParker, workers)
			whole := p.covered(t, n)
			s := p.recorder.Summary()
			if got := int64(s.Sum() * n); got != whole {
				t.Errorf("%d workers: stages %+v add up to %d ns, and the latencies to %d", workers, s, got, whole)
			}
			if want := map[bool]int{true: 5, false: 4}[impl.Parker == ""]; len(s.Stages) != want {
				t.Errorf("%d workers: %d stages %+v, want %d", workers, len(s.Stages), s, want)
			}
		}
	})
}

// delay is much longer than a stage of a wake.
const delay = 3 * time.Millisecond

func pause() { spin(latency.Now() + int64(delay)) }

func spin(until int64) {
	for latency.Now() < until {
	}
}

// A delay is found in the stage in which it was, whole.
func TestDelay(t *testing.T) {
	subjects(t, func(t *testing.T, impl impls.Implementation, newParker func() impls.Parker) {
		late := variant.Late(impl, delay)
		slowPark := slow(impl, func(m *slowManager) { m.park = pause })
		slowFound := slow(impl, func(m *slowManager) { m.found = pause })
		type row struct {
			stages []string // in one of these, or over several
			impl   impls.Implementation
			slow   slowParker
		}
		// A worker may be slow to run while its waker is slow to return from the
		// call, and what the call takes until then is not sleep.
		rows := []row{
			{[]string{"decide"}, late, slowParker{}},
			{[]string{"call"}, impl, slowParker{unpark: pause}},
			{[]string{"call", "sleep"}, impl, slowParker{park: pause}},
			{[]string{"handover"}, slowPark, slowParker{}},
			{[]string{"handover"}, slowFound, slowParker{}},
		}
		if impl.Parker != "" {
			rows = []row{
				{[]string{"notify"}, late, slowParker{}},
				{[]string{"notify", "resume"}, slowPark, slowParker{}},
				{[]string{"dequeue"}, slowFound, slowParker{}},
			}
		}
		for _, row := range rows {
			parker := func() impls.Parker {
				slow := row.slow
				slow.Parker = newParker()
				return &slow
			}
			p := start(t, row.impl, parker, 1)
			p.covered(t, 1)
			check(t, p.recorder.Summary(), row.stages...)
		}
	})
}

// check reports stages that are shorter than the delay.
func check(t *testing.T, s stages.Summary, names ...string) {
	t.Helper()
	ns := 0.0
	for _, stage := range s.Stages {
		if slices.Contains(names, stage.Name) {
			ns += stage.Mean
		}
	}
	if ns < float64(delay) {
		t.Errorf("a delay of %v in %s is not seen there: %+v", delay, names, s)
	}
}

// A wait for the lock is in the stage of that name: another thread has the lock
// when the task is submitted, and for a while after.
func TestLock(t *testing.T) {
	subjects(t, func(t *testing.T, impl impls.Implementation, newParker func() impls.Parker) {
		var lock *impls.Mutex
		original := impl.New
		impl.New = func(c impls.Config) impls.Idle {
			lock = c.Lock
			return original(c)
		}
		p := start(t, impl, newParker, 1)
		for p.recorder.Summary().Covered == 0 {
			if err := p.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			p.recorder.Reset()
			p.submitted.Store(0)
			taken, freed := make(chan bool), make(chan bool)
			go func() {
				lock.Lock()
				close(taken)
				for p.submitted.Load() == 0 {
				}
				spin(p.submitted.Load() + int64(delay))
				lock.Unlock()
				close(freed)
			}()
			<-taken
			p.wake(t)
			<-freed
		}
		check(t, p.recorder.Summary(), "lock")
	})
}

// The host asks whether a manager offers a snapshot.
func TestSnapshot(t *testing.T) {
	subjects(t, func(t *testing.T, impl impls.Implementation, newParker func() impls.Parker) {
		p := start(t, impl, newParker, 2)
		if tells, want := p.Observer(new(host.Activity)).TellsStranded(), impl.Name != channels.Implementation.Name; tells != want {
			t.Errorf("offers a snapshot: %v", tells)
		}
	})
}

// A slowParker takes long to wake, or to be woken.
type slowParker struct {
	impls.Parker
	unpark, park func()
}

func (p *slowParker) Unpark() {
	if p.unpark != nil {
		p.unpark()
	}
	p.Parker.Unpark()
}

func (p *slowParker) Park() {
	p.Parker.Park()
	if p.park != nil {
		p.park()
	}
}

// A slowManager takes long to give a worker its core, or to hear that it found a
// task.
type slowManager struct {
	impls.Idle
	park, found func()
}

func slow(i impls.Implementation, with func(*slowManager)) impls.Implementation {
	original := i.New
	i.New = func(c impls.Config) impls.Idle {
		m := &slowManager{Idle: original(c)}
		with(m)
		return m
	}
	return i
}

func (m *slowManager) Park(w int, c *impls.Core) (*impls.Core, impls.Reason) {
	core, reason := m.Idle.Park(w, c)
	if m.park != nil && reason == impls.Woken {
		m.park()
	}
	return core, reason
}

func (m *slowManager) Found(c *impls.Core) {
	if m.found != nil {
		m.found()
	}
	m.Idle.Found(c)
}
