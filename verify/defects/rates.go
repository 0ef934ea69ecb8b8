package main

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
)

// rates are the scenarios in which the canonical design is known to deadlock,
// with the defect that does it.
var rates = []struct{ scenario, defect string }{
	{"two_wait_for_each_other", "B2"},
	{"two_producers_wait_for_each_other", "B2"},
	{"fork_two", "B2"},
	{"batch", "B4"},
	{"batch_with_surplus", "B4"},
	{"fork_fewer_cores", "B9"},
	{"two_wait_and_are_taken_one_by_one", "B10"},
}

const ratesIntro = `
## How often they show

Deadlocks in 100,000 random schedules of each scenario, with seed 1 and one parker. This says how narrow a race is, not what it costs: a random
schedule switches threads at every step, which real threads do not. The deadlocks of a scenario may have more than one of the causes above; the
table names the main one. Each row is the result of

` + "```" + `
go test -tags explore ./verify -v -run '^TestScenarios$/^bitmap$/^futex$/^SCENARIO$' -strategy random -executions 100000 -all
` + "```" + `

| scenario | defect | deadlocks in 100,000 executions |
|---|---|---|
`

// writeRates counts the known deadlocks of each scenario and writes the section.
func writeRates(ctx context.Context, page *bytes.Buffer, dir, binary string) error {
	page.WriteString(ratesIntro)
	for _, r := range rates {
		_, covered, err := explore(ctx, dir, binary, r.scenario, "bitmap/futex", "-strategy", "random", "-executions", "100000")
		if err != nil {
			return err
		}
		n, err := knownDeadlocks(covered)
		if err != nil {
			return fmt.Errorf("%s: %w", r.scenario, err)
		}
		fmt.Fprintf(page, "| `%s` | %s | %d |\n", r.scenario, r.defect, n)
	}
	return nil
}

var deadlocks = regexp.MustCompile(`, (\d+) known deadlocks`)

// knownDeadlocks returns their number from a line such as "100000 executions, at
// most 181 steps, sampled, 16 known deadlocks". It is an error if the exploration
// failed, because a failure ends it.
func knownDeadlocks(covered string) (int, error) {
	if !executions.MatchString(covered) {
		return 0, fmt.Errorf("the exploration failed: %s", covered)
	}
	m := deadlocks.FindStringSubmatch(covered)
	if m == nil {
		return 0, nil
	}
	return strconv.Atoi(m[1])
}

var executions = regexp.MustCompile(`^\d+ executions, `)
