package main

import (
	"runtime"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/bytedance/gopkg/util/gopool"
	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
	"github.com/sourcegraph/conc/pool"

	"github.com/idlebench/idlebench/loadgen/host"
)

// A library is something that runs functions.
type library struct {
	module string // whose version is that of the peer; "" for Go itself

	// nested says that a function may submit another: submitting never waits for a worker.
	nested bool

	// note is what has to be known of its rows.
	note string

	// start returns how a function is submitted to a pool with that many workers.
	start func(workers int) (submit func(func()) error, err error)
}

// noIdleWorker says that a worker that finds no task ends, so that a task in an idle pool begins
// with a go statement.
const noIdleWorker = "no-idle-worker"

var libraries = map[string]library{
	"goroutines": {nested: true, start: func(int) (func(func()) error, error) {
		return func(f func()) error { go f(); return nil }, nil
	}},
	"ants": {module: "github.com/panjf2000/ants/v2", start: func(workers int) (func(func()) error, error) {
		p, err := ants.NewPool(workers)
		if err != nil {
			return nil, err
		}
		return p.Submit, nil
	}},
	"pond": {module: "github.com/alitto/pond/v2", nested: true, note: noIdleWorker, start: func(workers int) (func(func()) error, error) {
		return pond.NewPool(workers).Go, nil
	}},
	"conc": {module: "github.com/sourcegraph/conc", start: func(workers int) (func(func()) error, error) {
		p := pool.New().WithMaxGoroutines(workers)
		return func(f func()) error { p.Go(f); return nil }, nil
	}},
	"workerpool": {module: "github.com/gammazero/workerpool", nested: true, start: func(workers int) (func(func()) error, error) {
		p := workerpool.New(workers)
		return func(f func()) error { p.Submit(f); return nil }, nil
	}},
	"gopool": {module: "github.com/bytedance/gopkg", nested: true, note: noIdleWorker, start: func(workers int) (func(func()) error, error) {
		p := gopool.NewPool("peer", int32(workers), gopool.NewConfig())
		return func(f func()) error { p.Go(f); return nil }, nil
	}},
}

// A tasks is a library as a pool of the suite's loads.
type tasks struct {
	submit  func(func()) error
	yields  bool      // a task that yields keeps its goroutine
	workers sync.Pool // of *worker: one for each running task, reused

	mu  sync.Mutex
	ids int
}

func newTasks(submit func(func()) error, yields bool) *tasks {
	p := &tasks{submit: submit, yields: yields}
	p.workers.New = func() any {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.ids++
		return &worker{p: p, id: p.ids - 1}
	}
	return p
}

func (p *tasks) Submit(t host.Task) error { return p.submit(func() { p.run(t) }) }

func (p *tasks) SubmitAll(all []host.Task) error {
	for _, t := range all {
		if err := p.Submit(t); err != nil {
			return err
		}
	}
	return nil
}

func (p *tasks) run(t host.Task) {
	w := p.workers.Get().(*worker)
	for t != nil {
		t.Run(w)
		if t, w.again = w.again, nil; t != nil {
			runtime.Gosched()
		}
	}
	p.workers.Put(w)
}

// A worker gives a task a number while it runs.
type worker struct {
	p     *tasks
	id    int
	again host.Task // the task to run again
}

func (w *worker) ID() int { return w.id }

// Spawn panics if the pool has ended, which it does not before its process does.
func (w *worker) Spawn(t host.Task) {
	if err := w.p.Submit(t); err != nil {
		panic(err)
	}
}

func (w *worker) Yield(t host.Task) {
	if w.p.yields {
		w.again = t
		return
	}
	w.Spawn(t)
}
