package main

import (
	"slices"
	"strings"
	"testing"
)

func TestWrong(t *testing.T) {
	caught := map[string]cell{"bound 2": {Verdict: found, N: 39, Where: "fork", What: "deadlock"}}
	survives := map[string]cell{"bound 2": {Verdict: missed, N: 1000}}
	all := strategies
	for _, test := range []struct {
		name     string
		harmless string
		cells    map[string]cell
		tried    []strategy
		want     string
	}{
		{"caught", "", caught, all, ""},
		{"harmless", "because", survives, all, ""},
		{"survives", "", survives, all, "m survives everything, and its entry has no reason why it is harmless"},
		{"survives what was tried", "", survives, all[:4], ""},
		{"harmless and caught", "because", caught, all, "m is called harmless, but bound 2 found it: fork deadlock"},
	} {
		table := &table{tried: test.tried, rows: []row{{mutant{name: "m", harmless: test.harmless}, test.cells}}}
		if got := strings.Join(table.wrong(), "\n"); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestReason(t *testing.T) {
	for _, test := range []struct {
		harmless string
		cells    map[string]cell
		want     string
	}{
		{"", map[string]cell{"bound 2": {Verdict: found, Where: "fork", What: "deadlock"}, "plain": {Verdict: found}}, "deadlock, in fork"},
		{"", map[string]cell{"race": {Verdict: found, What: "data race"}, "plain": {Verdict: missed}}, "only race: data race"},
		{"", map[string]cell{"race": {Verdict: found, What: "data race"}, "plain": {Verdict: found}}, "race: data race"},
		{"", map[string]cell{"random": {Verdict: found, Where: "fork", What: "deadlock"}, "race": {Verdict: spared}}, "deadlock, in fork"},
		{"because", nil, "harmless: because"},
		{"", nil, "SURVIVES"},
	} {
		if got := (row{mutant{harmless: test.harmless}, test.cells}).reason(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestCells(t *testing.T) {
	for _, test := range []struct {
		cell cell
		want string
	}{
		{cell{Verdict: found, N: 12_345, Where: "fork"}, "fork 12 k"},
		{cell{Verdict: found, N: 37, Seconds: 10.04}, "host 37, 10.0 s"},
		{cell{Verdict: found, Seconds: 0.52}, "0.5 s"},
		{cell{Verdict: missed, N: 1_234_567}, "missed (1.2 M)"},
		{cell{Verdict: missed, Seconds: 12}, "missed (12 s)"},
		{cell{Verdict: cut, N: 999}, "cut (999)"},
		{cell{Verdict: spared}, "·"},
		{cell{}, "–"},
	} {
		if got := test.cell.String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// The page has a line for each mutant, with as many cells as strategies.
func TestPage(t *testing.T) {
	tab := &table{tried: strategies, controls: []control{{suite: suite{name: "bitmap"}}}}
	for _, m := range mutants() {
		tab.rows = append(tab.rows, row{mutant: m})
	}
	page := tab.page()
	if strings.ContainsAny(page, "{}") {
		t.Error("something was not filled in")
	}
	for _, m := range mutants() {
		lines := slices.Collect(strings.Lines(page))
		i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "| `"+m.name+"` |") })
		if i < 0 || strings.Count(lines[i], "|") != 2+len(strategies) {
			t.Errorf("%s: no line of %d cells", m.name, len(strategies))
		}
	}
}

// All strategies of the explorer have a place in the order in which they are tried, and
// what is expected decides how.
func TestOrder(t *testing.T) {
	var explorers []string
	for _, s := range strategies {
		if s.build == exploring {
			explorers = append(explorers, s.name)
		}
	}
	order := slices.Clone(cheapestFirst)
	slices.Sort(order)
	slices.Sort(explorers)
	if !slices.Equal(order, explorers) {
		t.Errorf("the order is of %q, and there are %q", order, explorers)
	}
	for _, test := range []struct {
		seeded []mutant
		want   expectation
	}{
		{nil, unchanged},
		{[]mutant{{harmless: "because"}}, harmless},
		{[]mutant{{}}, harmful},
	} {
		if got := expected(test.seeded); got != test.want {
			t.Errorf("of %v: %s, want %s", test.seeded, got, test.want)
		}
	}
}

// What is found on real threads counts once, and what is harmless or found by the explorer
// only does not.
func TestOnThreads(t *testing.T) {
	on := func(names ...string) map[string]cell {
		cells := make(map[string]cell)
		for _, n := range names {
			cells[n] = cell{Verdict: found}
		}
		return cells
	}
	table := &table{rows: []row{
		{mutant{name: "a"}, on("plain", "race")}, {mutant{name: "b"}, on("perturbed", "pct")}, {mutant{name: "c"}, on("random")},
		{mutant{name: "d", harmless: "because"}, on()},
	}}
	if hits, of := table.onThreads(); hits != 2 || of != 3 {
		t.Errorf("%d of %d", hits, of)
	}
}
