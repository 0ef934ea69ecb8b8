package workload

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// repeats says how often each task of a load in batchLoads runs in an operation:
// once, but for these.
var repeats = map[string]struct{ least, most int }{
	yieldMany.Name:    {11, 11},
	chainedSpawn.Name: {101, 101},
	pingPong.Name:     {1, 2},
}

// Each task that a batch publishes runs once for each time that it was
// published, and no task stands in for another. TestBatches counts the same
// loads without a ledger, whose lock could hide a data race.
func TestEachTaskRunsOnce(t *testing.T) {
	for _, test := range batchLoads {
		t.Run(fmt.Sprint(test.workload.Name, test.given), func(t *testing.T) {
			const workers = 3
			onHosts(t, workers, func(t *testing.T, g *Generator) {
				if runtime.NumCPU() <= workers && strings.Contains(t.Name(), "/spin") {
					t.Skip("workers that spin need CPUs of their own; TestBatches has the patience")
				}
				book := &ledger{pool: g.Pool}
				g.Pool = book
				l := load(t, test.workload, test.given)
				ops := int(run(t, l, g, 0).Ops + run(t, l, g, 0).Ops)
				ran(t, g) // at rest
				if err := book.check(); err != nil {
					t.Fatal(err)
				}
				often, ok := repeats[test.workload.Name]
				if !ok {
					often.least, often.most = 1, 1
				}
				for task, n := range book.published() {
					if n < often.least*ops || n > often.most*ops {
						t.Errorf("%T %p was published %d times in %d operations, want %d to %d each", task, task, n, ops, often.least, often.most)
					}
				}
			})
		})
	}
}

// A pool that loses a task, or runs one twice, is found out with every batch:
// by the generator that waits in vain, or by the ledger.
func TestFaultsAreFound(t *testing.T) {
	for _, test := range batchLoads {
		if test.workload.Name == wake.Name {
			continue // it spins: no faulty pool has a turn
		}
		given := maps.Clone(test.given)
		for _, producers := range []string{"producers", "ratio"} { // a faulty pool has one thread
			if given[producers] != "" {
				given[producers] = "1"
			}
		}
		t.Run(fmt.Sprint(test.workload.Name, given), func(t *testing.T) {
			faultless := runFaulty(t, test.workload, given, -1, -1)
			if faultless.err != nil {
				t.Fatalf("no fault, and yet: %v", faultless.err)
			}
			for _, n := range []int{0, faultless.ran / 2, faultless.ran - 1} {
				if r := runFaulty(t, test.workload, given, n, -1); !errors.Is(r.err, errLost) {
					t.Errorf("task %d of %d was lost, and what is found is %v", n, faultless.ran, r.err)
				}
				if r := runFaulty(t, test.workload, given, -1, n); !errors.Is(r.err, errTwice) {
					t.Errorf("task %d of %d ran twice, and what is found is %v", n, faultless.ran, r.err)
				}
			}
		})
	}
}

var (
	errLost  = errors.New("a task did not run")
	errTwice = errors.New("a task ran more than once")
)

// A ledger is a pool before another one. It follows each task from when it is
// published until it has run.
type ledger struct {
	pool Pool

	mu      sync.Mutex
	entries []*entry
}

// An entry is a task in a ledger: one for each time that it is published.
type entry struct {
	book *ledger
	task host.Task
	ran  atomic.Int32
}

func (b *ledger) enter(t host.Task) host.Task {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := &entry{book: b, task: t}
	b.entries = append(b.entries, e)
	return e
}

func (b *ledger) Submit(t host.Task) error { return b.pool.Submit(b.enter(t)) }

func (b *ledger) SubmitAll(tasks []host.Task) error {
	entered := make([]host.Task, len(tasks))
	for i, t := range tasks {
		entered[i] = b.enter(t)
	}
	return b.pool.SubmitAll(entered)
}

func (e *entry) Run(w host.Worker) {
	e.ran.Add(1)
	e.task.Run(ledgerWorker{w, e.book})
}

type ledgerWorker struct {
	host.Worker
	book *ledger
}

func (w ledgerWorker) Spawn(t host.Task) { w.Worker.Spawn(w.book.enter(t)) }
func (w ledgerWorker) Yield(t host.Task) { w.Worker.Yield(w.book.enter(t)) }

// check is called when all is at rest.
func (b *ledger) check() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, e := range b.entries {
		switch n := e.ran.Load(); {
		case n == 0:
			return fmt.Errorf("number %d of %d: %w", i, len(b.entries), errLost)
		case n > 1:
			return fmt.Errorf("number %d of %d: %w", i, len(b.entries), errTwice)
		}
	}
	return nil
}

// published returns how often each task was published.
func (b *ledger) published() map[host.Task]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	times := make(map[host.Task]int)
	for _, e := range b.entries {
		times[e.task]++
	}
	return times
}

// A faultyPool runs its tasks in turn while the generator waits, on the generator's
// thread, and can get one of them wrong. So it knows when no task is left that could
// wake the generator.
type faultyPool struct {
	queue       []host.Task
	wakes       int // calls of Wake that Wait has not seen
	ran         int
	lose, twice int // the number of the task; -1 for none
}

type faultyRun struct {
	ran int
	err error
}

// runFaulty does one operation of a load on a faulty pool behind a ledger.
func runFaulty(t *testing.T, w Workload, given map[string]string, lose, twice int) (r faultyRun) {
	p := &faultyPool{lose: lose, twice: twice}
	book := &ledger{pool: p}
	g := poolGenerator(book, 1)
	g.Wait, g.Wake = p.wait, func() { p.wakes++ }
	defer func() {
		switch v := recover(); v {
		case nil:
		case errLost: // what wait found
			r = faultyRun{p.ran, errLost}
		default:
			panic(v)
		}
	}()
	// The load may notice a fault, but need not: the ledger has to.
	if _, err := load(t, w, given).Run(g, 0); err != nil && lose < 0 && twice < 0 {
		return faultyRun{err: err}
	}
	for p.step() {
	}
	return faultyRun{p.ran, book.check()}
}

func (p *faultyPool) wait() {
	for p.wakes == 0 {
		if !p.step() {
			panic(errLost)
		}
	}
	p.wakes--
}

// step runs a task, if there is one.
func (p *faultyPool) step() bool {
	if len(p.queue) == 0 {
		return false
	}
	t, n := p.queue[0], p.ran
	p.queue = p.queue[1:]
	p.ran++
	if n != p.lose {
		t.Run(p)
	}
	if n == p.twice {
		t.Run(p)
	}
	return true
}

func (p *faultyPool) Submit(t host.Task) error {
	p.queue = append(p.queue, t)
	return nil
}

func (p *faultyPool) SubmitAll(tasks []host.Task) error {
	p.queue = append(p.queue, tasks...)
	return nil
}

func (p *faultyPool) Spawn(t host.Task) { p.queue = append(p.queue, t) }
func (p *faultyPool) Yield(t host.Task) { p.queue = append(p.queue, t) }
func (p *faultyPool) ID() int           { return 0 }

// No load allocates once it has run for a while. The queues of the host may
// still grow now and then, so what counts is less than one for each operation.
func TestOperationsAllocateNothing(t *testing.T) {
	check := func(w Workload, given map[string]string) {
		t.Run(fmt.Sprint(w.Name, given), func(t *testing.T) {
			if n := allocsPerOp(t, load(t, w, given)); n >= 1 {
				t.Errorf("%v allocations for each operation", n)
			}
		})
	}
	for _, test := range batchLoads {
		check(test.workload, test.given)
	}
	check(wakestorm, map[string]string{"shape": "nested", "tasks": "100"})
	check(spawnManyRemoteBusy1, map[string]string{"tasks": "20"})
	check(spawnManyRemoteBusy2, map[string]string{"tasks": "20"})
}

// A load that does allocate is found out.
func TestAllocationsAreFound(t *testing.T) {
	l := &wasteful{wakeLoad: &wakeLoad{lag: latency.NewRecorder()}}
	if n := allocsPerOp(t, l); n < 1 {
		t.Errorf("%v allocations for each operation of a load with one", n)
	}
}

// A wasteful load allocates once in each operation.
type wasteful struct {
	*wakeLoad
	waste []byte
}

func (l *wasteful) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	return g.Repeat(limit, 1, func() (int64, error) {
		l.waste = make([]byte, 100)
		return l.op()
	})
}

// allocsPerOp measures a load on one worker, so that each operation finds the
// queues as the one before left them.
func allocsPerOp(t *testing.T, l Load) float64 {
	kind := park.Kinds()[0]
	if futex, ok := park.Find(park.Kinds(), "futex"); ok && futex.Missing == "" {
		kind = futex
	}
	g := hostGenerator(t, 1, host.Config{Idle: bitmap.Implementation, NewParker: kind.New})
	m := &allocMeter{Pool: g.Pool, g: g}
	g.Pool = m
	if _, err := l.Run(g, time.Hour); !errors.Is(err, ErrStopped) {
		t.Fatalf("got %v, and should have been stopped", err)
	}
	return float64(m.after.Mallocs-m.before.Mallocs) / meterOps
}

// An allocMeter is a pool that looks at the heap before one operation and,
// meterOps later, before another; then it stops the load.
type allocMeter struct {
	Pool
	g             *Generator
	seen          atomic.Int64 // operations that have begun but for the first
	before, after runtime.MemStats
}

const (
	meterWarmup = 20
	meterOps    = 50
)

func (m *allocMeter) Submit(t host.Task) error {
	if op := m.g.Progress.Load(); op > 0 && m.seen.CompareAndSwap(op-1, op) {
		switch op {
		case meterWarmup:
			runtime.ReadMemStats(&m.before)
		case meterWarmup + meterOps:
			runtime.ReadMemStats(&m.after)
			m.g.Stop.Store(true)
		}
	}
	return m.Pool.Submit(t)
}
