package simulation

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/simulate/machine"
)

// A Session carries out what is left of a simulated run and records it. It is for one
// goroutine.
type Session struct {
	Plan   record.Plan
	Folder string
	Args   []string // the command line, for the record

	// Dropped says, for a resumed run, which records the session before left torn.
	Dropped []record.Loss

	s        *Simulator
	writer   *record.Writer
	machine  string // path of its file
	traced   map[string]bool
	detailed bool              // the first launch of each cell leaves its detail; not on varied machines
	primary  map[string]string // as in record.Manifest

	launches, failed int
}

// Begin creates the result folder of a run, with a copy of the machine's file.
func (s *Simulator) Begin(set Setup) (*Session, error) {
	w, err := record.Create(set.Folder, s.header(set))
	if err != nil {
		return nil, err
	}
	file := filepath.Join(set.Folder, simulated.MachineFile)
	if err := replace.Durable(file, set.Machine.Format()); err != nil {
		return nil, errors.Join(err, w.Close(record.Interrupted))
	}
	return s.session(set.Folder, set.Args, set.Plan, s.header(set).Primary, w), nil
}

func (s *Simulator) session(folder string, args []string, plan record.Plan, primary map[string]string, w *record.Writer) *Session {
	se := &Session{Plan: plan, Folder: folder, Args: args, s: s, writer: w, primary: primary, machine: filepath.Join(folder, simulated.MachineFile)}
	if _, v, err := simulated.Split(plan.Cells[0]); v == nil && err == nil {
		se.traced, se.detailed = traced(plan.Cells), true
	}
	return se
}

// Resume returns a session for the rest of a run. Its errors are those of
// engine.Resume.
func (s *Simulator) Resume(folder string) (*Session, error) {
	m, err := record.ReadManifest(folder)
	if err != nil {
		return nil, err
	}
	if m.Command != RunCommand {
		return nil, &engine.OtherCommandError{Folder: folder, Command: m.Command}
	}
	if !m.State.Partial() {
		if _, err := record.Read(folder); err != nil {
			return nil, err
		}
		return nil, &engine.FinishedError{Folder: folder, State: m.State, Launches: m.Launches}
	}
	file, err := Machine(folder)
	if err != nil {
		return nil, err
	}
	var changed []engine.Difference
	for _, d := range []engine.Difference{
		{Key: "program", Was: m.Program, Is: s.Program.Sum},
		{Key: record.DigestKey, Was: m.Fact(record.DigestKey), Is: digest(file)},
	} {
		if d.Was != d.Is {
			changed = append(changed, d)
		}
	}
	if changed != nil {
		return nil, &engine.ChangedError{Folder: folder, Differences: changed}
	}
	w, run, err := record.Resume(folder, time.Now())
	if err != nil {
		return nil, err
	}
	se := s.session(folder, m.Args, m.Plan, m.Primary, w)
	se.Dropped, se.launches, se.failed = run.Dropped, len(run.Recorded), len(run.Failures)
	return se, nil
}

// Machine returns the machine that was simulated in a folder.
func Machine(folder string) (*machine.File, error) {
	return machine.Load(filepath.Join(folder, simulated.MachineFile))
}

func digest(m *machine.File) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(m.Format())) }

// Counts returns what became of the run so far.
func (se *Session) Counts() engine.Counts {
	return engine.Counts{Launches: se.launches, Failed: se.failed}
}

// An outcome is what became of a launch.
type outcome struct {
	result Result
	err    error
}

// Simulate carries out what is left, and ends the session in the state that it returns.
// Launches run in several processes, and are recorded in the order of the plan: what is
// recorded is always a beginning of it. If it stops early the error is a
// *engine.StoppedError.
func (se *Session) Simulate(ctx context.Context) (record.State, error) {
	err := se.simulate(ctx)
	state := record.Complete
	if err != nil {
		state = record.Interrupted
	}
	if closed := se.writer.Close(state); closed != nil && err == nil {
		err = se.stopped(engine.Unwritable, closed)
	}
	return state, err
}

// Leave ends a session that has done nothing.
func (se *Session) Leave() error { return se.writer.Close(record.Interrupted) }

func (se *Session) simulate(ctx context.Context) error {
	requests := se.left()
	var work time.Duration
	for _, r := range requests {
		work += cost(r)
	}
	se.observe(engine.PhaseBegan{Phase: engine.Rounds, Work: work})
	defer se.observe(engine.PhaseEnded{Phase: engine.Rounds})

	ctx, cancel := context.WithCancel(ctx)
	var processes sync.WaitGroup
	defer processes.Wait()
	defer cancel()
	outcomes := se.start(ctx, &processes, requests)
	for i, r := range requests {
		var o outcome
		select {
		case o = <-outcomes[i]:
		case <-ctx.Done():
			return se.stopped(engine.Interrupted, engine.ErrInterrupted)
		}
		if errors.Is(o.err, engine.ErrInterrupted) {
			return se.stopped(engine.Interrupted, engine.ErrInterrupted)
		}
		if err := se.record(r, o); err != nil {
			return err
		}
		se.observe(engine.StepDone{Phase: engine.Rounds, Work: cost(r), Round: r.Round, Rounds: se.Plan.Rounds})
	}
	return nil
}

// start carries out requests, some at the same time, and returns where their outcomes
// arrive. Those that are not begun when the context ends never do.
func (se *Session) start(ctx context.Context, processes *sync.WaitGroup, requests []Request) []chan outcome {
	outcomes := make([]chan outcome, len(requests))
	for i := range outcomes {
		outcomes[i] = make(chan outcome, 1)
	}
	next := make(chan int)
	processes.Go(func() {
		defer close(next)
		for i := range requests {
			select {
			case next <- i:
			case <-ctx.Done():
				return
			}
		}
	})
	for range max(1, se.s.Processes) {
		processes.Go(func() {
			for i := range next {
				var o outcome
				o.result, o.err = requests[i].exec(ctx, se.s.Program.Path)
				outcomes[i] <- o
			}
		})
	}
	return outcomes
}

// left returns the requests for launches that are not recorded yet.
func (se *Session) left() (requests []Request) {
	for round, order := range se.Plan.Order {
		for _, i := range order {
			cell := se.Plan.Cells[i]
			if attempts, _ := se.writer.Tried(cell, round); attempts > 0 {
				continue
			}
			r := Request{
				Cell: cell, Round: round, Seed: se.Plan.Seed + uint64(round), Machine: se.machine,
				Warmup: se.Plan.Warmup, Time: se.Plan.Time,
			}
			if round == 0 && se.traced[cell.Name()] {
				r.Window = window
			}
			requests = append(requests, r)
		}
	}
	return requests
}

// window is how many stretches of time a trace has: enough to see what wakes what, and
// few enough for a file of some ten kilobytes.
const window = 600

// cost is about how long a launch takes on this computer, relative to others: more
// workers do more in the same time.
func cost(r Request) time.Duration { return time.Duration(8+r.Cell.Workers) * time.Millisecond }

// record records the outcome of a launch.
func (se *Session) record(r Request, o outcome) error {
	if o.err != nil {
		if _, err := os.Stat(se.s.Program.Path); err != nil {
			return se.stopped(engine.ProgramChanged, &engine.ReplacedError{Path: se.s.Program.Path, Err: err})
		}
		se.failed++
		se.observe(engine.LaunchFailed{Cell: r.Cell, Round: r.Round, Err: o.err})
		if err := se.writer.Fail(r.Cell, r.Round, o.err); err != nil {
			return se.stopped(engine.Unwritable, err)
		}
		return nil
	}
	l := o.result.Launch
	if !se.detailed {
		l = se.brief(l)
	}
	if se.detailed && r.Round == 0 {
		conditions, err := simulated.Write(se.Folder, r.Cell, o.result.Detail, o.result.Trace)
		if err != nil {
			return se.stopped(engine.Unwritable, err)
		}
		l.Conditions = append(l.Conditions, conditions...)
	}
	if err := se.writer.Append(l); err != nil {
		return se.stopped(engine.Unwritable, err)
	}
	se.launches++
	return nil
}

// brief returns a launch on a varied machine with what it is there for: there are many,
// and all but the unit in which the workload is judged would be of no use.
func (se *Session) brief(l record.Launch) record.Launch {
	kept := slices.DeleteFunc(slices.Clone(l.Metrics), func(m record.Metric) bool {
		return m.Unit != se.primary[l.Cell.Workload] && m.Unit != "wakes/task"
	})
	if len(kept) > 0 {
		l.Metrics = kept
	}
	l.Latency = nil
	l.Conditions = slices.DeleteFunc(slices.Clone(l.Conditions), func(p record.Pair) bool { return p.Key != "seed" })
	return l
}

func (se *Session) observe(e engine.Event) { se.s.watch(e) }

func (s *Simulator) watch(e engine.Event) {
	if s.Observe != nil {
		s.Observe(e)
	}
}

func (se *Session) stopped(r engine.Reason, err error) error {
	return &engine.StoppedError{Reason: r, Command: RunCommand, Folder: se.Folder, Err: err}
}
