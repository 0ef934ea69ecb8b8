package order

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/idlebench/idlebench/record"
)

// someCells draws different cells, as uneven as those of a real matrix.
func someCells(t *rapid.T) []record.Cell {
	cell := rapid.Custom(func(t *rapid.T) record.Cell {
		return record.Cell{
			Workload: rapid.SampledFrom([]string{"wake", "ping_pong", "idle"}).Draw(t, "workload"),
			Params:   []record.Param{{Name: "gap", Value: rapid.SampledFrom([]string{"1us", "2us"}).Draw(t, "gap")}},
			Workers:  rapid.IntRange(1, 2).Draw(t, "workers"),
			Park:     rapid.SampledFrom([]string{"futex", "cond", "spin"}).Draw(t, "park"),
			Impl:     rapid.SampledFrom([]string{"bitmap", "mutexonly", "channels", "floor"}).Draw(t, "impl"),
		}
	})
	return rapid.SliceOfNDistinct(cell, 1, 40, record.Cell.Name).Draw(t, "cells")
}

// groupings say what stands together: in the first, and within it in the second.
var groupings = []func(c record.Cell) string{
	func(c record.Cell) string { return fmt.Sprint(c.Workload, c.Params) },
	func(c record.Cell) string { return fmt.Sprint(c.Workload, c.Params, c.Workers) },
}

// It is a plan, the same for the same seed, in which groups stand together. In
// every second round they are in the reverse order.
func TestCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := someCells(t)
		rounds := rapid.IntRange(1, 10).Draw(t, "rounds")
		seed := rapid.Uint64().Draw(t, "seed")
		orders := Cells(cells, rounds, seed)
		if err := (record.Plan{Cells: cells, Rounds: rounds, Order: orders}).Validate(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(orders, Cells(cells, rounds, seed)); diff != "" {
			t.Errorf("the same seed gives another order: %s", diff)
		}
		for _, grouping := range groupings {
			var before []string
			for r, row := range orders {
				var stretches []string
				for _, i := range row {
					stretches = append(stretches, grouping(cells[i]))
				}
				stretches = slices.Compact(stretches)
				if r%2 == 1 {
					slices.Reverse(before)
					if diff := cmp.Diff(before, stretches); diff != "" {
						t.Errorf("the groups of round %d are not those of the round before, reversed: %s", r, diff)
					}
				}
				before = slices.Clone(stretches)
				slices.Sort(stretches)
				if n := len(stretches); n != len(slices.Compact(stretches)) {
					t.Fatalf("a group is in several places: %q", stretches)
				}
			}
		}
	})
}

// In n rounds, 2n if n is odd, each group has each place equally often and follows
// each other equally often.
func TestGroupsAreBalanced(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 16).Draw(t, "groups")
		cells := make([]record.Cell, n)
		for i := range cells {
			cells[i] = record.Cell{Workload: fmt.Sprintf("work%d", i), Impl: "bitmap", Park: "futex", Workers: 1}
		}
		each := 1
		if n%2 == 1 {
			each = 2
		}
		squares := rapid.IntRange(1, 3).Draw(t, "squares")
		orders := Cells(cells, squares*each*n, rapid.Uint64().Draw(t, "seed"))
		for ; len(orders) > 0; orders = orders[each*n:] {
			places, follows := make(map[[2]int]int), make(map[[2]int]int)
			for _, row := range orders[:each*n] {
				for i, a := range row {
					places[[2]int{a, i}]++
					if i > 0 {
						follows[[2]int{row[i-1], a}]++
					}
				}
			}
			for a := range n {
				for b := range n {
					if got := places[[2]int{a, b}]; got != each {
						t.Errorf("group %d has the place %d %d times, want %d", a, b, got, each)
					}
					if got := follows[[2]int{a, b}]; a != b && got != each {
						t.Errorf("group %d follows group %d %d times, want %d", b, a, got, each)
					}
				}
			}
		}
	})
}

// uneven has the cells of two workloads, with parkers that not all implementations have
// and one implementation with its own parker.
func uneven() []record.Cell {
	var cells []record.Cell
	for _, workload := range []string{"wake", "idle"} {
		for _, c := range []struct{ impl, park string }{
			{"floor", "futex"}, {"bitmap", "cond"}, {"bitmap", "futex"}, {"mutexonly", "cond"}, {"mutexonly", "futex"}, {"channels", "mailbox"},
		} {
			cells = append(cells, record.Cell{Workload: workload, Impl: c.impl, Park: c.park, Workers: 1})
		}
	}
	return cells
}

// equal fails the test if the number of a pattern in n random draws contradicts that all
// patterns are equally likely.
func equal(t *testing.T, what string, seen map[string]int, patterns, n int) {
	t.Helper()
	if len(seen) != patterns {
		t.Errorf("%s: %d of %d patterns were seen", what, len(seen), patterns)
	}
	p := 1 / float64(patterns)
	mean, sd := float64(n)*p, math.Sqrt(float64(n)*p*(1-p))
	for pattern, count := range seen {
		if math.Abs(float64(count)-mean) > 5*sd {
			t.Errorf("%s: %s was chosen %d times in %d, want %.0f", what, pattern, count, n, mean)
		}
	}
}

// draws is how many seeds a test of frequencies tries.
const draws = 4000

// Which of two cells of a group comes first is a fair coin toss in each round, independent
// of other rounds: all sequences are equally likely. It is also independent of the two
// positions, so it is fair for each pair of positions.
func TestCoins(t *testing.T) {
	const rounds = 4
	cells := uneven()
	type pair struct{ a, b int }
	coins := make(map[pair]map[string]int)     // by the sequence of rounds
	places := make(map[pair]map[[2]int][2]int) // by the two places, in ascending order: which was first
	for seed := range uint64(draws) {
		sequences := make(map[pair]string)
		for _, row := range Cells(cells, rounds, seed) {
			at := make([]int, len(cells)) // in the group
			for place, i := range row {
				at[i] = place % (len(cells) / 2)
			}
			for b := range cells {
				for a := range b {
					if cells[a].Workload != cells[b].Workload {
						continue
					}
					p, coin := pair{a, b}, 0
					if at[a] > at[b] {
						coin = 1
					}
					sequences[p] += "01"[coin : coin+1]
					if places[p] == nil {
						places[p] = make(map[[2]int][2]int)
					}
					key := [2]int{min(at[a], at[b]), max(at[a], at[b])}
					counts := places[p][key]
					counts[coin]++
					places[p][key] = counts
				}
			}
		}
		for p, s := range sequences {
			if coins[p] == nil {
				coins[p] = make(map[string]int)
			}
			coins[p][s]++
		}
	}
	if len(coins) != 2*15 {
		t.Fatalf("%d pairs", len(coins))
	}
	for p, seen := range coins {
		names := cells[p.a].Name() + " and " + cells[p.b].Name()
		equal(t, names, seen, 1<<rounds, draws)
		for at, counts := range places[p] {
			n := counts[0] + counts[1]
			equal(t, fmt.Sprint(names, " at ", at), map[string]int{"one first": counts[0], "the other first": counts[1]}, 2, n)
		}
	}
}

// The sides of an A/B run are fair coin tosses too, for each cell and round.
func TestSides(t *testing.T) {
	const rounds, cells = 3, 2
	seen := make(map[string]int)
	for seed := range uint64(draws) {
		sides := Sides(cells, rounds, seed)
		if diff := cmp.Diff(sides, Sides(cells, rounds, seed)); diff != "" {
			t.Fatalf("the same seed gives other sides: %s", diff)
		}
		seen[fmt.Sprint(sides)]++
	}
	equal(t, "sides", seen, 1<<(rounds*cells), draws)
}

// first returns the first n orders of a sequence.
func first(n int, passes iter.Seq[[]int]) (orders [][]int) {
	for o := range passes {
		if orders = append(orders, o); len(orders) == n {
			return orders
		}
	}
	return nil // it is endless
}

// The cells of a group are next to each other in each round, and a cell is in one group.
func TestGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := someCells(t)
		p := record.Plan{Cells: cells, Rounds: 2, Order: Cells(cells, 2, 1), Slices: 1, Time: 1, Groups: Groups(cells)}
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		groups := p.GroupOf()
		if len(groups) != len(cells) {
			t.Errorf("%d of %d cells are in a group", len(groups), len(cells))
		}
		for i, a := range cells {
			for j, b := range cells {
				same := groupings[1](a) == groupings[1](b)
				if (groups[i] == groups[j]) != same {
					t.Errorf("%s and %s: in the same group %v, want %v", a.Name(), b.Name(), !same, same)
				}
			}
		}
	})
}

// Which of two launches is first in a pass is a fair coin toss, independent of the other
// passes, whether other launches are left out or not.
func TestPasses(t *testing.T) {
	const passes = 2
	all, two, afterRound, afterGroup := make(map[string]int), make(map[string]int), make(map[string]int), make(map[string]int)
	for seed := range uint64(draws) {
		orders := first(passes, Passes(3, seed, 1, 1))
		if diff := cmp.Diff(orders, first(passes, Passes(3, seed, 1, 1))); diff != "" {
			t.Fatalf("the same arguments give another order: %s", diff)
		}
		all[fmt.Sprint(orders)]++
		for _, o := range orders {
			two[fmt.Sprint(slices.DeleteFunc(slices.Clone(o), func(i int) bool { return i == 1 }))]++
		}
		afterRound[fmt.Sprint(orders[0], first(1, Passes(3, seed, 2, 1)))]++
		afterGroup[fmt.Sprint(orders[0], first(1, Passes(3, seed, 1, 2)))]++
	}
	equal(t, "two passes", all, 6*6, draws)
	equal(t, "without the second launch", two, 2, passes*draws)
	equal(t, "two rounds", afterRound, 6*6, draws)
	equal(t, "two groups", afterGroup, 6*6, draws)
}
