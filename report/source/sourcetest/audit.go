package sourcetest

import (
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
)

// Audit puts an audit, of the same machine, next to the run of a folder made by
// [Record]. Change, if it is not nil, may change it before it is written.
//
// In wake it moves mutexonly with a futex, by slack-1ns and, written as the ratio of
// bitmap to mutexonly, by submitter=spin; the latter moves the reference goroutine and
// the ratio of bitmap's two parkers too. It is undecided about mutexonly with cond,
// and channels is steady. Burst was not audited.
func Audit(dir string, change func(*evidence.Evidence)) error {
	m, err := record.ReadManifest(dir)
	if err != nil {
		return err
	}
	wake := func(impl, park string) record.Cell {
		return record.Cell{Workload: "wake", Impl: impl, Park: park, Workers: 1, Params: []record.Param{{Name: "gap", Value: "200us"}}}
	}
	const spin, slack, unit = "submitter=spin", "slack-1ns", "p50-ns/wake"
	result := func(property string, cell record.Cell, against *record.Cell, status evidence.Status, factors ...float64) evidence.Result {
		r := evidence.Result{Kind: evidence.Value, Workload: "wake", Property: property, Unit: unit, Primary: true, Cell: cell, Varied: cell,
			Ratio: factors[0], Lo: factors[1], Hi: factors[2], Pairs: 9, Status: status}
		if against != nil {
			r.Kind, r.Against, r.VariedAgainst = evidence.Ratio, against, against
		}
		return r
	}
	bitmap, cond, mutexes := wake("bitmap", "futex"), wake("bitmap", "cond"), wake("mutexonly", "futex")
	e := evidence.Evidence{
		State: record.Complete, Start: Start, Whole: true, Rounds: 9, Config: m.Config, Baseline: "bitmap", Margin: 0.1, Confidence: 0.95,
		Properties: []evidence.Property{
			{Name: spin, About: "a thread that never blocks submits"}, {Name: slack, About: "timers may be late by 1 ns only"}, {Name: "mirrored", About: "CPUs are exchanged"},
		},
		Results: []evidence.Result{
			result(spin, bitmap, nil, evidence.Moved, 0.25, 0.2, 0.3),
			result(slack, bitmap, nil, evidence.Steady, 1, 0.99, 1.01),
			result(spin, mutexes, nil, evidence.Undecided, 1.1, 0.9, 1.3),
			result(spin, bitmap, &mutexes, evidence.Moved, 0.5, 0.4, 0.625),
			result(slack, mutexes, &bitmap, evidence.Moved, 1.31, 1.18, 1.44),
			result("mirrored", mutexes, &bitmap, evidence.Undecided, 1.05, 0.9, 1.2),
			result(spin, wake("mutexonly", "cond"), &cond, evidence.Undecided, 1, 0.8, 1.2),
			result(slack, wake("mutexonly", "cond"), &cond, evidence.Steady, 1, 0.95, 1.05),
			result(spin, wake("channels", "mailbox"), &cond, evidence.Steady, 1, 0.95, 1.05),
			result(spin, wake("goroutine", "go"), &cond, evidence.Moved, 0.05, 0.04, 0.06),
			result(spin, cond, &bitmap, evidence.Moved, 7.3, 6.8, 7.9),
			result(slack, cond, &bitmap, evidence.Moved, 0.8, 0.7, 0.9),
		},
	}
	if change != nil {
		change(&e)
	}
	return evidence.Write(evidence.Audit, dir, evidence.Design{}, &e)
}
