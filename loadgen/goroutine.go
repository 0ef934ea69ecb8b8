package loadgen

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/idlebench/idlebench/loadgen/host"
)

// Goroutine is Go's own scheduler: each task is a goroutine. GOMAXPROCS is one for
// each worker that a pool would have and one for the generator, and no more than CPUs.
// So while the generator waits, as a goroutine does, tasks run on one P more than a
// pool has workers.
func Goroutine() Subject {
	return Subject{
		Impl:      "goroutine",
		Park:      "go",
		About:     "Go's own scheduler, a goroutine for each task",
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

// maxGoWorkers is the number of goroutines that may run tasks at once, counting those
// that were interrupted in the midst of one. It bounds goWorker.id.
const maxGoWorkers = 1 << 16

// goroutines runs each task on a goroutine of its own. It does not count what
// runs, as a Go user would not, so it cannot tell whether all is at rest: its
// loads wait for their tasks themselves.
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
		// A goroutine that yields goes on where it was.
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
	again host.Task // the task that is to run again
}

func (w *goWorker) ID() int           { return w.id }
func (w *goWorker) Spawn(t host.Task) { go w.g.run(t) }
func (w *goWorker) Yield(t host.Task) { w.again = t }
