package engine

import (
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/record"
)

// The length of a slice, and of the part before it that does not count. The first
// operations after a pause are of another kind than those in the middle of a stretch:
// in a trial, slices of 5 ms measured a sync.Cond 25 % faster than whole launches, and slices
// of 40 ms whose first fifth did not count agreed with them within 1 %. Longer slices put
// more time between the launches of a group, which is what slices are to avoid.
const (
	sliceTime = 32 * time.Millisecond
	sliceLead = 8 * time.Millisecond
)

// Slice has the launches of a plan measure in slices: those of the groups, lists of cells
// by index, all of whose cells can be. A group is never divided: its cells would be
// compared with others that had another stretch of time. Launches have as many slices as
// the plan's time is long.
func Slice(c catalog.Catalog, p *record.Plan, groups [][]int) {
	p.Slices, p.Lead, p.Groups = 0, 0, nil
	for _, g := range groups {
		if slices.ContainsFunc(g, func(i int) bool { return !launch.CanSlice(c, p.Cells[i]) }) ||
			!slices.ContainsFunc(g, func(i int) bool { return !matrix.Whole(p.Cells[i]) }) {
			continue
		}
		p.Groups = append(p.Groups, g)
	}
	if p.Groups != nil {
		p.Slices, p.Lead = max(1, int((p.Time+sliceTime/2)/sliceTime)), sliceLead
	}
}

// startup is about how long a process takes to start, beyond what it measures.
const startup = 40 * time.Millisecond

// leadIn is how much longer the first launch of a pass leads: long enough to leave the
// machine as a slice would.
func leadIn(length time.Duration) time.Duration { return length / 2 }

// cost returns about how long a launch takes on a machine that is never disturbed. One in
// slices has its part of what begins the passes of a group of mean size.
func cost(p record.Plan, sliced bool) time.Duration {
	d := startup + p.Warmup + p.Time
	if sliced {
		d += time.Duration(p.Slices)*p.Lead + leadIn(p.Time)*time.Duration(len(p.Groups))/time.Duration(len(p.GroupOf()))
	}
	return d
}

// withVictim returns how much longer a launch takes if its cell has a victim.
func withVictim(p record.Plan, c record.Cell) time.Duration {
	if matrix.Victim(c) == "" {
		return 0
	}
	return launch.VictimTime(p.Time) - p.Time + startup
}

// leads returns how much longer all cells of a plan take once in slices than in one piece.
func leads(p record.Plan) (total time.Duration) {
	for i := range p.GroupOf() {
		if !matrix.Whole(p.Cells[i]) {
			total += time.Duration(p.Slices) * p.Lead
		}
	}
	return total + time.Duration(len(p.Groups))*leadIn(p.Time)
}

// Estimate returns about how long a plan takes on a machine that is never disturbed; at
// most, if it has interim analyses.
func Estimate(p record.Plan) (total time.Duration) {
	groups := p.GroupOf()
	first := stages(p)[0]
	for _, cells := range p.Order[:first] {
		for _, i := range cells {
			_, grouped := groups[i]
			total += cost(p, grouped && !matrix.Whole(p.Cells[i])) + withVictim(p, p.Cells[i])
		}
	}
	if p.MaxLaunches > 0 {
		total = time.Duration(float64(total) * float64(p.MaxLaunches) / float64(first*len(p.Cells)))
	}
	return total
}
