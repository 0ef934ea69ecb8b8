package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/verify/journal"
)

const explanation = `# What was explored

*Written by a program, [verify/coverage](../verify/coverage), at the end of "make verify".*

Every idle manager in the scenarios of [verify](../verify/scenarios.go): the source
that is benchmarked, under schedules that the [explorer](../explore) chooses. The
managers that are measured by default are explored with every parker, the others with
one, whose steps are the fewest; [this test](../verify/scenarios_test.go) says why that is enough.
A name that ends in "-locked" is the manager without a lock in a host that has one. Each
number is a number of executions.

- Bounded: every schedule with at most that many preemptions (as CHESS does): three with what is
  measured by default, two with the other managers; one fewer in a few
  scenarios with two and three workers, and two fewer in the others with three and
  four. Switches between threads that spin are no preemptions, so parkers and managers that spin
  have a bound that is lower by one more, except in the smallest scenarios, which are
  those of Reduced, and are left out of the largest.
- Reduced: every schedule of the smallest scenarios, one for each order of dependent
  steps (DPOR), with parkers that do not spin.
- Random and pct sample schedules: ten times as many for the scenarios
  with a lower bound.

Bounded and reduced are complete unless marked. **cut**: a limit came first.
**known**: this many executions ended in a known deadlock of the manager, listed in
[defects.md](defects.md) or named by its package: it leaves a core idle although a task
is queued. **failed**: a defect. A dash: the strategy is not used for that scenario, or the
scenario is not for that manager.

A result is kept as long as the explorer, the host, the scenario and the manager with what
it imports stay as they are. So results may be older than this page, but none is of
another source.
`

func page(results []journal.Result, origin string) string {
	var b strings.Builder
	b.WriteString(explanation)
	all := sum(results)
	fmt.Fprintf(&b, "\n%s executions in %d explorations: %d cut, %d failed, %s known deadlocks. %v of CPU time; %s.\n",
		thousands(all.executions), len(results), all.cut, all.failed, thousands(all.known), all.took.Round(time.Second), origin)
	overview(&b, results)
	managers := distinct(results, manager)
	for _, m := range managers {
		section(&b, m, where(results, manager, m))
	}
	return b.String()
}

// overview is a table with a line for each manager and parker.
func overview(b *strings.Builder, results []journal.Result) {
	strategies := distinct(results, strategy)
	fmt.Fprintf(b, "\n| manager | parker | %s | CPU time |\n|---|---|%s\n", strings.Join(strategies, " | "), strings.Repeat("--:|", len(strategies)+1))
	for _, s := range distinct(results, subject) {
		of := where(results, subject, s)
		name, parker, _ := strings.Cut(s, "/")
		fmt.Fprintf(b, "| [%s](#%s) | %s |", name, name, parker)
		for _, how := range strategies {
			fmt.Fprintf(b, " %s |", sum(where(of, strategy, how)))
		}
		fmt.Fprintf(b, " %v |\n", sum(of).took.Round(time.Second))
	}
}

// section is what was explored of a manager. With one parker it is a table that has
// the strategies as columns; with more there is a table for each strategy, and the
// parkers are the columns.
func section(b *strings.Builder, name string, results []journal.Result) {
	fmt.Fprintf(b, "\n## %s\n", name)
	if parkers := distinct(results, parker); len(parkers) == 1 {
		fmt.Fprintf(b, "\nParker: %s.\n", parkers[0])
		table(b, results, strategy)
		return
	}
	for _, how := range distinct(results, strategy) {
		fmt.Fprintf(b, "\n### %s, %s\n", name, how)
		table(b, where(results, strategy, how), parker)
	}
}

// table has a line for each scenario.
func table(b *strings.Builder, results []journal.Result, column property) {
	columns := distinct(results, column)
	fmt.Fprintf(b, "\n| scenario | %s |\n|---|%s\n", strings.Join(columns, " | "), strings.Repeat("--:|", len(columns)))
	scenarios := distinct(results, scenario)
	slices.Sort(scenarios)
	for _, s := range scenarios {
		fmt.Fprintf(b, "| %s |", s)
		for _, c := range columns {
			fmt.Fprintf(b, " %s |", sum(where(where(results, scenario, s), column, c)))
		}
		b.WriteString("\n")
	}
}

// A total is the sum of results.
type total struct {
	results, executions, known, cut, failed int
	took                                    time.Duration
}

func sum(results []journal.Result) (t total) {
	for _, r := range results {
		t.results++
		t.executions += r.Executions
		t.known += r.Known
		t.took += r.Took
		switch {
		case r.Outcome == journal.Failed:
			t.failed++
		case r.Outcome == journal.Cut && !samples(r):
			t.cut++
		}
	}
	return t
}

// samples reports whether the strategy never ends by itself.
func samples(r journal.Result) bool { return r.Strategy == "random" || r.Strategy == "pct" }

// String is the total as a cell of a table.
func (t total) String() string {
	if t.results == 0 {
		return "–"
	}
	text := thousands(t.executions)
	if t.known > 0 {
		text += fmt.Sprintf(" (%s known)", thousands(t.known))
	}
	for _, n := range []struct {
		count int
		name  string
	}{{t.cut, "cut"}, {t.failed, "failed"}} {
		switch {
		case n.count > 0 && t.results == 1:
			text += " " + n.name
		case n.count > 0:
			text += fmt.Sprintf(", %d %s", n.count, n.name)
		}
	}
	return text
}

// A property of a result.
type property func(journal.Result) string

func strategy(r journal.Result) string { return r.Strategy }
func scenario(r journal.Result) string { return r.Scenario }
func subject(r journal.Result) string  { return r.Subject }

func manager(r journal.Result) string {
	name, _, _ := strings.Cut(r.Subject, "/")
	return name
}

func parker(r journal.Result) string {
	_, name, _ := strings.Cut(r.Subject, "/")
	return name
}

// distinct returns the different values of a property, in the order in which they
// first occur.
func distinct(results []journal.Result, of property) (values []string) {
	for _, r := range results {
		if v := of(r); !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// where returns the results with a property.
func where(results []journal.Result, of property, value string) (some []journal.Result) {
	for _, r := range results {
		if of(r) == value {
			some = append(some, r)
		}
	}
	return some
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
