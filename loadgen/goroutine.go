package loadgen

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/idlebench/idlebench/loadgen/host"
)

// Goroutine is Go's own scheduler: each task is a goroutine. GOMAXPROCS is one for each
// worker that a pool would have plus one for the generator, but no more than the CPUs.
// So while the generator, a goroutine too, waits, tasks run on one P more than a pool
// has workers.
func Goroutine() Subject {
	return Subject{
		Impl:      "goroutine",
		Park:      "go",
		About:     "Go's own scheduler, one goroutine per task",
		WholeMask: true,
		Start: func(Setting) (Running, error) {
			g := new(goroutines)
			g.workers.New = func() any {
				g.mu.Lock()
				defer g.mu.Unlock()
				g.ids++
				return &goWorker{g: g, id: g.ids - 1}
			}
			return g, nil
		},
	}
}

// maxGoWorkers is the number of goroutines that may be running tasks at once, including
// preempted ones. It bounds goWorker.id.
const maxGoWorkers = 1 << 16

// goroutines runs each task on a goroutine of its own. Like a Go user, it does not
// count what is running, so it cannot know when all is at rest: its loads wait for
// their tasks themselves.
type goroutines struct {
	workers sync.Pool // of *goWorker: one for each running goroutine, reused

	mu  sync.Mutex
	ids int
}

func (g *goroutines) Submit(t host.Task) error {
	go g.run(t)
	return nil
}

func (g *goroutines) SubmitAll(tasks []host.Task) error {
	for _, t := range tasks {
		go g.run(t)
	}
	return nil
}

func (g *goroutines) run(t host.Task) {
	w := g.workers.Get().(*goWorker)
	for t != nil {
		t.Run(w)
		// A goroutine that yields continues where it was.
		if t, w.again = w.again, nil; t != nil {
			runtime.Gosched()
		}
	}
	g.workers.Put(w)
}

func (g *goroutines) Settle(context.Context) error { return nil }
func (g *goroutines) Counters() host.Counters      { return host.Counters{} }
func (g *goroutines) Close(context.Context) error  { return nil }
func (g *goroutines) State() string                { return fmt.Sprintf("%d goroutines ran at once", g.ids) }

// A goWorker gives a goroutine a number while it runs a task.
type goWorker struct {
	g     *goroutines
	id    int
	again host.Task // the task to run again
}

func (w *goWorker) ID() int           { return w.id }
func (w *goWorker) Spawn(t host.Task) { go w.g.run(t) }
func (w *goWorker) Yield(t host.Task) { w.again = t }
