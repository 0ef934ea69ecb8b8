package engine

import (
	"math"

	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/family"
)

// growth says after how many rounds the results are judged again, as multiples of the
// first time. Each further look takes power from the others, and a cell that is still
// open after that many rounds would need more than a few minutes.
var growth = []float64{1, 1.4, 2, 3, 4.5}

// reserve is how many launches a run with interim analyses makes at most, as a multiple of
// those up to its first.
const reserve = 1.6

// Schedule makes the order of a plan that has cells, a seed and a number of rounds. An
// adaptive plan begins with that number at least, and goes on with what is undecided: the
// first interim analysis is as soon as every family can have a verdict, with a round to
// spare. A plan that judges nothing is not adaptive.
func (e *Engine) Schedule(p *record.Plan, adaptive bool) error {
	comparisons := 0
	for _, f := range e.Families(*p) {
		comparisons = max(comparisons, f.Comparisons)
	}
	if adaptive && comparisons > 0 {
		if err := planLooks(p, comparisons); err != nil {
			return err
		}
	}
	p.Order = order.Cells(p.Cells, p.Rounds, p.Seed)
	return nil
}

// planLooks plans interim analyses of a family, and the rounds that they make.
func planLooks(p *record.Plan, comparisons int) error {
	for first := p.Rounds; ; first++ {
		s, err := compare.NewSchedule(familyError, compare.Pocock, after(first)...)
		if err != nil {
			return err
		}
		if compare.LeastPairs(familyError*s.Looks[0].Share/float64(comparisons)) >= first {
			continue
		}
		p.Looks, p.MaxLaunches = s.Looks, int(reserve*float64(first*len(p.Cells)))
		p.Rounds = s.Looks[len(s.Looks)-1].Rounds
		return nil
	}
}

// after returns the numbers of rounds after which to judge, given the first.
func after(first int) (rounds []int) {
	for _, g := range growth {
		rounds = append(rounds, int(math.Round(g*float64(first))))
	}
	return rounds
}

// stages returns the rounds at which the stages of a plan end: at each interim analysis,
// or at the end if it has none.
func stages(p record.Plan) (rounds []int) {
	for _, l := range p.Looks {
		rounds = append(rounds, l.Rounds)
	}
	if len(rounds) == 0 {
		return []int{p.Rounds}
	}
	return rounds
}

// beyond reports whether a number of slots is more than the plan allows.
func beyond(p record.Plan, slots int) bool { return p.MaxLaunches > 0 && slots > p.MaxLaunches }

// open returns the cells that go on after a number of interim analyses, by their index:
// those of comparisons that have no verdict yet, in any family. It depends on nothing but
// what was recorded in the rounds before, so that a run that is resumed goes on like one
// that was never stopped.
func (s *Session) open(looks int) (map[int]bool, error) {
	run, err := record.Read(s.Folder)
	if err != nil {
		return nil, err
	}
	run.State = record.Decided // it goes on, which is no reason for a warning
	index := make(map[string]int)
	for i, c := range s.Plan.Cells {
		index[c.Name()] = i
	}
	open := make(map[int]bool)
	schedule := compare.Schedule{Looks: s.Plan.Looks[:looks]}
	for _, f := range family.OfRun(run) {
		judged, err := compare.Replay(schedule, f.Table, f.Baseline, compare.Options{Alpha: familyError}, compare.Comparison.Settled)
		if err != nil {
			return nil, err
		}
		for _, c := range judged.Comparisons {
			if c.Judged && !c.Settled() {
				open[index[c.Old.Name]], open[index[c.New.Name]] = true, true
			}
		}
	}
	return open, nil
}

// everything returns all cells of a plan.
func everything(p record.Plan) map[int]bool {
	all := make(map[int]bool)
	for i := range p.Cells {
		all[i] = true
	}
	return all
}

// only returns the items of a list that are in a set.
func only(list []int, set map[int]bool) (some []int) {
	for _, i := range list {
		if set[i] {
			some = append(some, i)
		}
	}
	return some
}
