package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/verify/stress/relay"
)

// A cell is an idle manager with a parker under a workload, in a relay, or under
// idletest.
type cell struct {
	impl  impls.Implementation
	kind  park.Kind
	load  workload.Workload
	relay relay.Pattern // unless empty, in place of load
	tests bool          // idletest in place of load

	// turn and turns say which rounds have the cell: one in this many. A manager
	// that is measured on request has one of its parkers in each round.
	turn, turns int
}

// cells returns all cells of the catalogue that this system has.
func cells(c catalog.Catalog) (all []cell) {
	for n, impl := range slices.Concat(c.Implementations, c.Others) {
		kinds := slices.DeleteFunc(slices.Clone(c.Parkers), func(k park.Kind) bool { return k.Missing != "" })
		if impl.Parker != "" {
			kinds = []park.Kind{{Name: impl.Parker}}
		}
		for k, kind := range kinds {
			like := cell{impl: impl, kind: kind, turns: 1}
			if other := n - len(c.Implementations); other >= 0 {
				like.turn, like.turns = (k+other)%len(kinds), len(kinds)
			}
			for _, w := range c.Workloads {
				one := like
				one.load = w
				all = append(all, one)
			}
			for _, p := range relay.Patterns() {
				one := like
				one.relay = p
				all = append(all, one)
			}
			if !kind.Spins { // more than a hundred workers cannot spin at once
				one := like
				one.tests = true
				all = append(all, one)
			}
		}
	}
	return all
}

// due reports whether a round has the cell. Rounds count from 0.
func (c cell) due(round int) bool { return round%c.turns == c.turn }

// subject names the manager and the parker.
func (c cell) subject() string { return c.impl.Name + "/" + c.kind.Name }

func (c cell) String() string {
	switch {
	case c.tests:
		return c.subject() + "/idletest"
	case c.relay != "":
		return c.subject() + "/relay_" + string(c.relay)
	}
	return c.subject() + "/" + c.load.Name
}

func find(all []cell, name string) (cell, bool) {
	i := slices.IndexFunc(all, func(c cell) bool { return c.String() == name })
	if i < 0 {
		return cell{}, false
	}
	return all[i], true
}

func matching(all []cell, pattern *regexp.Regexp) (some []cell) {
	for _, c := range all {
		if pattern.MatchString(c.String()) {
			some = append(some, c)
		}
	}
	return some
}

// launch runs the cell once, in this process, and returns the number of
// wake-ups.
func (c cell) launch(ctx context.Context, seed uint64, length time.Duration) (wakes uint64, err error) {
	if c.tests {
		return 0, idletest.Test(c.impl, c.kind.New)
	}
	if c.relay != "" {
		return c.pass(ctx, seed, length)
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	s := drawSize(rng)
	values, err := drawValues(rng, c.load)
	if err != nil {
		return 0, err
	}
	var count counter
	subject := loadgen.Scheduled(c.impl, c.kind)
	subject.Start = func(set loadgen.Setting) (loadgen.Running, error) {
		scheduler, err := host.Start(host.Config{
			Cores:     s.cores,
			Workers:   set.Workers,
			Idle:      c.impl,
			NewParker: c.kind.New,
			OnStart:   set.OnStart,
			Seed:      set.Seed,
		})
		if err != nil {
			return nil, err
		}
		count.add(scheduler)
		return scheduler, nil
	}
	_, err = loadgen.Measure(ctx, loadgen.Spec{
		Workload: c.load,
		Values:   values,
		Subject:  subject,
		Workers:  s.workers,
		Measure:  length,
		Seed:     seed,
	})
	if err != nil {
		return 0, fmt.Errorf("%v with %v and %v: %w", c, s, values, err)
	}
	return count.wakes(), nil
}

const (
	// relayPairs is how many pairs a launch has: while one waits for its turn on a
	// CPU, the other has work.
	relayPairs = 2

	// relayPatience is how long a ball may rest. A pass takes microseconds, but the
	// machine may have other work.
	relayPatience = time.Minute
)

// pass runs the cell's relay.
func (c cell) pass(ctx context.Context, seed uint64, length time.Duration) (wakes uint64, err error) {
	wakes, err = relay.Run(ctx, relay.Config{
		Idle:     c.impl,
		Parker:   c.kind,
		Pattern:  c.relay,
		Pairs:    relayPairs,
		Length:   length,
		Seed:     seed,
		Patience: relayPatience,
	})
	if err != nil {
		return 0, fmt.Errorf("%v: %w", c, err)
	}
	return wakes, nil
}

// A size is how large a scheduler is.
type size struct{ cores, workers int }

func (s size) String() string { return fmt.Sprintf("%d cores, %d workers", s.cores, s.workers) }

// drawSize draws a small one, since that is where a lost wake-up matters most: in
// a large one another worker comes by.
func drawSize(rng *rand.Rand) size {
	cores := []int{1, 2, 2, 2, 3, 3, 4}[rng.IntN(7)]
	return size{cores, cores + []int{0, 0, 1, 2}[rng.IntN(4)]}
}

// small holds, for some of the workloads' parameters, values with which an
// operation is quick, so that there are many in a launch.
var small = map[string][]string{
	"gap":       {"5us", "50us", "200us"},
	"tasks":     {"1", "3", "20", "300"},
	"pings":     {"1", "20", "200"},
	"yields":    {"5"},
	"depth":     {"2", "3"},
	"n":         {"12"},
	"cutoff":    {"5"},
	"period":    {"150us", "1ms"},
	"service":   {"0s", "1us", "10us"},
	"producers": {"1", "2", "3"},
}

// drawValues draws a value for each parameter: one of small, or one of those that
// the workload lists. A value that the workload does not take gives way to the
// default.
func drawValues(rng *rand.Rand, w workload.Workload) (workload.Values, error) {
	given := make(map[string]string)
	for _, p := range w.Params {
		values, ok := small[p.Name]
		if !ok {
			values = slices.Concat([]string{p.Default}, p.Sweep, p.Full)
		}
		v := values[rng.IntN(len(values))]
		if _, err := p.Parse(v); err != nil {
			v = p.Default
		}
		given[p.Name] = v
	}
	return w.Values(given)
}

// A counter counts the wake-ups of all schedulers of a launch.
type counter struct {
	mu  sync.Mutex
	all []*host.Scheduler
}

func (c *counter) add(s *host.Scheduler) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, s)
}

func (c *counter) wakes() (sum uint64) {
	for _, s := range c.all {
		sum += s.Counters().Wakes
	}
	return sum
}
