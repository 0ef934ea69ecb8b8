package relay

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
)

func TestRun(t *testing.T) {
	for _, impl := range builtin.Implementations() {
		kinds := park.Kinds()
		if impl.Parker != "" {
			kinds = []park.Kind{{Name: impl.Parker}}
		}
		for _, kind := range kinds {
			for _, pattern := range Patterns() {
				t.Run(impl.Name+"/"+kind.Name+"/"+string(pattern), func(t *testing.T) {
					if kind.Missing != "" {
						t.Skip(kind.Missing)
					}
					wakes, err := Run(t.Context(), config(impl, kind, pattern))
					if err != nil {
						t.Fatal(err)
					}
					if wakes == 0 {
						t.Error("no wake-ups")
					}
				})
			}
		}
	}
}

func config(impl impls.Implementation, kind park.Kind, pattern Pattern) Config {
	return Config{Idle: impl, Parker: kind, Pattern: pattern, Pairs: 2, Length: 5 * time.Millisecond, Seed: 1, Patience: time.Minute}
}

// A deaf manager does as another, but for every hundredth notification of one kind.
type deaf struct {
	impls.Idle
	lock *impls.Mutex
	to   Pattern
	n    atomic.Int32
}

func (d *deaf) misses(kind Pattern) bool { return d.to == kind && d.n.Add(1)%100 == 0 }

func (d *deaf) NotifyLocal(c *impls.Core) {
	if !d.misses(Fork) {
		d.Idle.NotifyLocal(c)
	}
}

func (d *deaf) NotifyRemote() {
	if d.misses(Single) {
		d.lock.Unlock()
		return
	}
	d.Idle.NotifyRemote()
}

func (d *deaf) NotifyMult(n int) {
	if d.misses(Batch) {
		d.lock.Unlock()
		return
	}
	d.Idle.NotifyMult(n)
}

// Notifications without an effect are found, of each kind. Not every size and set of
// options depends on each: a batch that is submitted one by one has several.
func TestLostWakeUpIsFound(t *testing.T) {
	for _, pattern := range Patterns() {
		t.Run(string(pattern), func(t *testing.T) {
			impl := mutexonly.Implementation
			impl.New = func(c impls.Config) impls.Idle {
				return &deaf{Idle: mutexonly.New(c), lock: c.Lock, to: pattern}
			}
			c := config(impl, park.Kinds()[0], pattern)
			c.Length, c.Patience = 100*time.Millisecond, time.Second
			var err error
			for c.Seed = 0; err == nil && c.Seed < 10; c.Seed++ {
				_, err = Run(t.Context(), c)
			}
			if err == nil {
				t.Fatal("not found")
			}
			for _, want := range []string{"a wake-up was lost", "1s, after ", " passes", "cores, ", "host pause.none", "have not run", "worker 0 "} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v\nhas no %q", err, want)
				}
			}
		})
	}
}

func TestCheck(t *testing.T) {
	s := side{visits: 5, tasks: 3}
	if err := s.check(host.Counters{Tasks: 15, Parks: 9, Wakes: 8, NoopWakes: 7}); err != nil {
		t.Error(err)
	}
	for _, c := range []host.Counters{
		{Tasks: 14, Parks: 9, Wakes: 8, NoopWakes: 7},
		{Tasks: 16, Parks: 9, Wakes: 8, NoopWakes: 7},
		{Tasks: 15, Parks: 7, Wakes: 8, NoopWakes: 7},
		{Tasks: 15, Parks: 9, Wakes: 8, NoopWakes: 9},
	} {
		if s.check(c) == nil {
			t.Errorf("%+v: no error", c)
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	reason := errors.New("enough")
	stop(reason)
	c := config(mutexonly.Implementation, park.Kinds()[0], Single)
	c.Length = time.Minute
	if _, err := Run(ctx, c); !errors.Is(err, reason) {
		t.Errorf("got %v", err)
	}
}

func TestUnknownPattern(t *testing.T) {
	if _, err := Run(t.Context(), config(mutexonly.Implementation, park.Kinds()[0], "square")); err == nil {
		t.Error("no error")
	}
}
