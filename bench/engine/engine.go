package engine

import (
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// An Engine carries out runs of what a catalogue has, on one machine.
type Engine struct {
	Catalog catalog.Catalog
	System  environ.System // the machine: environ.Host(), or a made-up one in tests

	// Program is started for each launch. It must serve launch.Command, as cli.Main
	// does. A/B runs do not need it.
	Program *Program

	// Judge says in which units workloads are judged; it was checked.
	Judge record.Judge

	// Observe, if not nil, is called with each Event, by the goroutine that measures.
	Observe func(Event)
}

// A Timing is how long and how often a run measures.
type Timing struct {
	Warmup, Time time.Duration // of each launch
	Rounds       int
}

// The timing of the default run, and of a quick one.
//
// All comparisons of a run share one error rate ([Family]). The default matrix has about
// 50, and with fewer than 12 rounds none of them could be significant, whatever the
// difference. Two more make up for slots that stay empty.
//
// A quick run judges too: a user who has a minute wants an answer, and a run that can
// only be repeated is no answer. Its family has 12 comparisons on 2 CPUs, which takes 9
// rounds, and up to 27 on more CPUs, which takes 11. The time for the rounds comes from
// shorter launches, since the rounds decide: with too few of them no launch is long
// enough. The self-test, whose launches are no longer, measures how far verdicts from such
// launches can be trusted.
var (
	Normal = Timing{Warmup: 40 * time.Millisecond, Time: 3 * sliceTime, Rounds: 14}
	Quick  = Timing{Warmup: 15 * time.Millisecond, Time: 50 * time.Millisecond, Rounds: 12}
)

// Bounds on the size of a plan.
//
// Package compare judges at most 500 pairs, so more rounds would be measured in vain.
//
// run.json and every session hold the order of all rounds, so the slots bound the memory,
// to some 10 MB. At 20 ms for a process that measures next to nothing a million launches
// take six hours, at the default timing three days.
const (
	MaxRounds = 500
	MaxSlots  = 1_000_000
)

// CheckSize returns an error if a plan of that many cells and rounds is out of bounds. It
// is for before the order of the rounds is made, which is most of a plan.
func CheckSize(cells, rounds int) error {
	switch {
	case rounds < 1:
		return fmt.Errorf("%d rounds: want at least 1", rounds)
	case rounds > MaxRounds:
		return fmt.Errorf("%d rounds: want at most %d, since a report compares no more", rounds, MaxRounds)
	case cells*rounds > MaxSlots:
		return fmt.Errorf("%d rounds of %d cells are %d launches: want at most %d, so at most %d rounds, or fewer cells",
			rounds, cells, cells*rounds, MaxSlots, MaxSlots/cells)
	}
	return nil
}

// A Setup describes a run that is to begin.
type Setup struct {
	Command string   // the command of the program that can resume the run
	Args    []string // the command line, for the record; see record.Manifest
	Folder  string   // must not exist
	Plan    record.Plan

	// Load is the file of the recorded load, if the plan replays one. The catalogue has its
	// workload then ([catalog.Catalog.WithLoad]). The run keeps a copy in its folder.
	Load string
}

// Preview returns what run.json would say of the run, without beginning it.
func (e *Engine) Preview(s Setup) (record.Manifest, error) {
	use, err := planCPUs(s.Plan)
	if err != nil {
		return record.Manifest{}, err
	}
	h := e.header(s, use)
	return record.Manifest{
		Version:  record.Version,
		Plan:     h.Plan,
		Command:  h.Command,
		Args:     h.Args,
		Program:  h.Program,
		Module:   h.Module,
		Config:   h.Config,
		Units:    h.Units,
		Primary:  h.Primary,
		Defaults: h.Defaults,
	}, nil
}

// CheckJudge returns an error if a plan cannot be judged as the engine's Judge says.
func (e *Engine) CheckJudge(p record.Plan) error {
	primary, _ := e.workloads(p)
	return e.Judge.Check(primary, record.Units())
}

// Begin creates the result folder of a run and returns its first session, which holds the
// folder until [Session.Measure] returns. If the CPU quota is too small for the plan it returns a *Shortage, unless the plan says
// Throttled. A folder that exists is an error that wraps fs.ErrExist.
func (e *Engine) Begin(s Setup) (*Session, error) {
	request, err := requestOf(s.Plan, e.Program)
	if err != nil {
		return nil, err
	}
	use, err := Usable(request.CPUs)
	if err != nil {
		return nil, err
	}
	if err := e.checkQuota(use, s.Plan); err != nil {
		return nil, err
	}
	w, err := record.Create(s.Folder, e.header(s, use))
	if err != nil {
		return nil, err
	}
	session := e.session(s.Command, s.Folder, s.Plan, w, request, e.Program)
	if s.Load == "" {
		return session, nil
	}
	if err := session.keepLoad(s.Load); err != nil {
		return nil, session.abandon(err)
	}
	return session, nil
}

func (e *Engine) header(s Setup, use cpu.Set) record.Header {
	primary, defaults := e.workloads(s.Plan)
	return record.Header{
		Start:    time.Now(),
		Plan:     s.Plan,
		Command:  s.Command,
		Args:     s.Args,
		Program:  e.Program.Sum,
		Module:   e.System.Module,
		Config:   e.config(use, s.Plan),
		Units:    record.Units(),
		Primary:  primary,
		Defaults: defaults,
	}
}

// workloads returns the primary unit of each workload in the plan, and the default
// values of its parameters.
func (e *Engine) workloads(p record.Plan) (primary map[string]string, defaults map[string]map[string]string) {
	primary, defaults = make(map[string]string), make(map[string]map[string]string)
	for _, w := range e.Catalog.Workloads {
		if !slices.ContainsFunc(p.Cells, func(c record.Cell) bool { return c.Workload == w.Name }) {
			continue
		}
		primary[w.Name], defaults[w.Name] = w.Primary, make(map[string]string)
		for _, param := range w.Params {
			defaults[w.Name][param.Name] = param.Default
		}
	}
	return e.Judge.Apply(primary), defaults
}
