package engine

import (
	"context"
	"errors"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
)

// The bounds on repeats; see the package documentation. With them a machine that is
// never quiet takes a quarter longer, not three times as long.
const (
	maxRepeats  = 2 // of a slot, and of all slots beyond one in repeatShare
	repeatShare = 4 // slots for each repeat
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
	observe func(Event)
	counts  Counts
}

func (e *Engine) session(command, folder string, plan record.Plan, w *record.Writer, r launch.Request, p *Program) *Session {
	observe := e.Observe
	if observe == nil {
		observe = func(Event) {}
	}
	return &Session{
		Plan: plan, Folder: folder, command: command, writer: w, request: r, program: p, observe: observe,
		measure: func(ctx context.Context, r launch.Request) (record.Launch, error) { return r.Exec(ctx) },
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
	err := s.rounds(ctx)
	if err == nil {
		err = s.profiles(ctx)
	}
	state := record.Complete
	if err != nil {
		state = record.Interrupted
	}
	// If it stopped early and cannot even record that, as on a full disk, the folder
	// says that it is running, and is resumed like that of a killed process.
	if closed := s.writer.Close(state); closed != nil && err == nil {
		err = s.stopped(Unwritable, closed)
	}
	return state, err
}

// left returns how many slots still need a launch. A slot whose launches were all
// invalid is one of them only if it may have another.
func (s *Session) left() int {
	n, slots, repeats := 0, 0, 0
	for round, cells := range s.Plan.Order {
		for _, i := range cells {
			attempts, done := s.writer.Tried(s.Plan.Cells[i], round)
			if !done && mayLaunch(attempts, slots, repeats) {
				n++
			}
			slots++
			repeats += max(0, attempts-1)
		}
	}
	return n
}

// rounds fills every slot that is not done yet. An error means that it stopped early.
func (s *Session) rounds(ctx context.Context) error {
	s.observe(PhaseBegan{Rounds, s.left()})
	defer s.observe(PhaseEnded{Rounds})
	slots, repeats := 0, 0 // so far
	for round, cells := range s.Plan.Order {
		for _, i := range cells {
			cell := s.Plan.Cells[i]
			before, _ := s.writer.Tried(cell, round)
			attempts, err := s.fill(ctx, cell, round, slots, repeats)
			if err != nil {
				return err
			}
			if attempts > before {
				s.observe(SlotDone{Phase: Rounds, Round: round, Rounds: s.Plan.Rounds, Invalid: s.counts.Invalid})
			}
			slots++
			repeats += attempts - 1
		}
	}
	return nil
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
		if err := s.launch(ctx, cell, round, attempts); err != nil {
			return attempts, err
		}
		attempts, done = s.writer.Tried(cell, round)
	}
	if !done {
		s.counts.Empty++
	}
	return attempts, nil
}

// mayLaunch reports whether a slot that has had some attempts may have another, after
// that many slots and repeats before it.
func mayLaunch(attempts, slots, repeats int) bool {
	return attempts == 0 || attempts <= maxRepeats && repeats+attempts <= maxRepeats+slots/repeatShare
}

// launch measures a cell once and records that.
func (s *Session) launch(ctx context.Context, cell record.Cell, round, attempt int) error {
	r := s.request
	r.Cell, r.Round = cell, round
	// All launches of a round make the same random choices, those of the next round
	// others.
	r.Seed = s.Plan.Seed + uint64(round)
	l, failure, err := s.try(ctx, r)
	if err != nil {
		return err
	}
	if failure != nil {
		s.counts.Failed++
		s.observe(LaunchFailed{Cell: cell, Round: round, Err: failure})
		err = s.writer.Fail(cell, round, failure)
	} else {
		l.Attempt = attempt
		if err = s.writer.Append(l); err == nil {
			s.counts.add(l)
		}
	}
	if err != nil {
		return s.stopped(Unwritable, err)
	}
	return nil
}

// try starts a launch. A failure is the launch's own; an error stops the session.
func (s *Session) try(ctx context.Context, r launch.Request) (l record.Launch, failure, err error) {
	if err := s.program.check(); err != nil {
		return l, nil, s.stopped(ProgramChanged, err)
	}
	l, failure = s.measure(ctx, r)
	switch {
	case ctx.Err() != nil || launch.Signalled(failure):
		return l, nil, s.stopped(Interrupted, ErrInterrupted)
	case errors.Is(failure, cpu.ErrUnavailable):
		return l, nil, s.stopped(CPULost, failure)
	}
	return l, failure, nil
}

// abandon ends a session before its first launch, because of an error.
func (s *Session) abandon(because error) error {
	return errors.Join(because, s.writer.Close(record.Interrupted))
}

func (s *Session) stopped(why Reason, err error) error {
	return &StoppedError{Reason: why, Command: s.command, Folder: s.Folder, Err: err}
}
