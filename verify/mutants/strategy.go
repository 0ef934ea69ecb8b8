package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// limits say when a strategy gives up.
type limits struct {
	scenario   time.Duration
	executions int
	stress     time.Duration
}

// A strategy is a way to look for defects: a column of the table.
type strategy struct {
	name  string
	build string // how to build the test: one of the constants below

	// For the explorer: arguments, whether the number of executions is limited,
	// and how long it takes to have a chance.
	args   []string
	random bool
	times  int // how many times the limit on time it is given, if not once

	// dear strategies are tried on the mutants of a brief suite only if no other
	// has found them.
	dear bool
}

// Builds. The model is none of Go's.
const (
	plain     = ""
	race      = "race"
	perturb   = "perturb"
	exploring = "explore"
	model     = "model"
)

// modes are the builds of Go, in the order in which they are tried.
var modes = []string{exploring, plain, race, perturb}

var strategies = []strategy{
	{name: "plain", build: plain},
	{name: "race", build: race, dear: true},
	{name: "perturbed", build: perturb, dear: true},
	{name: "bound 2", build: exploring, args: []string{"-bound", "2"}},
	{name: "bound 3", build: exploring, args: []string{"-bound", "3"}, times: 2, dear: true},
	{name: "reduced", build: exploring, args: []string{"-strategy", "reduced"}, dear: true},
	{name: "random", build: exploring, args: []string{"-strategy", "random"}, random: true},
	{name: "pct", build: exploring, args: []string{"-strategy", "pct"}, random: true},
	{name: "spin", build: model},
}

// cheapestFirst is the order in which the explorer's strategies are tried. Chance finds
// most of what can be found, and the scenario in which it does spares the others the
// way through all of them.
var cheapestFirst = []string{"random", "pct", "bound 2", "reduced", "bound 3"}

func strategyNames() []string {
	var names []string
	for _, s := range strategies {
		names = append(names, s.name)
	}
	return names
}

// parseStrategies returns the strategies with the given names, in their order.
// None means all.
func parseStrategies(names string) ([]strategy, error) {
	if names == "" {
		return strategies, nil
	}
	wanted := strings.Split(names, ",")
	for _, name := range wanted {
		if !slices.Contains(strategyNames(), name) {
			return nil, fmt.Errorf("-strategy %s: there is none such, only %s", name, strings.Join(strategyNames(), ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(strategies), func(s strategy) bool { return !slices.Contains(wanted, s.name) }), nil
}

// A verdict is how a strategy ended.
type verdict string

const (
	found  verdict = "found"
	missed verdict = "missed" // all was explored, or the limit is one of chance
	cut    verdict = "cut"    // a limit ended it
	none   verdict = "none"   // the strategy has nothing for this mutant, or is missing here
	spared verdict = "spared" // a cheaper strategy had found the mutant
)

// A cell is what a strategy found out about a mutant.
type cell struct {
	Verdict verdict
	N       int     `json:",omitempty"` // executions, hosts or states
	Seconds float64 `json:",omitempty"` // of a stress test
	Where   string  `json:",omitempty"` // scenario
	What    string  `json:",omitempty"` // failure
}

// String is the cell as the table has it.
func (c cell) String() string {
	switch c.Verdict {
	case found:
		switch {
		case c.Seconds == 0:
			return fmt.Sprintf("%s %s", c.Where, count(c.N))
		case c.N == 0:
			return fmt.Sprintf("%.1f s", c.Seconds)
		}
		return fmt.Sprintf("host %s, %.1f s", count(c.N), c.Seconds)
	case missed, cut:
		if c.Seconds > 0 {
			return fmt.Sprintf("%s (%.0f s)", c.Verdict, c.Seconds)
		}
		return fmt.Sprintf("%s (%s)", c.Verdict, count(c.N))
	case spared:
		return "·"
	}
	return "–"
}

// count writes a number as 999, 12 k or 3.4 M.
func count(n int) string {
	switch {
	case n < 10_000:
		return fmt.Sprint(n)
	case n < 1_000_000:
		return fmt.Sprintf("%d k", n/1000)
	}
	return fmt.Sprintf("%.1f M", float64(n)/1e6)
}
