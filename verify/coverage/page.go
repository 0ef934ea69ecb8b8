package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const explanation = `# What was explored

*Written by a program, [verify/coverage](../verify/coverage), at the end of "make verify".*

Every idle manager, with every parker, in the scenarios of
[verify](../verify/scenarios.go): the source that is benchmarked, under
schedules that the [explorer](../explore) chooses. Each number is a number of
executions.

- Bounded: every schedule with at most that many preemptions (as CHESS does); one fewer in a few
  scenarios with two and three workers, and two fewer in the others with three and
  four. Switches between threads that spin are no preemptions, so parkers that spin
  have a bound that is lower by one more, except in the smallest scenarios, which are
  those of Reduced, and are left out of the largest.
- Reduced: every schedule of the smallest scenarios, one for each order of dependent
  steps (DPOR), with parkers that do not spin.
- Random and pct sample schedules: ten times as many for the scenarios
  with a lower bound.

Bounded and reduced are complete unless marked. **cut**: a limit came first.
**known**: this many executions ended in a known deadlock of the manager, listed in
[defects.md](defects.md): it leaves a core idle although a task is queued.
**failed**: a defect. A dash: the strategy is not used for that scenario, or the
scenario is not for that manager.
`

func page(lines []line, origin string) string {
	var b strings.Builder
	b.WriteString(explanation)
	var took time.Duration
	executions, failed, known, cut := 0, 0, 0, 0
	for _, l := range lines {
		took += l.took
		executions += l.executions
		known += l.known
		switch {
		case l.outcome == "failed":
			failed++
		case l.outcome == "cut" && !l.samples():
			cut++
		}
	}
	fmt.Fprintf(&b, "\n%s executions in %d explorations: %d cut, %d failed, %s known deadlocks. %v of CPU time; %s.\n",
		thousands(executions), len(lines), cut, failed, thousands(known), took.Round(time.Second), origin)
	for _, strategy := range distinct(lines, func(l line) string { return l.strategy }) {
		of := slices.DeleteFunc(slices.Clone(lines), func(l line) bool { return l.strategy != strategy })
		section(&b, strategy, of)
	}
	return b.String()
}

// section is the table of one strategy.
func section(b *strings.Builder, strategy string, lines []line) {
	subjects := distinct(lines, func(l line) string { return l.subject })
	slices.Sort(subjects)
	fmt.Fprintf(b, "\n## %s\n\n| scenario | %s |\n|---|%s\n",
		strings.ToUpper(strategy[:1])+strategy[1:], strings.Join(subjects, " | "), strings.Repeat("--:|", len(subjects)))
	scenarios := distinct(lines, func(l line) string { return l.scenario })
	slices.Sort(scenarios) // the record has them in the order in which they ended
	for _, scenario := range scenarios {
		fmt.Fprintf(b, "| %s |", scenario)
		for _, subject := range subjects {
			i := slices.IndexFunc(lines, func(l line) bool { return l.subject == subject && l.scenario == scenario })
			if i < 0 {
				b.WriteString(" – |")
				continue
			}
			fmt.Fprintf(b, " %s |", lines[i])
		}
		b.WriteString("\n")
	}
}

// String is a line as a cell of a table.
func (l line) String() string {
	n := thousands(l.executions)
	if l.known > 0 {
		n += fmt.Sprintf(" (%d known)", l.known)
	}
	if l.outcome == "complete" || l.outcome == "cut" && l.samples() {
		return n
	}
	return n + " " + l.outcome
}

// samples reports whether the strategy never ends by itself.
func (l line) samples() bool { return l.strategy == "random" || l.strategy == "pct" }

// distinct returns the different values of a property of the lines, in the order in
// which they first occur.
func distinct(lines []line, of func(line) string) (values []string) {
	for _, l := range lines {
		if v := of(l); !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
