package variants

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/park"
)

func TestBrief(t *testing.T) {
	for _, v := range All() {
		t.Run(v.Name, func(t *testing.T) {
			if err := idletest.Brief(v, func() impls.Parker { return park.NewCond() }); err != nil {
				t.Error(err)
			}
		})
	}
}

// Wakeall wakes all who wait, and the others one.
func TestWakes(t *testing.T) {
	const workers = 4
	for _, v := range All() {
		c := idletest.NoWork(workers)
		c.Lock = nil
		woken := make(chan int, 2*workers)
		parked := make(chan int, workers)
		for w := range workers {
			c.Parkers[w] = &parker{woken: woken, parked: parked, worker: w, token: make(chan bool, 1)}
		}
		idle := v.New(c)
		for w := range workers {
			go func() {
				core, _ := idle.Park(w, nil)
				idle.Park(w, core)
			}()
		}
		for range workers {
			<-parked
		}
		idle.NotifyRemote()
		want := 1
		if v.Name == WakeAll {
			want = workers
		}
		if n := len(woken); n != want {
			t.Errorf("%s woke %d of %d, want %d", v.Name, n, workers, want)
		}
		idle.Shutdown()
	}
}

type parker struct {
	woken, parked chan int
	worker        int
	token         chan bool
}

func (p *parker) Park() {
	p.parked <- p.worker
	<-p.token
}

func (p *parker) Unpark() {
	p.woken <- p.worker
	select {
	case p.token <- true:
	default:
	}
}

var _ impls.Parker = (*parker)(nil)
