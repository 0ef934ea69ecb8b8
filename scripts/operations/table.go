package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/stats/compare"
)

// The limits of the page: what counts as flat, and as a cheap notification.
const (
	flatWithin = 0.1
	mostLoads  = 2
)

// searcherExists is the operation with a limit.
const searcherExists = "NotifySearcherExists"

// A kind is an operation of a design, on one thread or on all.
type kind struct{ design, op, threads string }

// A table has the results by kind and number of cores.
type table struct {
	record
	designs, ops []string
	cores        []int
	values       map[kind]map[int][]result
	loads        []result // one for each turn
}

func newTable(r record) table {
	t := table{record: r, values: map[kind]map[int][]result{}}
	for _, v := range r.results {
		if r.turns[v.turn].round >= r.rounds {
			continue
		}
		if v.op == loadOp {
			t.loads = append(t.loads, v)
			continue
		}
		t.designs, t.ops, t.cores = addNew(t.designs, v.design), addNew(t.ops, v.op), addNew(t.cores, v.cores)
		k := kind{v.design, v.op, v.threads}
		if t.values[k] == nil {
			t.values[k] = map[int][]result{}
		}
		t.values[k][v.cores] = append(t.values[k][v.cores], v)
	}
	slices.Sort(t.designs)
	slices.Sort(t.ops)
	slices.Sort(t.cores)
	return t
}

func addNew[T comparable](list []T, x T) []T {
	if slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}

// series is a column of a comparison.
func (t table) series(row, column string, results []result) compare.Series {
	s := compare.Series{Row: row, Column: column, Name: row + " " + column, Workload: row, Unit: "ns/op", Better: "lower", Clock: "turns"}
	for _, v := range results {
		s.Observations = append(s.Observations, compare.Observation{Round: t.turns[v.turn].round, At: int64(v.turn), Value: v.ns})
	}
	return s
}

// times compares everything with the atomic load of the same turn: one family.
// The key is the row.
func (t table) times() (map[string]compare.Comparison, error) {
	loads := map[int]result{}
	for _, l := range t.loads {
		loads[l.turn] = l
	}
	var of compare.Table
	for k, byCores := range t.values {
		for cores, results := range byCores {
			var paired []result
			for _, v := range results {
				if l, ok := loads[v.turn]; ok {
					paired = append(paired, l)
				}
			}
			row := k.row(cores)
			of.Series = append(of.Series, t.series(row, loadOp, paired), t.series(row, "own", results))
		}
	}
	return family(of, loadOp)
}

// growth compares an operation's numbers of cores with the smallest: one family for the
// operation.
func (t table) growth(op string) (map[string]compare.Comparison, error) {
	var of compare.Table
	for k, byCores := range t.values {
		if k.op != op || len(byCores[t.cores[0]]) == 0 {
			continue
		}
		for cores, results := range byCores {
			if cores == t.cores[0] {
				continue
			}
			row := k.row(cores)
			of.Series = append(of.Series, t.series(row, "least", byCores[t.cores[0]]), t.series(row, "own", results))
		}
	}
	return family(of, "least")
}

func (k kind) row(cores int) string {
	return fmt.Sprintf("%s %s threads=%s cores=%d", k.design, k.op, k.threads, cores)
}

// family judges a table. Maps have no order, and a family has none that counts.
func family(of compare.Table, baseline string) (map[string]compare.Comparison, error) {
	all := map[string]compare.Comparison{}
	if len(of.Series) == 0 {
		return all, nil
	}
	f, err := compare.Compare(of, baseline, compare.Options{Margin: flatWithin})
	if err != nil {
		return nil, err
	}
	for _, c := range f.Comparisons {
		all[c.Row] = c
	}
	return all, nil
}

// flatness says whether a kind grows with the number of cores.
func (t table) flatness(k kind, growth map[string]compare.Comparison) string {
	least, most, known := math.Inf(1), math.Inf(-1), false
	grows, estimate := false, 0.0
	for _, cores := range t.cores[1:] {
		c, ok := growth[k.row(cores)]
		if !ok {
			continue
		}
		known = true
		if c.Effect == nil || c.Effect.Interval == nil {
			return "too few rounds"
		}
		i := c.Effect.Interval
		least, most = min(least, i.Lo), max(most, i.Hi)
		if i.Lo > 1+flatWithin {
			grows = true
		}
		estimate = max(estimate, c.Effect.Ratio)
	}
	switch {
	case !known:
		return "–"
	case grows:
		return "grows ×" + significant(estimate)
	case most <= 1+flatWithin:
		return "flat"
	}
	return fmt.Sprintf("undecided (×%s to %s)", significant(least), significant(most))
}

// write writes the page.
func write(r record) (string, error) {
	t := newTable(r)
	if len(t.values) == 0 || len(t.loads) == 0 {
		return "", fmt.Errorf("the record has %d operations and %d atomic loads, and both are needed", len(t.values), len(t.loads))
	}
	times, err := t.times()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(t.head())
	growth := map[string]map[string]compare.Comparison{}
	for _, op := range t.ops {
		if growth[op], err = t.growth(op); err != nil {
			return "", err
		}
	}
	if slices.Contains(t.ops, searcherExists) {
		t.notification(&b, times, growth[searcherExists])
	}
	for _, op := range t.ops {
		fmt.Fprintf(&b, "## %s\n\n", op)
		for _, threads := range []string{"1", "all"} {
			t.operation(&b, op, threads, times, growth[op])
		}
	}
	return b.String(), nil
}

// head says what the page is, and what it was measured on.
func (t table) head() string {
	machine := map[string]string{}
	for _, f := range environ.Read(environ.Host()) {
		machine[f.Key] = f.Value
	}
	first, last := t.turns[0].at, t.turns[0].at
	for _, turn := range t.turns {
		if turn.at.Before(first) {
			first = turn.at
		}
		if turn.at.After(last) {
			last = turn.at
		}
	}
	var loads []float64
	for _, l := range t.loads {
		loads = append(loads, l.ns)
	}
	return fmt.Sprintf(`# What the operations cost

Written by %[1]cmake operations%[1]c, of %[1]cgo test -bench%[1]c in impls/*: medians of %[2]d rounds, measured %[3]s to %[4]s on %[5]s, %[6]s CPUs
(virtualised: %[7]s), %[13]s %[8]s, %[9]s. A number in brackets is the ratio to a call that does one atomic load
(%[1]cBenchmarkAtomicLoad/called%[1]c), measured just before in the same round: %[10]s in the median. Nothing sleeps and nothing is woken: parkers do nothing here.
With all threads, each of %[6]s threads does the operation again and again, and the time is that of one operation on one thread divided by their number, as %[1]cgo test%[1]c counts it.

"Flat" and "grows" compare each number of cores with %[11]s, paired by round, with intervals that hold for all designs of the operation at 95 %%: flat if no
interval reaches beyond %[12]s, grows if one lies beyond it. [scripts/operations](../scripts/operations) has the details.

`, '`', t.rounds, first.Format("2006-01-02 15:04"), last.Format("2006-01-02 15:04 MST"), machine["cpu"], machine["cpus"], machine["virtualised"],
		machine["kernel"], machine["go"], nanoseconds(compare.Median(loads))+" ns", plural(t.cores[0], "core"), significant(1+flatWithin), machine["goos"])
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// notification is the table of the operation that a busy scheduler does most: a
// notification while a worker searches.
func (t table) notification(b *strings.Builder, times, growth map[string]compare.Comparison) {
	fmt.Fprintf(b, "## A notification while a worker searches\n\nOn one thread. The ratio is the largest of all numbers of cores, with its interval; at most %d is cheap.\n\n", mostLoads)
	b.WriteString("| design | ns | ratio to a load | interval | at most " + strconv.Itoa(mostLoads) + " | allocations | in cores |\n|---|--:|--:|--:|---|--:|---|\n")
	for _, design := range t.designs {
		k := kind{design, searcherExists, "1"}
		byCores := t.values[k]
		if len(byCores) == 0 {
			continue
		}
		worst, at, few := (*compare.Effect)(nil), 0, false
		for _, cores := range slices.Sorted(maps.Keys(byCores)) {
			e := times[k.row(cores)].Effect
			few = few || e == nil || e.Interval == nil
			if e != nil && (worst == nil || e.Ratio > worst.Ratio) {
				worst, at = e, cores
			}
		}
		ns, ratio, interval, cheap := "–", "–", "–", "too few rounds"
		if worst != nil {
			ns, ratio = nanoseconds(median(byCores[at])), significant(worst.Ratio)
		}
		if !few {
			interval = significant(worst.Interval.Lo) + " to " + significant(worst.Interval.Hi)
			cheap = t.cheap(k, times)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s |\n", design, ns, ratio, interval, cheap, allocations(byCores), t.flatness(k, growth))
	}
	b.WriteString("\n")
}

// cheap says whether a kind costs at most mostLoads loads with every number of cores.
func (t table) cheap(k kind, times map[string]compare.Comparison) string {
	least, most := 0.0, 0.0
	for cores := range t.values[k] {
		i := times[k.row(cores)].Effect.Interval
		least, most = max(least, i.Lo), max(most, i.Hi)
	}
	switch {
	case most <= mostLoads:
		return "yes"
	case least > mostLoads:
		return "no"
	}
	return "undecided"
}

// operation is the table of an operation on one thread or on all.
func (t table) operation(b *strings.Builder, op, threads string, times, growth map[string]compare.Comparison) {
	on := "One thread"
	if threads == "all" {
		on = "All threads"
	}
	fmt.Fprintf(b, "%s, ns by the number of cores:\n\n| design |", on)
	for _, c := range t.cores {
		fmt.Fprintf(b, " %d |", c)
	}
	b.WriteString(" allocations | in cores |\n|---|" + strings.Repeat("--:|", len(t.cores)+1) + "---|\n")
	for _, design := range t.designs {
		k := kind{design, op, threads}
		byCores := t.values[k]
		if len(byCores) == 0 {
			continue // the design has no such operation
		}
		fmt.Fprintf(b, "| %s |", design)
		for _, cores := range t.cores {
			field := "–"
			if of := byCores[cores]; len(of) > 0 {
				field = nanoseconds(median(of))
				if e := times[k.row(cores)].Effect; e != nil {
					field += " (" + significant(e.Ratio) + "×)"
				}
			}
			fmt.Fprintf(b, " %s |", field)
		}
		fmt.Fprintf(b, " %s | %s |\n", allocations(byCores), t.flatness(k, growth))
	}
	b.WriteString("\n")
}

func median(of []result) float64 {
	var ns []float64
	for _, v := range of {
		ns = append(ns, v.ns)
	}
	return compare.Median(ns)
}

// allocations is the largest number of them.
func allocations(byCores map[int][]result) string {
	most := 0.0
	for _, of := range byCores {
		for _, v := range of {
			most = max(most, v.allocs)
		}
	}
	return strconv.FormatFloat(most, 'f', -1, 64)
}

func nanoseconds(ns float64) string { return significant(ns) }

// significant writes a number with two digits that count.
func significant(x float64) string {
	switch {
	case x >= 10:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 1:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}
