package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/verify/origin"
)

// explanation comes before the table. What is in braces is filled in.
const explanation = `# Seeded defects, and what finds them

*Written by a program, {program}. To write it again: {command}. {elapsed}. A journal keeps
each result; a later run repeats only those that a change in the source can affect.*

A check that cannot fail proves nothing. So {mutants} defects are kept beside the source, in [verify/mutants](../verify/mutants), each of them
one place in one file that is replaced by an overlay of the go command. The source is not touched, and what is measured has no branch
for them. {harmful} of them break something and must be found; {harmless} are harmless, and the reason is below.

| strategy | what it is | limit |
|---|---|---|
| plain | the package's stress test ({idletest}, short passes) on real threads, the build that is measured | {stress}, after which no new pass begins |
| race | the same with the race detector, and assertions on | the same |
| perturbed | the same with random pauses in each operation of {prim} | the same |
| bound 2, bound 3 | the explorer of {verify}: all schedules with that many preemptions | {limit} for each scenario, twice that for bound 3 |
| reduced | the explorer: all schedules, one for each order of the steps that depend on each other | {limit} for each scenario |
| random | the explorer: random schedules, seed 1 | {executions} executions and {limit} for each scenario |
| pct | the explorer: random priorities, 3 orderings, seed 1 | the same |
| spin | the row of [verify/model](../verify/model) that changes the model in the same way | none |

A cell says where the defect was found and in which execution: {fork39} is the 39th execution of scenario {fork}. In the stress columns the
number is that of the host, among those that the test makes one after the other, if the first pass found it. Then comes the time. Up to ten
seconds of it are the test's patience with a task that does not run. In Spin's column there are the row and the number of states.

{missed} says that all was explored, or that chance did not find it. {cut} says that the limit came first. Both have the number of executions in
all scenarios, or the time. Many scenarios have more schedules than {limit} allows, so many cells are {cut}: make verify explores them whole,
but only the unchanged code. A dash says that the strategy has nothing for the mutant. A dot says that it was not tried, because a cheaper
one had found the mutant: the mutants of designs that are measured on request are tried with plain, bound 2, random and pct first, and
with the others only if these miss.

Managers are tried with the parker {chan}, which has the fewest steps. Parkers are tried below {mutexonly}. The explorer tries random first, then pct,
bound 2, reduced and bound 3. Each scenario first gets a fifth of
the limit; so of the scenarios that could find a defect the easiest does. The scenario in which one strategy found it comes first for the
next, so that their numbers can be compared. It has ten times the limits. If the defect is not found there, the others get a fifth.

The unchanged code was tried first, each scenario with a fifth of the limits, since make verify explores it whole; and once more wherever a
mutant was found, with as many executions. It passed: where a manager is known to deadlock, as [defects.md](defects.md) tells, a
[list](../verify/known.go) says so. Any other deadlock fails the test, and convicts a mutant. A mutant of a manager with such defects can
deadlock where they are, and is not convicted by that.

To see one of them and a schedule that kills it: {show}.

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
		"{show}", "`go run ./verify/mutants -show last-look-dropped`",
		"{elapsed}", fmt.Sprintf("This took %v for %d of %d results", t.elapsed.Round(time.Minute), t.fresh, t.all),
		"{mutants}", fmt.Sprint(len(t.rows)), "{harmful}", fmt.Sprint(len(t.rows)-harmless), "{harmless}", fmt.Sprint(harmless),
		"{idletest}", "`idletest`; for the host its own tests", "{prim}", "`impls/prim`", "{verify}", "[`verify`](../verify)",
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
	b.WriteString("\n|---|" + strings.Repeat("---|", len(t.tried)) + "\n")
	for _, c := range t.controls {
		fmt.Fprintf(&b, "| %s |", c.suite.name)
		t.cells(&b, c.cells)
		b.WriteByte('\n')
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
			if r.harmless == "" && c.Verdict != none && c.Verdict != spared && c.Verdict != "" {
				of++
			}
		}
		fmt.Fprintf(&b, " *%d of %d* |", n, of)
	}

	if hits, of := t.onThreads(); of > 0 {
		fmt.Fprintf(&b, "\n\nOn real threads, by plain, race and perturbed together, %d of the %d that are not harmless were found. Where plain had found one the other two were not always tried.", hits, of)
	}

	b.WriteString("\n\n## What they are\n\n| mutant | in | breaks | stands for | caught as |\n|---|---|---|---|---|\n")
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| `%s` | [%s](../%s) | %s | %s | %s |\n", r.name, strings.TrimPrefix(r.file, "impls/"), r.file, r.breaks, r.like, cellText(r.reason()))
	}
	return b.String()
}

// onThreads counts the mutants that are not harmless, and those of them that a strategy
// found which does not explore.
func (t *table) onThreads() (hits, of int) {
	for _, r := range t.rows {
		if r.harmless != "" {
			continue
		}
		of++
		if slices.ContainsFunc([]string{"plain", "race", "perturbed"}, func(s string) bool { return r.cells[s].Verdict == found }) {
			hits++
		}
	}
	return hits, of
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
