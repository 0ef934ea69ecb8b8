package cli

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/idlebench/idlebench/bench/result"
)

// order draws the order of the cells for each round.
//
// Cells are compared by round, one with another, so the order has to keep the
// machine's drift out of their differences. It does so in three ways.
//
//   - What is compared is near in time. Cells of the same workload and parameters
//     stand together, in these cells with the same number of workers, in these
//     those with the same parker. What remains to differ is the implementation.
//   - An odd round has the order of the one before it, reversed. So in an even
//     number of rounds each cell is as often before each other as behind it, and
//     a drift that is linear over two rounds cancels in every difference.
//   - In each group, of cells and of smaller groups, the orders of the even rounds
//     are rows of a Williams square, randomly relabelled and in random sequence.
//     With n members, after n rounds (2n, if n is odd) each had each place equally
//     often, and followed each other equally often: what a launch leaves behind in
//     the machine falls on all alike. Then another square is drawn.
//
// docs/decisions tells what else was considered.
func order(cells []result.Cell, rounds int, seed uint64) [][]int {
	all := make([]int, len(cells))
	for i := range all {
		all[i] = i
	}
	whole := divide(cells, all, []func(result.Cell) string{
		func(c result.Cell) string { return fmt.Sprint(c.Workload, c.Params) },
		func(c result.Cell) string { return fmt.Sprint(c.Workers) },
		func(c result.Cell) string { return c.Park },
	})
	rng := rand.New(rand.NewPCG(seed, 0))
	orders := make([][]int, rounds)
	for r := range orders {
		if r%2 == 0 {
			orders[r] = whole.draw(rng, nil)
		} else {
			orders[r] = slices.Clone(orders[r-1])
			slices.Reverse(orders[r])
		}
	}
	return orders
}

// A group is one cell, or several groups that stand together in each round.
type group struct {
	cell    int
	members []*group
	rows    [][]int // orders of the members that are still to come
}

// divide makes a group of the cells with the given indices, and groups within it
// by what the keys say, one after the other.
func divide(cells []result.Cell, indices []int, keys []func(result.Cell) string) *group {
	if len(indices) == 1 {
		return &group{cell: indices[0]}
	}
	parts := make(map[string][]int)
	var names []string // in the order of the cells
	for _, i := range indices {
		name := fmt.Sprint(i)
		if len(keys) > 0 {
			name = keys[0](cells[i])
		}
		if parts[name] == nil {
			names = append(names, name)
		}
		parts[name] = append(parts[name], i)
	}
	g := &group{}
	for _, name := range names {
		g.members = append(g.members, divide(cells, parts[name], keys[min(1, len(keys)):]))
	}
	return g
}

// draw appends the group's cells in an order of its next even round.
func (g *group) draw(rng *rand.Rand, to []int) []int {
	if g.members == nil {
		return append(to, g.cell)
	}
	if len(g.rows) == 0 {
		g.rows = williams(len(g.members), rng)
	}
	row := g.rows[0]
	g.rows = g.rows[1:]
	for _, m := range row {
		to = g.members[m].draw(rng, to)
	}
	return to
}

// williams draws a square of Williams and returns half of its rows in random
// sequence; the other half are these reversed. For an odd n there is no single
// square with this balance, but a pair, of which one is the other reversed: the
// half is one of them.
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
