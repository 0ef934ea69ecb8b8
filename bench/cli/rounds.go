package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/idlebench/idlebench/bench/result"
)

var errInterrupted = errors.New("interrupted; what was measured is kept")

// rounds launches every cell of every round and records what comes of it. It
// returns how many launches failed. An error means that it stopped early.
func (a app) rounds(ctx context.Context, p runPlan, folder *result.Writer) (failed int, err error) {
	total := len(p.plan.Cells) * p.plan.Rounds
	fmt.Fprintf(a.stderr, "%d cells, %d rounds, into %s\n", len(p.plan.Cells), p.plan.Rounds, p.folder)
	progress := newProgress(a.stderr, total)
	defer progress.end()
	for round, cells := range p.plan.Order {
		for _, i := range cells {
			cell := p.plan.Cells[i]
			r := p.request
			r.Cell, r.Round = cell, round
			// Another round, other choices; the same for all cells of a round.
			r.Seed = p.plan.Seed + uint64(round)
			l, err := r.Exec(ctx)
			if ctx.Err() != nil {
				return failed, errInterrupted
			}
			if err != nil {
				failed++
				first, _, _ := strings.Cut(err.Error(), "\n")
				progress.say("%s failed in round %d: %s", cell.Name(), round+1, first)
				err = folder.Fail(cell, round, err)
			} else {
				err = folder.Append(l)
			}
			if err != nil {
				return failed, fmt.Errorf("%w; what was measured before is kept in %s: make room there, or choose another folder with -o", err, p.folder)
			}
			progress.step(fmt.Sprintf("round %d of %d", round+1, p.plan.Rounds))
		}
	}
	return failed, nil
}
