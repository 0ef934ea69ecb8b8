package relay

import (
	"context"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
)

// A Pattern is what the ball is.
type Pattern string

// The patterns.
const (
	Single Pattern = "single"
	Batch  Pattern = "batch"
	Fork   Pattern = "fork"
)

// Patterns returns all patterns.
func Patterns() []Pattern { return []Pattern{Single, Batch, Fork} }

// A Config says what to run.
type Config struct {
	Idle    impls.Implementation
	Parker  park.Kind // ignored if the manager prescribes its own
	Pattern Pattern
	Pairs   int           // at least 1
	Length  time.Duration // how long the balls are passed
	Seed    uint64        // of the sizes and the host's options

	// Patience is how long a pair may stand still before a wake-up counts as lost.
	Patience time.Duration
}

// threads reports whether each worker needs a thread.
func (c Config) threads() bool {
	if c.Idle.Parker != "" {
		return !c.Idle.Yields
	}
	return !c.Parker.Yields
}

// Run plays until the time is over, and returns the number of wake-ups. It changes
// GOMAXPROCS meanwhile. After an error schedulers are left behind.
func Run(ctx context.Context, c Config) (wakes uint64, err error) {
	rng := rand.New(rand.NewPCG(c.Seed, 3))
	var pairs []*pair
	workers := 0
	for range c.Pairs {
		p, err := newPair(c, rng)
		if err != nil {
			return 0, err
		}
		pairs = append(pairs, p)
		workers += p.workers()
	}
	// A thread that comes back from the kernel needs a P at once, or it sleeps
	// again. Goroutines share a few, at least two so that they run in parallel.
	procs := workers + 2
	if !c.threads() {
		procs = 2 + rng.IntN(3)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))

	for _, p := range pairs {
		p.sides[0].receive()
	}
	if err := watch(ctx, pairs, c.Length, c.Patience); err != nil {
		return 0, err
	}
	for _, p := range pairs {
		n, err := p.close(ctx, c.Patience)
		if err != nil {
			return 0, err
		}
		wakes += n
	}
	return wakes, nil
}

// looks is how often, within the patience, a pair is looked at.
const looks = 20

// watch waits until all balls have come to rest after the given time, and returns an
// error if one stands still.
func watch(ctx context.Context, pairs []*pair, length, patience time.Duration) error {
	defer func() {
		for _, p := range pairs {
			p.stop.Store(true)
		}
	}()
	end := time.After(length)
	tick := time.NewTicker(patience / looks)
	defer tick.Stop()
	for _, p := range pairs {
		for at, still := p.passes.Load(), 0; ; {
			select {
			case <-p.done:
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-end:
				for _, p := range pairs {
					p.stop.Store(true)
				}
				continue
			case <-tick.C:
				now := p.passes.Load()
				if still++; now != at {
					at, still = now, 0
				}
				if still > looks {
					return p.lost(patience)
				}
				continue
			}
			break
		}
	}
	return nil
}

// drawOptions draws how the host works. Its searches have no pauses: they would take
// longer than all the rest.
func drawOptions(rng *rand.Rand) host.Options {
	o := host.Options{
		Pause:       host.PauseNone,
		Ticks:       host.Ticks(rng.IntN(2)),
		Maintenance: host.Maintenance(rng.IntN(2)),
		Submission:  host.Submission(rng.IntN(2)),
		Slot:        host.Slot(rng.IntN(2)),
	}
	if prim.HasFutex {
		o.Lock = impls.MutexKind(rng.IntN(2))
	}
	return o
}
