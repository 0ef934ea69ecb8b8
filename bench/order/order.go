// Package order draws the order in which cells are launched.
//
// Cells are compared by round, one with another, and the test of package compare
// takes the sign of each round's difference for the toss of a fair coin, if there
// is nothing between the two. The order is what makes that true, whatever the
// machine does meanwhile: which of two cells that are compared comes first is
// tossed anew for each pair of places, in each round, independently of all else.
//
// An order that is balanced exactly, with each cell as often before the other as
// behind it, cannot have that. Where the tosses up to now are known, so is
// something of the next one, and a disturbance that keeps time with the rounds is
// then taken for a difference too often. What is compared is therefore balanced
// in expectation only. docs/decisions/021-order.md has the figures.
package order

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/idlebench/idlebench/record"
)

// Cells returns for each round the indices of the cells in the order of their
// launches. The same arguments give the same order.
//
//   - What is compared is near in time: cells with the same workload, parameters
//     and number of workers stand together, in a group. What differs in it is the
//     implementation and the parker. In each round a group is in an order of its
//     own, each as likely as any other and independent of all before.
//   - Nothing is compared between groups, so these are balanced. Their orders in
//     the even rounds are rows of a Williams square, randomly relabelled and in
//     random sequence, and an odd round has that of the one before it, reversed.
//     With n workloads, after n rounds (2n, if n is odd) each had each place
//     equally often, and followed each other equally often; then another square
//     is drawn. So it is with the numbers of workers of a workload.
//
// No number of rounds is better than another for what is compared. One that is
// odd leaves the last order of the groups without its mirror image.
func Cells(cells []record.Cell, rounds int, seed uint64) [][]int {
	all := make([]int, len(cells))
	for i := range all {
		all[i] = i
	}
	whole := divide(cells, all,
		func(c record.Cell) string { return fmt.Sprint(c.Workload, c.Params) },
		func(c record.Cell) string { return fmt.Sprint(c.Workers) },
	)
	rng := rand.New(rand.NewPCG(seed, 0))
	orders := make([][]int, rounds)
	var groups []*group
	for r := range orders {
		if r%2 == 0 {
			groups = whole.draw(rng, nil)
		} else {
			slices.Reverse(groups)
		}
		for _, g := range groups {
			for _, i := range rng.Perm(len(g.cells)) {
				orders[r] = append(orders[r], g.cells[i])
			}
		}
	}
	return orders
}

// Sides returns for each round and cell whether the second of two programs that
// both launch the cell is the first to do so. It is a fair coin for each, so that
// a duel may end after any number of rounds. The same arguments give the same
// sides.
func Sides(cells, rounds int, seed uint64) [][]bool {
	rng := rand.New(rand.NewPCG(seed, 1)) // other numbers than those of Cells
	sides := make([][]bool, rounds)
	for r := range sides {
		sides[r] = make([]bool, cells)
		for i := range sides[r] {
			sides[r][i] = rng.IntN(2) == 1
		}
	}
	return sides
}

// A group is cells that are compared with each other, or several groups that
// stand together in each round.
type group struct {
	cells   []int
	members []*group
	rows    [][]int // orders of the members that are still to come
}

// divide makes groups of the cells with the given indices, by what the keys say,
// one after the other.
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

// draw appends the groups of cells in an order of the next even round.
func (g *group) draw(rng *rand.Rand, to []*group) []*group {
	if g.cells != nil {
		return append(to, g)
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
