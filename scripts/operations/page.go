package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/stats/compare"
)

// write writes the page.
func (j judgement) write() (string, error) {
	if j.taken == 0 {
		return "", fmt.Errorf("nothing was judged")
	}
	var b strings.Builder
	b.WriteString(j.head())
	if slices.Contains(j.ops, searcherExists) {
		j.notification(&b)
	}
	for _, op := range j.ops {
		fmt.Fprintf(&b, "## %s\n\n", op)
		for _, threads := range []string{"1", "all"} {
			j.operation(&b, op, threads)
		}
	}
	return b.String(), nil
}

// head says what the page is, and what it was measured on.
func (j judgement) head() string {
	machine := map[string]string{}
	for _, f := range environ.Read(environ.Host()) {
		machine[f.Key] = f.Value
	}
	first, last := j.turns[0].at, j.turns[0].at
	for _, turn := range j.turns {
		if turn.at.Before(first) {
			first = turn.at
		}
		if turn.at.After(last) {
			last = turn.at
		}
	}
	var loads []float64
	for _, l := range j.loads {
		loads = append(loads, l.ns)
	}
	rounds := strconv.Itoa(j.looks[0])
	if j.taken > 1 {
		rounds += fmt.Sprintf(" to %d", j.looks[j.taken-1])
	}
	return fmt.Sprintf(`# What the operations cost

Written by %[1]cmake operations%[1]c, of %[1]cgo test -bench%[1]c in impls/*: medians of %[2]s rounds, measured %[3]s to %[4]s on %[5]s, %[6]s CPUs
(virtualised: %[7]s), %[13]s %[8]s, %[9]s. A number in brackets is the median ratio to a call that does one atomic load
(%[1]cBenchmarkAtomicLoad/called%[1]c), measured just before in the same round: %[10]s in the median. Nothing sleeps and nothing is woken: parkers do nothing here.
With all threads, each of %[6]s threads does the operation again and again, and the time is that of one operation on one thread divided by their number, as %[1]cgo test%[1]c counts it.

"Flat" and "grows" say whether an operation takes more than %[12]s times as long as with %[11]s, with any number of cores: flat if that is excluded for each, grows
if it is shown for one. Ratios are paired by round. The error rate is 5 %% for each operation with all its designs, and 5 %% for the first table; what was
decided by half of the rounds was not measured further. [scripts/operations](../scripts/operations) has the details.

`, '`', rounds, first.Format("2006-01-02 15:04"), last.Format("2006-01-02 15:04 MST"), machine["cpu"], machine["cpus"], machine["virtualised"],
		machine["kernel"], machine["go"], significant(compare.Median(loads))+" ns", plural(j.cores[0], "core"), significant(flatLimit), machine["goos"])
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// notification is the table of the operation that a busy scheduler does most: a
// notification while a worker searches.
func (j judgement) notification(b *strings.Builder) {
	fmt.Fprintf(b, "## A notification while a worker searches\n\nOn one thread. The ratio is the largest of all numbers of cores, with its interval. "+
		"A design meets its claim if the notification costs at most %d loads, allocates nothing and is flat in cores.\n\n", mostLoads)
	fmt.Fprintf(b, "| design | ns | ratio to a load | interval | at most %d | allocations | in cores | claim |\n|---|--:|--:|--:|---|--:|---|---|\n", mostLoads)
	for _, design := range j.designs {
		k := kind{design, searcherExists, "1"}
		byCores := j.values[k]
		if len(byCores) == 0 {
			continue
		}
		cheap, worst, at := j.within(k, loadFamily)
		ns, ratio, interval := "–", "–", "–"
		if worst != nil {
			ns, ratio = significant(median(byCores[at])), significant(worst.Ratio)
			if i := worst.Interval; i != nil {
				interval = significant(i.Lo) + " to " + significant(i.Hi)
			}
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", design, ns, ratio, interval, cheap, count(allocations(byCores)), j.flatness(k), j.keeps(k))
	}
	b.WriteString("\n")
}

// operation is the table of an operation on one thread or on all.
func (j judgement) operation(b *strings.Builder, op, threads string) {
	on := "One thread"
	if threads == "all" {
		on = "All threads"
	}
	fmt.Fprintf(b, "%s, ns by the number of cores:\n\n| design |", on)
	for _, c := range j.cores {
		fmt.Fprintf(b, " %d |", c)
	}
	b.WriteString(" allocations | in cores |\n|---|" + strings.Repeat("--:|", len(j.cores)+1) + "---|\n")
	for _, design := range j.designs {
		k := kind{design, op, threads}
		byCores := j.values[k]
		if len(byCores) == 0 {
			continue // the design has no such operation
		}
		fmt.Fprintf(b, "| %s |", design)
		for _, cores := range j.cores {
			field := "–"
			if of := byCores[cores]; len(of) > 0 {
				field = significant(median(of)) + " (" + significant(j.ratioToLoad(of)) + "×)"
			}
			fmt.Fprintf(b, " %s |", field)
		}
		fmt.Fprintf(b, " %s | %s |\n", count(allocations(byCores)), j.flatness(k))
	}
	b.WriteString("\n")
}

// ratioToLoad is the median of the ratios to the load of the same turn.
func (t table) ratioToLoad(of []result) float64 {
	var ratios []float64
	for _, v := range of {
		if l, ok := t.loads[v.turn]; ok {
			ratios = append(ratios, v.ns/l.ns)
		}
	}
	return compare.Median(ratios)
}

func median(of []result) float64 {
	var ns []float64
	for _, v := range of {
		ns = append(ns, v.ns)
	}
	return compare.Median(ns)
}

func count(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// significant writes a number with two digits that count.
func significant(x float64) string {
	switch {
	case x >= 9.95: // which has one digit after the point, and would have three in all
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 0.995:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}
