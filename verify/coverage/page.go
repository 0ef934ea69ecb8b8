package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const explanation = `# What was explored

*Written by a program, [verify/coverage](../verify/coverage), at the end of "make verify".*

Every idle manager, with every parker that this system has, in the scenarios of
[verify](../verify/scenarios_test.go): the source that is benchmarked, under
schedules that the [explorer](../explore) chooses. A number is how many executions
there were. Bounded: every schedule with at most so many preemptions. Reduced: every
schedule, one for each order of the steps that depend on each other. Both are
complete where nothing else is said. Random and pct draw schedules of the scenarios
with three and four workers. A dash: the scenario is too large for that strategy, or
too small. Parkers that spin have no bounded exploration but of the smallest, since
switches between threads that spin are no preemptions.

**cut**: a limit came first. **weak**: the manager says that it may leave a core idle
beside a task, and after so many executions it did; so the rest was not explored.
**failed**: a defect.
`

func page(lines []line, origin string) string {
	var b strings.Builder
	b.WriteString(explanation)
	var took time.Duration
	executions, failed := 0, 0
	for _, l := range lines {
		took += l.took
		executions += l.executions
		if l.outcome == "failed" {
			failed++
		}
	}
	fmt.Fprintf(&b, "\n%s executions in %d explorations, %d failed, %v of CPU time. %s.\n",
		thousands(executions), len(lines), failed, took.Round(time.Second), origin)
	for _, strategy := range distinct(lines, func(l line) string { return l.strategy }) {
		of := slices.DeleteFunc(slices.Clone(lines), func(l line) bool { return l.strategy != strategy })
		section(&b, strategy, of)
	}
	return b.String()
}

// section is what one strategy explored.
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
	drawn := l.strategy == "random" || l.strategy == "pct"
	if l.outcome == "complete" || l.outcome == "cut" && drawn {
		return n
	}
	return n + " " + l.outcome
}

// distinct returns what of the lines there is, in the order of its first.
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
