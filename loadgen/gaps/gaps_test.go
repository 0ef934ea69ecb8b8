package gaps

import (
	"sync"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// scripted is a parker whose Park does what the test wants.
type scripted struct{ park func() }

func (s scripted) Park()   { s.park() }
func (s scripted) Unpark() {}

// A sleep counts if it was woken after it began, and while the recorder was on.
func TestWhichSleepsCount(t *testing.T) {
	r := NewRecorder()
	var p *parker
	wake := func() { p.Unpark() }
	nothing := func() {}
	for _, test := range []struct {
		name       string
		on         bool
		before, in func()
		want       int
	}{
		{name: "woken in its sleep", on: true, before: nothing, in: wake, want: 1},
		{name: "the token was there", on: true, before: wake, in: nothing},
		{name: "the token was there, and another came", on: true, before: wake, in: wake},
		{name: "woken twice", on: true, before: nothing, in: func() { wake(); wake() }, want: 1},
		{name: "off", before: nothing, in: wake},
		{name: "it is switched off meanwhile", on: true, before: nothing, in: func() { wake(); r.on.Store(false) }},
		{name: "it is switched on meanwhile", before: nothing, in: func() { r.on.Store(true); wake() }},
	} {
		p = &parker{parker: scripted{test.in}, recorder: r, gaps: make([]Gap, 0, 4)}
		r.on.Store(test.on)
		test.before()
		for now := latency.Now(); latency.Now() == now; {
		}
		p.Park()
		if len(p.gaps) != test.want {
			t.Errorf("%s: %v", test.name, p.gaps)
		}
		if got := p.woken.Load(); got != 0 {
			t.Errorf("%s: the time is left behind", test.name)
		}
	}
}

// What there is no room for is counted.
func TestLost(t *testing.T) {
	r := NewRecorder()
	p := &parker{recorder: r, gaps: make([]Gap, 0, 2)}
	p.parker = scripted{func() {
		for now := latency.Now(); latency.Now() == now; {
		}
		p.Unpark()
	}}
	r.all = append(r.all, p)
	if err := r.Around(func() error {
		for range 5 {
			p.Park()
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if workers, lost := r.Gaps(); len(workers) != 1 || len(workers[0]) != 2 || lost != 3 {
		t.Errorf("%v, %d lost", workers, lost)
	}
}

// With every kind of parker no token is lost, and gaps fit into the time that passed.
func TestKinds(t *testing.T) {
	for _, k := range park.Kinds() {
		if k.Missing != "" {
			continue
		}
		r := NewRecorder()
		p := r.Kind(k).New()
		const rounds = 100
		start := latency.Now()
		err := r.Around(func() error {
			var all sync.WaitGroup
			back := make(chan bool)
			all.Go(func() {
				for range rounds {
					p.Park()
					back <- true
				}
			})
			for range rounds {
				time.Sleep(10 * time.Microsecond)
				p.Unpark()
				<-back
			}
			all.Wait()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		took := latency.Now() - start
		workers, lost := r.Gaps()
		if len(workers) != 1 || lost != 0 || len(workers[0]) > rounds {
			t.Fatalf("%s: %v, %d lost", k.Name, workers, lost)
		}
		sum := int64(0)
		for _, g := range workers[0] {
			if g.Idle < 0 || g.Wake < 0 || g.CPU < 0 {
				t.Errorf("%s: %+v", k.Name, g)
			}
			sum += g.Idle + g.Wake
		}
		if sum > took {
			t.Errorf("%s: gaps of %d ns in %d ns", k.Name, sum, took)
		}
	}
}
