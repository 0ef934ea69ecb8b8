package workload

import (
	"errors"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// A beside runs further submitters alongside the generator's own and adds up their CPU
// use.
type beside struct {
	mu         prim.Mutex
	sum        cpu.Usage
	ns         int64        // spent waiting and preparing
	submitters []*Submitter // submitters 1 and up; each is reused in the next run
}

func (b *beside) run(g *Generator, n int, f func(i int, s *Submitter) error) error {
	placed := prim.MakeChan[error](n)
	begin := prim.MakeChan[bool](n)
	others := prim.MakeChan[error](n)
	for len(b.submitters) < n-1 {
		b.submitters = append(b.submitters, newSubmitter(g))
	}
	for i := 1; i < n; i++ {
		s := b.submitters[i-1]
		prim.Go(func() {
			if g.How.Goroutine() {
				prim.Send(placed, nil)
				if prim.Recv(begin) {
					err := f(i, s)
					b.add(cpu.Usage{}, s)
					prim.Send(others, err)
				}
				return
			}
			lockThread() // never unlocked: the thread ends with the goroutine, unless it is the main thread
			prim.Send(placed, g.Pin(i))
			if !prim.Recv(begin) {
				return
			}
			// The driver reports usage that cannot be read.
			before, _ := cpu.ThreadUsage() // the thread may have run other goroutines before
			err := f(i, s)
			after, _ := cpu.ThreadUsage()
			b.add(after.Sub(before), s)
			prim.Send(others, err)
		})
	}
	var err error
	for range n - 1 {
		err = errors.Join(err, prim.Recv(placed))
	}
	for range n - 1 {
		prim.Send(begin, err == nil)
	}
	if err != nil {
		return err
	}
	err = f(0, g.own())
	for range n - 1 {
		err = errors.Join(err, prim.Recv(others))
	}
	return err
}

// add adds what a submitter used in one run.
func (b *beside) add(u cpu.Usage, s *Submitter) {
	s.flush()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sum = b.sum.Add(u)
	b.ns += s.burnt
	s.burnt = 0
}

// recorders returns the recorders of all submitters but the generator's own. None of
// them may be running.
func (b *beside) recorders() (all []*latency.Recorder) {
	for _, s := range b.submitters {
		all = append(all, s.times)
	}
	return all
}

func (b *beside) usage() cpu.Usage {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sum
}

func (b *beside) burnt() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ns
}
