package engine

import (
	"context"
	"errors"
	"time"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
)

// A Session carries out what is left of a plan and records it. It is for one
// goroutine.
type Session struct {
	Plan   record.Plan
	Folder string

	// Dropped says, for a resumed run, which records the session before left torn.
	// They are cut off, and measured again.
	Dropped []record.Loss

	command string
	writer  *record.Writer
	request launch.Request // without what differs between launches
	program *Program
	measure func(context.Context, launch.Request) (record.Launch, error)
	begin   func(context.Context, launch.Request) (child, error)
	observe func(Event)
	counts  Counts
	groups  map[int]int // of the plan's cells that are measured in slices
}

func (e *Engine) session(command, folder string, plan record.Plan, w *record.Writer, r launch.Request, p *Program) *Session {
	observe := e.Observe
	if observe == nil {
		observe = func(Event) {}
	}
	launches := fleet{e, plan, make(map[string]*Program)}
	return &Session{
		Plan: plan, Folder: folder, command: command, writer: w, request: r, program: p, observe: observe,
		measure: launches.measure, begin: launches.begin,
		groups: plan.GroupOf(),
	}
}

// Counts returns what became of the run so far.
func (s *Session) Counts() Counts { return s.counts }

// Oversubscribed returns the CPUs of the session, and the numbers of workers ("workers=2")
// for which there are too few, so that busy threads wait for each other.
func (s *Session) Oversubscribed() (use cpu.Set, over []string) {
	use, err := Usable(s.request.CPUs)
	if err != nil {
		return nil, nil // the first launch will say so
	}
	over, _ = oversubscribed(s.Plan.Cells, use)
	return use, over
}

// Measure carries out what is left, and ends the session in the state that it returns.
// It is called once. If it stops early the error is a *StoppedError, except where a
// plan that was edited makes no sense.
func (s *Session) Measure(ctx context.Context) (record.State, error) {
	decided, err := s.stages(ctx)
	if err == nil {
		err = s.profiles(ctx)
	}
	state := record.Complete
	switch {
	case err != nil:
		state = record.Interrupted
	case decided:
		state = record.Decided
	}
	// If it stopped early and cannot even record that, as on a full disk, the folder
	// says that it is running, and is resumed like that of a killed process.
	if closed := s.writer.Close(state); closed != nil && err == nil {
		err = s.stopped(Unwritable, closed)
	}
	return state, err
}

// sliced reports whether a cell is measured in slices. A group may have cells that are
// not, to compare the two ways.
func (s *Session) sliced(cell int) bool {
	_, grouped := s.groups[cell]
	return grouped && !matrix.Whole(s.Plan.Cells[cell])
}

// stages measures stage after stage, and reports whether the plan's stopping rule left
// something out. An error means that it stopped early.
func (s *Session) stages(ctx context.Context) (decided bool, err error) {
	var outside tally
	from, slots := 0, 0
	for k, to := range stages(s.Plan) {
		cells := everything(s.Plan)
		if k > 0 {
			if cells, err = s.open(k); err != nil {
				return false, err
			}
			if len(cells) == 0 || beyond(s.Plan, slots+(to-from)*len(cells)) {
				return true, nil
			}
			decided = decided || len(cells) < len(s.Plan.Cells)
		}
		if err := s.stage(ctx, from, to, cells, &outside); err != nil {
			return false, err
		}
		slots += (to - from) * len(cells)
		from = to
	}
	return decided, nil
}

// A tally counts slots outside of groups, and the repeats in them.
type tally struct{ slots, repeats int }

// stage fills every slot of some rounds and cells that is not done yet. An error means
// that it stopped early.
func (s *Session) stage(ctx context.Context, from, to int, cells map[int]bool, outside *tally) error {
	s.observe(PhaseBegan{Phase: Rounds, Work: s.remaining(from, to, cells, *outside)})
	defer s.observe(PhaseEnded{Rounds})
	for round := from; round < to; round++ {
		step := func(work time.Duration) {
			s.observe(StepDone{Phase: Rounds, Work: work, Round: round, Rounds: to, Invalid: s.counts.Invalid})
		}
		if err := s.round(ctx, round, only(s.Plan.Order[round], cells), outside, step); err != nil {
			return err
		}
	}
	return nil
}

// round fills the slots of some cells in a round.
func (s *Session) round(ctx context.Context, round int, cells []int, outside *tally, step func(time.Duration)) error {
	for len(cells) > 0 {
		together := s.together(cells)
		if _, grouped := s.groups[cells[0]]; grouped {
			if err := s.groupOf(together, round, step).measure(ctx); err != nil {
				return err
			}
		} else {
			cell := s.Plan.Cells[cells[0]]
			before, _ := s.writer.Tried(cell, round)
			attempts, err := s.fill(ctx, cell, round, outside.slots, outside.repeats)
			if err != nil {
				return err
			}
			if attempts > before {
				step(cost(s.Plan, false))
			}
			outside.slots++
			outside.repeats += attempts - 1
		}
		cells = cells[len(together):]
	}
	return nil
}

// remaining returns about how long the slots of some rounds and cells take that still need a
// launch. A slot whose launches were all invalid is one of them only if it may have
// another.
func (s *Session) remaining(from, to int, cells map[int]bool, outside tally) (work time.Duration) {
	for round := from; round < to; round++ {
		for _, i := range only(s.Plan.Order[round], cells) {
			_, grouped := s.groups[i]
			attempts, done := s.writer.Tried(s.Plan.Cells[i], round)
			switch {
			case grouped && attempts == 0, !grouped && !done && mayLaunch(attempts, outside.slots, outside.repeats):
				work += cost(s.Plan, s.sliced(i))
			}
			if !grouped {
				outside.slots++
				outside.repeats += max(0, attempts-1)
			}
		}
	}
	return work
}

// together returns the cells at the beginning of a list that are in the group of the
// first, only the first if it is in none.
func (s *Session) together(cells []int) []int {
	g, grouped := s.groups[cells[0]]
	n := 1
	for grouped && n < len(cells) {
		if other, ok := s.groups[cells[n]]; !ok || other != g {
			break
		}
		n++
	}
	return cells[:n]
}

// fill launches the cell until a launch of the round is valid or fails, or no more are
// allowed. It returns how many launches the slot has had. The arguments slots and
// repeats count what went before.
func (s *Session) fill(ctx context.Context, cell record.Cell, round, slots, repeats int) (attempts int, err error) {
	attempts, done := s.writer.Tried(cell, round)
	if done {
		return attempts, nil
	}
	for !done && mayLaunch(attempts, slots, repeats) {
		l, failure, err := s.launch(ctx, cell, round, attempts)
		if err != nil {
			return attempts, err
		}
		if failure != nil {
			err = s.fail(cell, round, failure)
		} else {
			err = s.append(l)
		}
		if err != nil {
			return attempts, err
		}
		attempts, done = s.writer.Tried(cell, round)
	}
	if !done {
		s.counts.Empty++
	}
	return attempts, nil
}

// append records launches.
func (s *Session) append(launches ...record.Launch) error {
	if err := s.writer.Append(launches...); err != nil {
		return s.stopped(Unwritable, err)
	}
	for _, l := range launches {
		s.counts.add(l)
	}
	return nil
}

// fail records that a launch brought no result.
func (s *Session) fail(cell record.Cell, round int, failure error) error {
	s.counts.Failed++
	s.observe(LaunchFailed{Cell: cell, Round: round, Err: failure})
	if err := s.writer.Fail(cell, round, failure); err != nil {
		return s.stopped(Unwritable, err)
	}
	return nil
}

// requestFor returns the request for a launch of a round.
func (s *Session) requestFor(cell record.Cell, round int) launch.Request {
	r := s.request
	r.Cell, r.Round = cell, round
	// All launches of a round make the same random choices, those of the next round
	// others.
	r.Seed = s.Plan.Seed + uint64(round)
	return r
}

// launch measures a cell once, in one piece.
func (s *Session) launch(ctx context.Context, cell record.Cell, round, attempt int) (l record.Launch, failure, err error) {
	l, failure, err = s.try(ctx, s.requestFor(cell, round))
	l.Attempt = attempt
	return l, failure, err
}

// try starts a launch. A failure is the launch's own; an error stops the session.
func (s *Session) try(ctx context.Context, r launch.Request) (l record.Launch, failure, err error) {
	failure, err = s.start(ctx, func() (err error) {
		l, err = s.measure(ctx, r)
		return err
	})
	return l, failure, err
}

// start starts a process, if the program is still the same.
func (s *Session) start(ctx context.Context, run func() error) (failure, err error) {
	if err := s.program.check(); err != nil {
		return nil, s.stopped(ProgramChanged, err)
	}
	return s.attempt(ctx, run)
}

// attempt does something with a launch. A failure is the launch's own; an error stops the
// session.
func (s *Session) attempt(ctx context.Context, do func() error) (failure, err error) {
	failure = do()
	switch {
	case ctx.Err() != nil || launch.Signalled(failure):
		return nil, s.stopped(Interrupted, ErrInterrupted)
	case errors.Is(failure, cpu.ErrUnavailable):
		return nil, s.stopped(CPULost, failure)
	}
	return failure, nil
}

// abandon ends a session before its first launch, because of an error.
func (s *Session) abandon(because error) error {
	return errors.Join(because, s.writer.Close(record.Interrupted))
}

func (s *Session) stopped(why Reason, err error) error {
	return &StoppedError{Reason: why, Command: s.command, Folder: s.Folder, Err: err}
}
