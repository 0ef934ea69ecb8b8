package workload

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// Every producer does its share once in each operation, when all are awake, always
// on the same thread, which ends with the run.
func TestProducers(t *testing.T) {
	const n, ops = 4, 5
	var shares [n]atomic.Int64
	var threads [n][ops]int
	var left atomic.Int32
	g := poolGenerator(nil, 1)
	var p *producers
	p = newProducers(g, n, func(_ *Submitter, i int) error {
		if awake := p.ready.Load(); awake != n-1 {
			t.Errorf("producer %d began when %d of the others were awake, want %d", i, awake, n-1)
		}
		threads[i][shares[i].Add(1)-1] = cpu.ThreadID()
		if left.Add(-1) == 0 {
			g.Wake()
		}
		return nil
	})
	for range 2 {
		for i := range n {
			shares[i].Store(0)
		}
		_, err := p.run(func() (Totals, error) {
			for range ops {
				left.Store(n)
				begun, done, err := p.all()
				if err != nil {
					return Totals{}, err
				}
				if done < begun {
					t.Errorf("done at %d, begun at %d", done, begun)
				}
				g.Wait()
			}
			return Totals{}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			if got := shares[i].Load(); got != ops {
				t.Errorf("producer %d did its share %d times in %d operations", i, got, ops)
			}
			for op, id := range threads[i] {
				if i > 0 && id != threads[i][0] {
					t.Errorf("producer %d was on thread %d, and in operation %d on %d", i, threads[i][0], op, id)
				}
			}
			if i > 0 {
				awaitEnd(t, threads[i][0])
			}
		}
	}
}

// awaitEnd waits until a thread has ended. Where threads have no ids there is
// nothing to wait for; and Go's runtime ends the main thread only with the
// process, and lets it sleep until then.
func awaitEnd(t *testing.T, thread int) {
	t.Helper()
	if thread == 0 || thread == os.Getpid() {
		return
	}
	path := fmt.Sprintf("/proc/self/task/%d", thread)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return
		}
	}
	t.Errorf("thread %d of a producer has not ended", thread)
}

// The error of a producer becomes the generator's.
func TestProducerFails(t *testing.T) {
	broken := errors.New("broken")
	p := newProducers(poolGenerator(nil, 1), 2, func(_ *Submitter, i int) error {
		if i == 1 {
			return broken
		}
		return nil
	})
	_, err := p.run(func() (Totals, error) {
		for {
			if _, _, err := p.all(); err != nil {
				return Totals{}, err
			}
		}
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "producer") {
		t.Errorf("got %v", err)
	}
}
