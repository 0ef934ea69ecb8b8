// Package order randomizes the order in which cells are launched, and in which launches
// that live at the same time measure.
//
// # Groups, rounds, passes
//
// Cells that are compared form a group: they have the same workload, parameters and number
// of workers. A round launches every cell once, group after group. The launches of a group
// live at the same time. They measure in passes: in each pass every launch of the group
// has one slice of time, one after the other, while the others rest. [Cells] gives the
// order of launches, [Passes] the order of slices.
//
// # Why the comparison is fair
//
// The test of package compare assumes that, if two cells do not differ, the sign of each
// round's difference is a fair coin toss. The randomization makes this true whatever the
// machine does. In a round both cells of a pair are assigned positions: where they are in
// the sequence of launches, and where in each pass. All these permutations are uniform and
// independent of each other and of other rounds. Exchange the two cells in all of them:
// the result is another assignment, with the same probability. If the two do not differ,
// neither in what they measure nor in how they disturb what follows, the machine cannot
// tell the two assignments apart, so the round's two values are exchanged and nothing else
// is. So a difference of d is as likely as one of −d, and independent of all other rounds.
//
// This needs nothing of the passes but the exchange. That they are independent of each
// other is for the spread: with six passes, noise that is slower than a slice is in both
// values of a pair and cancels, and what remains is averaged over six coin tosses, not one.
// A slice that is repeated follows the same rule: whether it is depends on how it was
// disturbed, not on what it measured, and the order of a further pass is another
// independent permutation.
//
// An order that is exactly balanced, with each cell as often before the other as after
// it, lacks this property. The tosses so far then say something about the next one, and
// a disturbance with the period of the rounds is called a difference too often.
// Compared cells are therefore balanced only in expectation. docs/decisions/021-order.md
// has the figures.
package order

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/idlebench/idlebench/record"
)

// Cells returns for each round the indices of the cells in the order of their
// launches. The same arguments give the same order.
//
//   - Compared cells are close in time: cells with the same workload, parameters and
//     number of workers form a group. They differ in implementation and parker. In each
//     round a group has a random permutation, uniform and independent of all others.
//   - Nothing is compared between groups, so these are balanced. Their orders in the
//     even rounds are rows of a Williams square, randomly relabelled and in random
//     sequence; an odd round has the order of the round before it, reversed. With n
//     workloads, after n rounds (2n, if n is odd) each workload had each position
//     equally often and followed each other workload equally often. Then there is
//     another square. The same holds for the numbers of workers of a workload.
//
// No number of rounds is better than another for compared cells. An odd number leaves
// the last order of the groups without its mirror image.
func Cells(cells []record.Cell, rounds int, seed uint64) [][]int {
	all := make([]int, len(cells))
	for i := range all {
		all[i] = i
	}
	whole := divide(cells, all, byLoad, byWorkers)
	rng := rand.New(rand.NewPCG(seed, 0))
	orders := make([][]int, rounds)
	var groups []*group
	for r := range orders {
		if r%2 == 0 {
			groups = whole.next(rng, nil)
		} else {
			slices.Reverse(groups)
		}
		orders[r] = make([]int, 0, len(cells)) // exactly: it is most of a plan's memory
		for _, g := range groups {
			for _, i := range rng.Perm(len(g.cells)) {
				orders[r] = append(orders[r], g.cells[i])
			}
		}
	}
	return orders
}

// The keys of a group.
func byLoad(c record.Cell) string    { return fmt.Sprint(c.Workload, c.Params) }
func byWorkers(c record.Cell) string { return fmt.Sprint(c.Workers) }

// Groups returns the indices of the cells of each group, in the order of the cells.
func Groups(cells []record.Cell) [][]int {
	all := make([]int, len(cells))
	for i := range all {
		all[i] = i
	}
	var groups [][]int
	for _, load := range divide(cells, all, byLoad, byWorkers).members {
		for _, g := range load.members {
			groups = append(groups, g.cells)
		}
	}
	return groups
}

// Passes returns an endless sequence of orders of n launches, for the passes of a group in
// a round. Each is a uniformly random permutation of the indices below n, independent of
// all others. The same arguments give the same sequence.
//
// To leave some launches out, skip them: what is left of a uniform permutation is uniform.
func Passes(n int, seed uint64, round, group int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		// Independent of Cells and Sides, whose streams are 0 and 1. A plan has fewer than
		// 2³¹ rounds and groups.
		rng := rand.New(rand.NewPCG(seed, 2+uint64(round)<<32+uint64(group)<<1))
		for yield(rng.Perm(n)) {
		}
	}
}

// Sides returns for each round and cell of an A/B run whether the second program
// launches the cell first. Each is a fair coin toss, so that the run may end after any
// number of rounds. The same arguments give the same sides.
func Sides(cells, rounds int, seed uint64) [][]bool {
	rng := rand.New(rand.NewPCG(seed, 1)) // independent of Cells
	sides := make([][]bool, rounds)
	for r := range sides {
		sides[r] = make([]bool, cells)
		for i := range sides[r] {
			sides[r][i] = rng.IntN(2) == 1
		}
	}
	return sides
}

// A group has cells that are compared with each other, or groups that stay together in
// each round.
type group struct {
	cells   []int
	members []*group
	rows    [][]int // orders of the members in the next even rounds
}

// divide groups the cells with the given indices by the first key, and each group by the
// other keys.
func divide(cells []record.Cell, indices []int, keys ...func(record.Cell) string) *group {
	if len(keys) == 0 {
		return &group{cells: indices}
	}
	parts := make(map[string][]int)
	var names []string // in the order of the cells
	for _, i := range indices {
		name := keys[0](cells[i])
		if parts[name] == nil {
			names = append(names, name)
		}
		parts[name] = append(parts[name], i)
	}
	g := &group{}
	for _, name := range names {
		g.members = append(g.members, divide(cells, parts[name], keys[1:]...))
	}
	return g
}

// next appends the groups of cells in the order of the next even round.
func (g *group) next(rng *rand.Rand, to []*group) []*group {
	if g.cells != nil {
		return append(to, g)
	}
	if len(g.rows) == 0 {
		g.rows = williams(len(g.members), rng)
	}
	row := g.rows[0]
	g.rows = g.rows[1:]
	for _, m := range row {
		to = g.members[m].next(rng, to)
	}
	return to
}

// williams returns half of the rows of a random Williams square in random sequence; the
// other half are these reversed. For odd n no single square is balanced, but a pair is,
// in which one square is the other reversed; then the half is one of the two.
//
// E. J. Williams, Experimental designs balanced for the estimation of residual
// effects of treatments, Australian Journal of Scientific Research A 2 (1949),
// 149-168.
func williams(n int, rng *rand.Rand) [][]int {
	half := n
	if n%2 == 0 {
		half = n / 2
	}
	labels := rng.Perm(n)
	rows := make([][]int, half)
	for i, shift := range rng.Perm(half) {
		row := make([]int, n)
		for k := range row {
			// 0, 1, n-1, 2, n-2, …: neighbours differ by each number but 0 once.
			zigzag := (k + 1) / 2
			if k%2 == 0 {
				zigzag = n - k/2
			}
			row[k] = labels[(zigzag+shift)%n]
		}
		if rng.IntN(2) == 1 {
			slices.Reverse(row)
		}
		rows[i] = row
	}
	return rows
}
