package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/idlebench/idlebench/verify/origin"
)

// A goal is a number of wake-ups for relays to make, in equal shares for each manager
// with a parker. Several launches run at once, each of the manager and parker that lacks
// most, with a pattern that is drawn. So the shares grow together, and a run that was
// interrupted has some of each.
type goal struct {
	cells     []cell // relays
	wakes     uint64
	processes int // launches at once
	length    time.Duration
	log       io.Writer
	exec      func(ctx context.Context, c cell, seed uint64, length time.Duration) (wakes uint64, err error)

	mu      sync.Mutex // guards what follows
	journal *journal
	rng     *rand.Rand
	running map[string]int // launches, by manager and parker
	said    time.Time
}

func newGoal(cells []cell, wakes, seed uint64, length time.Duration, j *journal, log io.Writer) *goal {
	return &goal{
		cells: cells, wakes: wakes, length: length, log: log, journal: j, exec: execute,
		processes: runtime.NumCPU(), rng: rand.New(rand.NewPCG(seed, 0)), running: make(map[string]int), said: time.Now(),
	}
}

// subjects returns the managers and parkers of cells.
func subjects(cells []cell) (names []string) {
	for _, c := range cells {
		if name := c.subject(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// lacks returns how many wake-ups a manager and parker still has to make.
func (g *goal) lacks(subject string) uint64 {
	n := uint64(len(subjects(g.cells)))
	share := (g.wakes + n - 1) / n
	return share - min(share, g.journal.tallies[subject].wakes)
}

// reached reports whether nothing lacks.
func (g *goal) reached() bool {
	return !slices.ContainsFunc(subjects(g.cells), func(name string) bool { return g.lacks(name) > 0 })
}

// next draws a launch. It returns false if the goal is reached.
func (g *goal) next() (c cell, seed uint64, more bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	chosen, most := "", uint64(0)
	for _, name := range subjects(g.cells) {
		lacks := g.lacks(name)
		if lacks > 0 && (chosen == "" || g.running[name] < g.running[chosen] || g.running[name] == g.running[chosen] && lacks > most) {
			chosen, most = name, lacks
		}
	}
	if chosen == "" {
		return cell{}, 0, false
	}
	g.running[chosen]++
	of := slices.DeleteFunc(slices.Clone(g.cells), func(c cell) bool { return c.subject() != chosen })
	return of[g.rng.IntN(len(of))], g.rng.Uint64(), true
}

// reach launches relays until the goal is reached, the context ends, or one fails. What
// is running then is ended and does not count.
func (g *goal) reach(ctx context.Context) error {
	if !g.reached() {
		if err := g.journal.of(origin.Here()); err != nil {
			return err
		}
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all sync.WaitGroup
	for range g.processes {
		all.Go(func() {
			for ctx.Err() == nil {
				c, seed, more := g.next()
				if !more {
					return
				}
				if err := g.launch(ctx, c, seed); err != nil {
					stop(err)
				}
			}
		})
	}
	all.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// launch runs a relay and enters it in the journal.
func (g *goal) launch(ctx context.Context, c cell, seed uint64) error {
	start := time.Now()
	wakes, err := g.exec(ctx, c, seed, g.length)
	took := time.Since(start)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running[c.subject()]--
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		before := g.journal.sum()
		err = fmt.Errorf("stress: a launch of %v with seed %d failed after %v, %s wake-ups and %d launches without a fault:\n%w\nonce more: %s",
			c, seed, took.Round(time.Second), thousands(before.wakes), before.launches, err, again(c, seed, g.length))
	}
	err = errors.Join(err, g.journal.add(launch{cell: c.String(), seed: seed, wakes: wakes, took: took, failed: err != nil}))
	g.tell()
	return err
}

// left estimates how long it takes to reach the goal, by the rates so far. It returns
// false before each manager and parker has one.
func (g *goal) left() (time.Duration, bool) {
	var seconds float64 // of launches
	for _, name := range subjects(g.cells) {
		t := g.journal.tallies[name]
		if t.wakes == 0 {
			return 0, false
		}
		seconds += float64(g.lacks(name)) / float64(t.wakes) * t.took.Seconds()
	}
	return time.Duration(math.Ceil(seconds/float64(g.processes))) * time.Second, true
}

// tell prints progress, now and then.
func (g *goal) tell() {
	now := time.Now()
	if now.Sub(g.said) < silence {
		return
	}
	g.said = now
	sum := g.journal.sum()
	fmt.Fprintf(g.log, "%s of %s wake-ups, 0 lost, %d launches", thousands(sum.wakes), thousands(g.wakes), sum.launches)
	if left, known := g.left(); known {
		fmt.Fprintf(g.log, "; about %v left", left)
	}
	fmt.Fprintln(g.log)
}
