package workload

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
)

// producers are threads that submit tasks together. The first is the generator's
// own; the others sleep between operations and live as long as one call of run.
type producers struct {
	n      int
	share  func(producer int) error // what each does in an operation
	sleep  []impls.Parker           // by producer; that of the first is not used
	end    atomic.Bool
	failed atomic.Pointer[error]
}

func newProducers(n int, share func(producer int) error) *producers {
	kind := park.Kinds()[0]
	if futex, ok := park.Find(park.Kinds(), "futex"); ok && futex.Missing == "" {
		kind = futex
	}
	p := &producers{n: n, share: share}
	for range n {
		p.sleep = append(p.sleep, kind.New())
	}
	return p
}

// run calls drive on the generator's thread while the other producers stand by.
func (p *producers) run(g *Generator, drive func() (Totals, error)) (Totals, error) {
	var t Totals
	p.end.Store(false)
	err := g.Beside(p.n, func(i int) error {
		if i > 0 {
			for p.sleep[i].Park(); !p.end.Load(); p.sleep[i].Park() {
				if err := p.share(i); err != nil {
					failed := err // on the heap, and only now
					p.failed.Store(&failed)
				}
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

// all has every producer do its share once, and returns when the generator has
// done its own. That the others have too shows when their tasks have run.
func (p *producers) all() error {
	for _, other := range p.sleep[1:] {
		other.Unpark()
	}
	if err := p.share(0); err != nil {
		return err
	}
	if err := p.failed.Load(); err != nil {
		return fmt.Errorf("workload: a producer failed: %w", *err)
	}
	return nil
}

func producerCount(def string, full ...string) Param {
	return Param{
		Name:    "producers",
		About:   "threads outside the pool that submit, the load generator among them",
		Default: def,
		Full:    full,
		Parse:   count(1, 1024),
	}
}

// A contestLoad has producers that each submit their part of a number of tasks;
// the last task to run tells the generator.
type contestLoad struct {
	*countdownLoad
	producers *producers
}

func newContestLoad(tasks, n int) *contestLoad {
	l := &contestLoad{countdownLoad: newCountdownLoad(tasks)}
	l.producers = newProducers(n, func(producer int) error {
		return l.submit(len(l.tasks)*producer/n, len(l.tasks)*(producer+1)/n)
	})
	return l
}

func (l *contestLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	return l.producers.run(g, func() (Totals, error) {
		return g.Repeat(limit, len(l.tasks), func() (int64, error) { return l.op(l.producers.all) })
	})
}
