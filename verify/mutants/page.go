package main

import (
	"fmt"
	"strings"

	"github.com/idlebench/idlebench/verify/origin"
)

// explanation comes before the table. What is in braces is filled in.
const explanation = `# Seeded defects, and what finds them

*Written by a program, {program}. To write it again: {command}. It takes {elapsed}; what was found
out already is taken from a journal.*

A check that cannot fail proves nothing. So {mutants} defects are kept beside the source, in [verify/mutants](../verify/mutants), each of them
one place in one file that is replaced by an overlay of the go command. The source is not touched, and what is measured has no branch
for them. {harmful} of them break something and must be found; {harmless} are harmless, and the reason is below.

| strategy | what it is | limit |
|---|---|---|
| plain | the package's stress test ({idletest}, short passes) on real threads, the build that is measured | {stress}, after which no new pass begins |
| race | the same with the race detector, and assertions on | the same |
| perturbed | the same with random pauses in each operation of {prim} | the same |
| bound 2, bound 3 | the explorer of {verify}: all schedules with so many preemptions | {limit} for each scenario, four times that for bound 3 |
| reduced | the explorer: all schedules, one for each order of the steps that depend on each other | {limit} for each scenario |
| random | the explorer: schedules drawn at random, seed 1 | {executions} executions and {limit} for each scenario |
| pct | the explorer: random priorities, 3 orderings, seed 1 | the same |
| spin | the row of [verify/model](../verify/model) that changes the model in the same way | none |

A cell says where the defect was found and in which execution: {fork39} is the 39th of scenario {fork}. In the stress columns it is the
number of the host, of those that the test makes one after the other, if it was in the first pass, and the time, of which up to ten seconds are the
test's patience with a task that does not run. In Spin's it is the row and the number of states. {missed} says that all was explored, or that
chance did not find it, {cut} that the limit came first, both with what was tried: executions of all scenarios, or seconds. A dash says that the
strategy has nothing for it.

Managers are tried with the parker {chan}, which has the fewest steps; parkers below {mutexonly}. Each scenario is tried for a fifth of
the limit first, so where there is more than one that could find a defect, the easiest does. The scenario in which one strategy found it is
the first that the next is tried with, so that the numbers can be compared. It has ten times the limits, and if it does not find the defect
the others are tried for a fifth.

The unchanged code was tried first, in the same way. Where it conserves work weakly it has deadlocks of its own, which are no bugs of the
checks but B2, B4 and B9: in these scenarios a deadlock does not convict a mutant.

`

// page is docs/mutants.md.
func (t *table) page() string {
	var b strings.Builder
	harmless := 0
	for _, r := range t.rows {
		if r.harmless != "" {
			harmless++
		}
	}
	text := strings.NewReplacer(
		"{program}", "[`verify/mutants`](../verify/mutants)", "{command}", "`go run ./verify/mutants -update`",
		"{elapsed}", "some 40 minutes on two CPUs",
		"{mutants}", fmt.Sprint(len(t.rows)), "{harmful}", fmt.Sprint(len(t.rows)-harmless), "{harmless}", fmt.Sprint(harmless),
		"{idletest}", "`idletest`; for the host its own tests", "{prim}", "`internal/prim`", "{verify}", "[`verify`](../verify)",
		"{stress}", t.limits.stress.String(), "{limit}", t.limits.scenario.String(), "{executions}", fmt.Sprint(t.limits.executions),
		"{fork39}", "`fork 39`", "{fork}", "`fork`", "{missed}", "`missed`", "{cut}", "`cut`", "{chan}", "`chan`", "{mutexonly}", "`mutexonly`",
	).Replace(explanation)
	b.WriteString(text)
	fmt.Fprintf(&b, "%s.\n", origin.Of(t.start))
	for _, s := range t.tried {
		if why := t.missing[s.name]; why != "" {
			fmt.Fprintf(&b, "Column %s is empty: %s.\n", s.name, why)
		}
	}

	b.WriteString("\n## The unchanged code\n\n| code |")
	t.columns(&b)
	b.WriteString(" deadlocks in |\n|---|")
	b.WriteString(strings.Repeat("---|", len(t.tried)+1))
	b.WriteByte('\n')
	for _, c := range t.controls {
		fmt.Fprintf(&b, "| %s |", c.suite.name)
		t.cells(&b, c.cells)
		known := "–"
		if len(c.known) > 0 {
			known = "`" + strings.Join(c.known, "`, `") + "`"
		}
		fmt.Fprintf(&b, " %s |\n", known)
	}

	b.WriteString("\n## What was found\n\n| mutant |")
	t.columns(&b)
	b.WriteString("\n|---|" + strings.Repeat("---|", len(t.tried)) + "\n")
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| `%s` |", r.name)
		t.cells(&b, r.cells)
		b.WriteByte('\n')
	}
	b.WriteString("| *found* |")
	for _, s := range t.tried {
		n, of := 0, 0
		for _, r := range t.rows {
			c := r.cells[s.name]
			if c.Verdict == found {
				n++
			}
			if r.harmless == "" && c.Verdict != none && c.Verdict != "" {
				of++
			}
		}
		fmt.Fprintf(&b, " *%d of %d* |", n, of)
	}

	b.WriteString("\n\n## What they are\n\n| mutant | in | breaks | stands for | caught as |\n|---|---|---|---|---|\n")
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| `%s` | [%s](../%s) | %s | %s | %s |\n", r.name, strings.TrimPrefix(r.file, "impls/"), r.file, r.breaks, r.like, cellText(r.reason()))
	}
	return b.String()
}

func (t *table) columns(b *strings.Builder) {
	for _, s := range t.tried {
		fmt.Fprintf(b, " %s |", s.name)
	}
}

func (t *table) cells(b *strings.Builder, cells map[string]cell) {
	for _, s := range t.tried {
		fmt.Fprintf(b, " %s |", cellText(cells[s.name].String()))
	}
}

// cellText keeps a text within its cell.
func cellText(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
