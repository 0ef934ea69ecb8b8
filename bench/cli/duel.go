package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/gate"
)

// A duel measures the same cells with two programs, round by round.
//
// In a round each cell is launched with both, one directly after the other. Which
// goes first is the toss of a coin for each cell and round (order.Sides).
//
// After fixed numbers of rounds the results so far are judged (compare.Sequence). A
// cell about which the gate has decided by then is launched no more, and leaves its
// time to the others. Neither is a cell stopped before, nor measured after, whatever
// its verdict is without the thresholds.
type duel struct {
	old, new *tour
	order    [][]int  // of the cells in each round
	newFirst [][]bool // by round and cell
	sequence *compare.Sequence
	limits   gate.Thresholds
	budget   time.Duration
	stderr   io.Writer
	progress *progress

	decided map[string]bool // cells by name
	family  compare.Family  // of the last look
}

// run measures until everything is decided, all looks are over, or the next would
// not be within the budget. It returns the state of both runs.
func (d *duel) run(ctx context.Context) (record.State, error) {
	start := time.Now()
	turns, repeats := 0, 0
	round := 0
	var pace time.Duration // of a turn of a cell with both
	for {
		look, ok := d.sequence.Next()
		if !ok {
			return record.Decided, nil
		}
		open := len(d.old.plan.Cells) - len(d.decided)
		left := time.Duration(look.Rounds-round) * time.Duration(open) * pace
		if round > 0 && time.Since(start)+left > d.budget+d.budget/20 {
			return record.Decided, nil
		}
		d.progress = newProgress(d.stderr, 2*(look.Rounds-round)*open)
		d.old.progress, d.new.progress = d.progress, d.progress
		for ; round < look.Rounds; round++ {
			for _, i := range d.order[round] {
				cell := d.old.plan.Cells[i]
				if d.decided[cell.Name()] {
					continue
				}
				sides := []*tour{d.old, d.new}
				if d.newFirst[round][i] {
					slices.Reverse(sides)
				}
				for _, side := range sides {
					attempts, err := side.turn(ctx, cell, round, turns, repeats)
					if err != nil {
						d.progress.end()
						return record.Interrupted, err
					}
					repeats += attempts - 1
					turns++
					d.progress.step(fmt.Sprintf("round %d of at most %d, %d of %d cells decided", round+1, d.old.plan.Rounds, len(d.decided), len(d.old.plan.Cells)))
				}
				pace = time.Since(start) / time.Duration(turns/2)
			}
		}
		d.progress.end()
		if err := d.look(); err != nil {
			return record.Interrupted, err
		}
		if len(d.decided) == len(d.old.plan.Cells) {
			return record.Decided, nil
		}
	}
}

// look judges what is there.
func (d *duel) look() error {
	old, err := record.Read(d.old.folder)
	if err != nil {
		return err
	}
	new, err := record.Read(d.new.folder)
	if err != nil {
		return err
	}
	// They go on, which is no reason to warn of what is missing.
	old.State, new.State = record.Decided, record.Decided
	if d.family, err = d.sequence.Look(compare.FromRuns(old, new)); err != nil {
		return err
	}
	for _, c := range d.family.Comparisons {
		if c.Judged && d.limits.Decided(c) {
			d.decided[c.Row] = true
		}
	}
	return nil
}

// level is the probability that any verdict of a duel is wrong.
const level = 0.05
