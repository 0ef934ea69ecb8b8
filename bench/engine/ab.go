package engine

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// An ABSetup describes an A/B run that is to begin.
type ABSetup struct {
	Args      []string // the command line, for the record
	Folder    string   // gets the runs of both, in the folders old and new
	Old, New  Candidate
	Selection []string // flags of "bench run" that choose cells; both programs get them
	Budget    time.Duration
	Seed      uint64       // of the order of launches
	Throttled bool         // see record.Plan
	Judge     record.Judge // in which units to judge workloads, instead of the primary ones

	// Margin is the smallest change that matters. Decided says that a comparison needs
	// no more rounds.
	Margin  float64
	Decided func(compare.Comparison) bool
}

// ABCommand is the command that both runs of an A/B run belong to.
const ABCommand = "compare"

// familyError is the probability that any verdict of a family is wrong: of an A/B run, or of
// the implementations or the parkers of a run.
const familyError = 0.05

// An AB run measures the same cells with two programs, round by round.
//
// In a round each cell is launched with both programs. If both know slices, the two
// launches are a group: they live at the same time, and a coin toss for each pass says
// which has its slice first. Otherwise one launch directly follows the other. A coin toss
// for each cell and round says which begins (order.Sides).
//
// After fixed numbers of rounds, the interim analyses, the results so far are judged
// (compare.Sequence), and once more when the budget is used up (compare.Course). A cell that
// is decided is not launched any more, and leaves its time to the others. Whether it is
// launched depends on nothing else: a cell is never stopped between two analyses, nor
// measured after it was decided.
type AB struct {
	Common                    // Cells are those to measure
	Course     compare.Course // when the results are judged
	Affordable int            // rounds of all cells that the budget allows; fewer than Course.Least take longer
	Old, New   *Session       // of the run of each program
	Family     compare.Family // of the last analysis

	newFirst [][]bool // by round and cell
	sequence *compare.Sequence
	settled  func(compare.Comparison) bool
	observe  func(Event)
	decided  map[string]bool // cells by name
}

// BeginAB asks both programs what they have, and creates the folders of their runs. It
// returns an AB without sessions if they have no cell in common; a *RefusedError if both
// refuse the selection; and the errors of Begin.
func (e *Engine) BeginAB(ctx context.Context, setup ABSetup) (*AB, error) {
	old, new := side{Candidate: setup.Old}, side{Candidate: setup.New}
	refused, err := ask(ctx, &old, &new, setup.Selection)
	if err != nil {
		return nil, err
	}
	for _, s := range []*side{&old, &new} {
		if s.manifest.Plan.Cells == nil {
			continue // it has none of what was selected
		}
		if err := setup.Judge.Check(s.manifest.Primary, s.manifest.Units); err != nil {
			return nil, &JudgeError{s.Name, err}
		}
		s.manifest.Primary = setup.Judge.Apply(s.manifest.Primary)
	}
	ab := &AB{
		Common: common(old.manifest, new.manifest), settled: setup.Decided, Course: compare.Course{Budget: setup.Budget},
		observe: e.Observe, decided: make(map[string]bool),
	}
	if ab.observe == nil {
		ab.observe = func(Event) {}
	}
	if ab.Refused = refused; len(ab.Cells) == 0 {
		return ab, nil
	}
	plan := new.manifest.Plan
	plan.Cells, plan.Seed, plan.Profiles = ab.Cells, setup.Seed, nil
	plan.Throttled = plan.Throttled || setup.Throttled
	use, err := planCPUs(plan)
	if err != nil {
		return nil, err
	}
	if err := e.checkQuota(use, plan); err != nil {
		return nil, err
	}
	slicePairs(&plan, old.sliced, new.sliced)
	if err := ab.schedule(&plan, setup.Margin); err != nil {
		return nil, err
	}
	if ab.Old, err = e.beginSide(ctx, &old, plan, setup.Args, filepath.Join(setup.Folder, compare.Old)); err != nil {
		return nil, err
	}
	if ab.New, err = e.beginSide(ctx, &new, plan, setup.Args, filepath.Join(setup.Folder, compare.New)); err != nil {
		return nil, ab.Old.abandon(err)
	}
	return ab, nil
}

// slicePairs has the launches of a plan measure in slices where both programs would. The
// group of a cell is its launches with the two programs, so in the plan of one program
// each such cell is a group of its own.
func slicePairs(p *record.Plan, old, new map[string]bool) {
	p.Groups = nil
	for i, c := range p.Cells {
		if name := c.Name(); old[name] && new[name] {
			p.Groups = append(p.Groups, []int{i})
		}
	}
	if p.Groups == nil {
		p.Slices, p.Lead = 0, 0
	}
}

// cost returns about how long it takes to measure some cells once with both programs.
func (ab *AB) cost(p record.Plan, done map[string]bool) (total time.Duration) {
	groups := p.GroupOf()
	for i, c := range p.Cells {
		if _, sliced := groups[i]; !done[c.Name()] {
			total += 2 * cost(p, sliced)
		}
	}
	return total
}

// schedule fixes when the results are judged, and so the rounds and the order of the
// plan.
func (ab *AB) schedule(plan *record.Plan, margin float64) error {
	ab.Affordable = int(ab.Course.Budget / ab.cost(*plan, nil))
	ab.Course.Schedule, ab.Course.Least = compare.GateSchedule(familyError, len(ab.Cells), ab.Affordable)
	schedule := ab.Course.Schedule
	options := compare.Options{Alpha: familyError, Margin: margin, OneSided: true}
	var err error
	if ab.sequence, err = compare.NewSequence(schedule, compare.Old, options, ab.settled); err != nil {
		return err
	}
	plan.Looks, plan.MaxLaunches = schedule.Looks, 0
	plan.Rounds = schedule.Looks[len(schedule.Looks)-1].Rounds
	plan.Order = order.Cells(plan.Cells, plan.Rounds, plan.Seed)
	ab.newFirst = order.Sides(len(plan.Cells), plan.Rounds, plan.Seed)
	return nil
}

// beginSide creates the folder of one program's run.
func (e *Engine) beginSide(ctx context.Context, s *side, plan record.Plan, args []string, folder string) (*Session, error) {
	if plan.Throttled {
		if err := s.findUnlimits(ctx); err != nil {
			return nil, err
		}
	}
	program, err := OpenProgram(s.Path)
	if err != nil {
		return nil, err
	}
	request, err := requestOf(plan, program)
	if err != nil {
		return nil, err
	}
	request.Throttled = plan.Throttled && s.unlimits
	w, err := record.Create(folder, record.Header{
		Start: time.Now(), Plan: plan, Command: ABCommand, Args: args, Program: s.manifest.Program,
		Config: s.manifest.Config, Units: s.manifest.Units, Primary: s.manifest.Primary, Defaults: s.manifest.Defaults,
	})
	if err != nil {
		return nil, err
	}
	return e.session(ABCommand, folder, plan, w, request, program), nil
}

// Run measures until every cell is decided, the last analysis is done, or the budget is used
// up. It ends both sessions, and is called once.
func (ab *AB) Run(ctx context.Context) error {
	state, err := ab.run(ctx)
	for _, s := range []*Session{ab.Old, ab.New} {
		if closed := s.writer.Close(state); err == nil {
			err = closed
		}
	}
	return err
}

func (ab *AB) run(ctx context.Context) (record.State, error) {
	start := time.Now()
	slots, repeats := 0, 0 // of launches that measure in one piece
	filled := 0            // cells, in all rounds
	var pace time.Duration // of a cell with both programs
	step := compare.Judge  // so that a phase begins before the first round
	for round := 0; ; {
		if step == compare.Judge {
			ab.observe(PhaseBegan{Phase: ABRounds, Work: time.Duration(ab.stage(round, time.Since(start), pace)) * ab.cost(ab.Old.Plan, ab.decided)})
		}
		for _, i := range ab.Old.Plan.Order[round] {
			if ab.decided[ab.Cells[i].Name()] {
				continue
			}
			n, err := ab.fill(ctx, i, round, slots, repeats)
			if err != nil {
				ab.observe(PhaseEnded{ABRounds})
				return record.Interrupted, err
			}
			if _, sliced := ab.Old.groups[i]; !sliced {
				slots, repeats = slots+2, repeats+n
			}
			filled++
			pace = time.Since(start) / time.Duration(filled)
		}
		round++
		step = ab.Course.After(round, ab.open(), time.Since(start), pace)
		if step == compare.Measure {
			continue
		}
		ab.observe(PhaseEnded{ABRounds})
		if err := ab.analyse(step); err != nil {
			return record.Interrupted, err
		}
		if _, more := ab.sequence.Next(); !more || ab.open() == 0 {
			return record.Decided, nil
		}
	}
}

// open returns how many cells are not decided.
func (ab *AB) open() int { return len(ab.Cells) - len(ab.decided) }

// stage returns how many rounds there are until the next analysis, as far as is known: the
// budget may end before.
func (ab *AB) stage(round int, elapsed, pace time.Duration) int {
	next, _ := ab.sequence.Next()
	rounds := next.Rounds - round
	if pace > 0 {
		rounds = max(1, min(rounds, max(ab.Course.Least-round, int((ab.Course.Budget-elapsed)/(pace*time.Duration(ab.open()))))))
	}
	return rounds
}

// fill measures a cell with both programs, and returns how many launches were repeats.
func (ab *AB) fill(ctx context.Context, cell, round, slots, before int) (repeats int, err error) {
	sessions := []*Session{ab.Old, ab.New}
	step := func(work time.Duration) {
		ab.observe(StepDone{Phase: ABRounds, Work: work, Round: round, Rounds: ab.Old.Plan.Rounds, Decided: len(ab.decided), Cells: len(ab.Cells)})
	}
	c := ab.Cells[cell]
	_, sliced := ab.Old.groups[cell]
	var g *group
	if sliced {
		g = newGroup(ab.Old.Plan, order.Passes(len(sessions), ab.Old.Plan.Seed, round, cell), step)
		for place, s := range sessions {
			g.members = append(g.members, s.member(c, round, place))
		}
	}
	if ab.newFirst[round][cell] {
		slices.Reverse(sessions)
		if sliced {
			slices.Reverse(g.members)
		}
	}
	if sliced {
		return 0, g.measure(ctx)
	}
	for i, s := range sessions {
		attempts, err := s.fill(ctx, c, round, slots+i, before+repeats)
		if err != nil {
			return repeats, err
		}
		repeats += attempts - 1
		step(cost(s.Plan, false))
	}
	return repeats, nil
}

// analyse judges the results so far: at the next look, or at the end.
func (ab *AB) analyse(step compare.Step) error {
	old, err := record.Read(ab.Old.Folder)
	if err != nil {
		return err
	}
	new, err := record.Read(ab.New.Folder)
	if err != nil {
		return err
	}
	// The runs are still going on. That is no reason for a warning that launches are
	// missing.
	old.State, new.State = record.Decided, record.Decided
	look := ab.sequence.Look
	if step == compare.End {
		look = ab.sequence.Final
	}
	if ab.Family, err = look(compare.FromRuns(old, new)); err != nil {
		return err
	}
	for _, c := range ab.Family.Comparisons {
		if c.Judged && ab.settled(c) {
			ab.decided[c.Row] = true
		}
	}
	return nil
}
