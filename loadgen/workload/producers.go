package workload

import (
	"fmt"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/prim"
)

// maxProducers is the largest number of threads that submit together.
const maxProducers = 1024

// producers are threads that submit tasks together. The first is the generator's own.
// The others sleep between operations, and end with the call of run.
type producers struct {
	g      *Generator
	n      int
	share  func(by *Submitter, producer int) error // what each producer does in an operation
	sleep  []impls.Parker                          // by producer; the first one's is not used
	end    prim.Bool
	failed prim.Pointer[error]

	ready prim.Int32 // producers awake for the operation, the first not counted
	begin prim.Int64 // counts operations: each begins with the next number
	left  prim.Int32 // producers that have not finished their share
}

func newProducers(g *Generator, n int, share func(by *Submitter, producer int) error) *producers {
	kind := park.Kinds()[0]
	if futex, ok := park.Find(park.Kinds(), "futex"); ok && futex.Missing == "" {
		kind = futex
	}
	p := &producers{g: g, n: n, share: share}
	for range n {
		p.sleep = append(p.sleep, kind.New())
	}
	return p
}

// run calls drive on the generator's thread while the other producers stand by.
func (p *producers) run(drive func() (Totals, error)) (Totals, error) {
	var t Totals
	p.end.Store(false)
	err := p.g.Beside(p.n, func(i int, by *Submitter) error {
		if i > 0 {
			for p.sleep[i].Park(); !p.end.Load(); p.sleep[i].Park() {
				p.standBy(by)
				p.submit(by, i)
			}
			return nil
		}
		var err error
		t, err = drive()
		p.end.Store(true)
		for _, other := range p.sleep[1:] {
			other.Unpark()
		}
		return err
	})
	return t, err
}

// standBy waits until all producers are awake and the generator lets them begin.
func (p *producers) standBy(by *Submitter) {
	now := p.begin.Load()
	p.ready.Add(1)
	by.Spin(func() bool { return p.begin.Load() != now })
}

// submit does a producer's share.
func (p *producers) submit(by *Submitter, i int) {
	if err := p.share(by, i); err != nil {
		failed := err // on the heap, and only now
		p.failed.Store(&failed)
	}
	p.left.Add(-1)
}

// all has every producer do its share once, all starting at the same moment, and
// returns when they have. It returns that moment, and when the last one finished.
func (p *producers) all() (begun, done int64, err error) {
	p.ready.Store(0)
	p.left.Store(int32(p.n))
	for _, other := range p.sleep[1:] {
		other.Unpark()
	}
	p.g.Spin(func() bool { return int(p.ready.Load()) == p.n-1 })
	begun = p.g.Now()
	p.begin.Add(1)
	p.submit(p.g.own(), 0)
	p.g.Spin(func() bool { return p.left.Load() == 0 })
	done = p.g.Now()
	if err := p.failed.Load(); err != nil {
		return 0, 0, fmt.Errorf("workload: a producer failed: %w", *err)
	}
	return begun, done, nil
}

// A contestLoad has producers that each submit their part of a number of tasks; the
// last task to run wakes the generator.
type contestLoad struct {
	// shape returns the number of tasks and of producers for a number of workers.
	shape func(workers int) (tasks, producers int, err error)

	*countdownLoad // from the first run on
	producers      *producers
}

func (l *contestLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	if l.countdownLoad == nil {
		if err := l.init(g); err != nil {
			return Totals{}, err
		}
	}
	submitting := int64(0)
	t, err := l.producers.run(func() (Totals, error) {
		return g.Repeat(limit, len(l.tasks), func() (int64, error) {
			ns, submit, err := l.op()
			submitting += submit
			return ns, err
		})
	})
	t.Figures = []Figure{Ratio(float64(submitting), float64(t.Ops), "submit-ns/op")}
	return t, err
}

func (l *contestLoad) init(g *Generator) error {
	tasks, n, err := l.shape(g.Workers)
	if err != nil {
		return err
	}
	l.countdownLoad = newCountdownLoad(tasks)
	l.g = g
	l.producers = newProducers(g, n, func(by *Submitter, i int) error { return l.submit(by, tasks*i/n, tasks*(i+1)/n) })
	return nil
}

// op returns how long the operation took, and how long its submissions took.
func (l *contestLoad) op() (took, submitting int64, err error) {
	l.remaining.Store(int64(len(l.tasks)))
	begun, done, err := l.producers.all()
	if err != nil {
		return 0, 0, err
	}
	return l.g.Finish(begun), done - begun, nil
}
