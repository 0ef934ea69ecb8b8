package cli

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/idlebench/idlebench/bench/result"
)

// someCells draws different cells, as uneven as those of a real matrix.
func someCells(t *rapid.T) []result.Cell {
	cell := rapid.Custom(func(t *rapid.T) result.Cell {
		return result.Cell{
			Workload: rapid.SampledFrom([]string{"wake", "ping_pong", "idle"}).Draw(t, "workload"),
			Params:   []result.Param{{Name: "gap", Value: rapid.SampledFrom([]string{"1us", "2us"}).Draw(t, "gap")}},
			Workers:  rapid.IntRange(1, 2).Draw(t, "workers"),
			Park:     rapid.SampledFrom([]string{"futex", "cond", "spin"}).Draw(t, "park"),
			Impl:     rapid.SampledFrom([]string{"bitmap", "mutexonly", "channels", "floor"}).Draw(t, "impl"),
		}
	})
	return rapid.SliceOfNDistinct(cell, 1, 40, result.Cell.Name).Draw(t, "cells")
}

// Any two cells are each before the other in half of the rounds, if their number
// is even, so that a linear drift in two rounds cancels; and it is a plan.
func TestOrderCancelsDrift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := someCells(t)
		rounds := 2 * rapid.IntRange(1, 10).Draw(t, "half the rounds")
		seed := rapid.Uint64().Draw(t, "seed")
		orders := order(cells, rounds, seed)
		if err := (result.Plan{Cells: cells, Rounds: rounds, Order: orders}).Validate(); err != nil {
			t.Fatal(err)
		}
		before := make(map[[2]int]int)
		places := make([]int, len(cells))
		for _, row := range orders {
			for i, a := range row {
				places[a] += i
				for _, b := range row[i+1:] {
					before[[2]int{a, b}]++
				}
			}
		}
		for a := range cells {
			if 2*places[a] != rounds*(len(cells)-1) {
				t.Errorf("cell %d has the mean place %v of 0 to %d", a, float64(places[a])/float64(rounds), len(cells)-1)
			}
			for b := range a {
				if n := before[[2]int{a, b}]; 2*n != rounds {
					t.Errorf("in %d of %d rounds cell %d is before %d", n, rounds, a, b)
				}
			}
		}
		if diff := cmp.Diff(orders, order(cells, rounds, seed)); diff != "" {
			t.Errorf("the same seed gives another order: %s", diff)
		}
	})
}

// Cells that differ in less stand nearer to each other.
func TestOrderKeepsGroupsTogether(t *testing.T) {
	groups := []func(c result.Cell) string{
		func(c result.Cell) string { return fmt.Sprint(c.Workload, c.Params) },
		func(c result.Cell) string { return fmt.Sprint(c.Workload, c.Params, c.Workers) },
		func(c result.Cell) string { return fmt.Sprint(c.Workload, c.Params, c.Workers, c.Park) },
	}
	rapid.Check(t, func(t *rapid.T) {
		cells := someCells(t)
		for _, row := range order(cells, rapid.IntRange(1, 8).Draw(t, "rounds"), rapid.Uint64().Draw(t, "seed")) {
			for _, group := range groups {
				var stretches []string
				for _, i := range row {
					stretches = append(stretches, group(cells[i]))
				}
				stretches = slices.Compact(stretches)
				slices.Sort(stretches)
				if n := len(stretches); n != len(slices.Compact(stretches)) {
					t.Fatalf("a group is in several places: %q", stretches)
				}
			}
		}
	})
}

// In n rounds, 2n if n is odd, each member of a group has each place equally
// often and follows each other equally often.
func TestOrderIsBalanced(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 16).Draw(t, "members")
		cells := make([]result.Cell, n)
		for i := range cells {
			cells[i] = result.Cell{Workload: "wake", Impl: fmt.Sprintf("impl%d", i), Park: "futex", Workers: 1}
		}
		each := 1
		if n%2 == 1 {
			each = 2
		}
		squares := rapid.IntRange(1, 3).Draw(t, "squares")
		orders := order(cells, squares*each*n, rapid.Uint64().Draw(t, "seed"))
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
						t.Errorf("cell %d has the place %d %d times, want %d", a, b, got, each)
					}
					if got := follows[[2]int{a, b}]; a != b && got != each {
						t.Errorf("cell %d follows cell %d %d times, want %d", b, a, got, each)
					}
				}
			}
		}
	})
}
