package workload

import (
	"errors"
	"runtime"
	"sync"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// Beside calls f(0) on the generator's thread, and at the same time f(1) to
// f(n-1), each on a thread of its own that is where it belongs, and returns when
// all have. What these threads use counts as the generator's. If one of them
// cannot be pinned, f is not called.
func (g *Generator) Beside(n int, f func(i int) error) error {
	pinned := make(chan error, n)
	begin := make(chan bool, n)
	others := make(chan error, n)
	for i := 1; i < n; i++ {
		go func() {
			runtime.LockOSThread() // for good: the thread ends with it, unless it is the main one
			pinned <- g.Pin(i)
			if !<-begin {
				return
			}
			// The driver reports what cannot be read.
			before, _ := cpu.ThreadUsage() // it may have been another's thread
			err := f(i)
			after, _ := cpu.ThreadUsage()
			g.beside.add(after.Sub(before))
			others <- err
		}()
	}
	var err error
	for range n - 1 {
		err = errors.Join(err, <-pinned)
	}
	for range n - 1 {
		begin <- err == nil
	}
	if err != nil {
		return err
	}
	err = f(0)
	for range n - 1 {
		err = errors.Join(err, <-others)
	}
	return err
}

// BesideUsage returns what the threads of Beside have used, all of them.
func (g *Generator) BesideUsage() cpu.Usage {
	g.beside.mu.Lock()
	defer g.beside.mu.Unlock()
	return g.beside.sum
}

type besideUsage struct {
	mu  sync.Mutex
	sum cpu.Usage
}

func (b *besideUsage) add(u cpu.Usage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sum = b.sum.Add(u)
}
