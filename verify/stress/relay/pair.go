package relay

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
)

// A pair is two schedulers that pass a ball to each other.
type pair struct {
	sides  [2]side
	passes atomic.Uint64
	stop   atomic.Bool   // the next pass does not take place
	done   chan struct{} // closed when it does not
}

// A side is a scheduler with its ball. The plain fields belong to whoever has the
// ball: a visit of it begins after the visit to the other side has ended.
type side struct {
	pair      *pair
	other     *side
	config    host.Config
	scheduler *host.Scheduler

	ball    []host.Task  // what is submitted
	tasks   int          // that run in a visit of the ball
	visits  uint64       // of the ball
	waiting atomic.Int32 // tasks of this visit that have not run
}

// newPair starts two schedulers. The ball is in neither.
func newPair(c Config, rng *rand.Rand) (*pair, error) {
	p := &pair{done: make(chan struct{})}
	for i := range p.sides {
		s := &p.sides[i]
		s.pair, s.other = p, &p.sides[1-i]
		s.config = host.Config{
			Cores:     1 + rng.IntN(3),
			Idle:      c.Idle,
			NewParker: c.Parker.New,
			Seed:      rng.Uint64(),
			Options:   drawOptions(rng),
		}
		switch c.Pattern {
		case Single:
			s.ball = []host.Task{part{s}}
		case Batch:
			for range 2 + rng.IntN(3) {
				s.ball = append(s.ball, part{s})
			}
		case Fork:
			s.config.Cores = 2 + rng.IntN(2)
			s.ball = []host.Task{newParent(c, s)}
		default:
			return nil, fmt.Errorf("relay: there is no pattern %q", c.Pattern)
		}
		s.tasks = len(s.ball)
		if c.Pattern == Fork {
			s.tasks = family
		}
		s.config.Workers = s.config.Cores + rng.IntN(2)
		var err error
		if s.scheduler, err = host.Start(s.config); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// workers returns the number of workers of both schedulers.
func (p *pair) workers() int { return p.sides[0].config.Workers + p.sides[1].config.Workers }

// receive submits the ball to the scheduler.
func (s *side) receive() {
	s.visits++
	s.waiting.Store(int32(s.tasks))
	submit := func() error { return s.scheduler.SubmitAll(s.ball) }
	if len(s.ball) == 1 {
		submit = func() error { return s.scheduler.Submit(s.ball[0]) }
	}
	if err := submit(); err != nil {
		panic(err) // closed, with the ball on its way; the report of the pair will have it
	}
}

// ran is called by each task of a visit. The last passes the ball on.
func (s *side) ran() {
	if s.waiting.Add(-1) > 0 {
		return
	}
	p := s.pair
	p.passes.Add(1)
	if p.stop.Load() {
		close(p.done)
		return
	}
	s.other.receive()
}

// A part of a ball is a task that does nothing.
type part struct{ *side }

// Run implements host.Task.
func (p part) Run(host.Worker) { p.ran() }

// close closes both schedulers after the last pass, and returns how often their
// workers were woken.
func (p *pair) close(ctx context.Context, patience time.Duration) (wakes uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var errs []error
	for i := range p.sides {
		s := &p.sides[i]
		if err := s.scheduler.Close(ctx); err != nil {
			errs = append(errs, fmt.Errorf("relay: %s: %w", s, err))
			continue
		}
		c := s.scheduler.Counters()
		errs = append(errs, s.check(c))
		wakes += c.Wakes
	}
	return wakes, errors.Join(errs...)
}

// check checks the counters of a scheduler that has closed.
func (s *side) check(c host.Counters) error {
	if given := s.visits * uint64(s.tasks); c.Tasks != given {
		return fmt.Errorf("relay: %s: %d tasks were given to it, and %d have run", s, given, c.Tasks)
	}
	if c.Wakes > c.Parks || c.NoopWakes > c.Wakes {
		return fmt.Errorf("relay: %s: the counters contradict each other: %+v", s, c)
	}
	return nil
}

// lost is the error of a pair that stands still.
func (p *pair) lost(patience time.Duration) error {
	err := fmt.Errorf("relay: a wake-up was lost: the ball has not been passed for %v, after %d passes", patience, p.passes.Load())
	for i := range p.sides {
		s := &p.sides[i]
		err = fmt.Errorf("%w\n%s; %d tasks of visit %d have not run\n%s", err, s, s.waiting.Load(), s.visits, s.scheduler.State())
	}
	return err
}

// String says how the scheduler was made.
func (s *side) String() string {
	return fmt.Sprintf("%d cores, %d workers, host %v", s.config.Cores, s.config.Workers, s.config.Options)
}
