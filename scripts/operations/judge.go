package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/stats/compare"
)

// The limits of the page: how many loads a cheap notification costs, and by what factor a
// flat operation may grow.
const (
	mostLoads = 2
	flatLimit = 1.1
)

// searcherExists is the operation with a limit.
const searcherExists = "NotifySearcherExists"

// dearer says of some packages why they do not claim that a notification is cheap while a
// worker searches. All others do.
var dearer = map[string]string{
	"channels":    "it reads the length of a channel",
	"multithread": "it adds to a shared word, as the original does",
	"mutexonly":   "it takes the lock",
}

// A judgement is what is known after some looks.
type judgement struct {
	table
	looks []int
	taken int // of the looks

	// One family of ratios to two loads, and for each operation one of ratios to the time
	// with the smallest number of cores. The key of a comparison is its row.
	sequences map[string]*compare.Sequence // by the family's name
	found     map[string]map[string]compare.Comparison

	open map[string][]string // the operations that are not decided, by package
}

// loadFamily is the name of the family of ratios to the load; others have that of their
// operation.
const loadFamily = "loads"

func newJudgement(looks []int) (judgement, error) {
	if _, err := schedule(looks); err != nil {
		return judgement{}, err
	}
	return judgement{looks: looks, sequences: map[string]*compare.Sequence{}}, nil
}

func schedule(looks []int) (compare.Schedule, error) {
	return compare.NewSchedule(alpha, compare.Pocock, looks...)
}

const alpha = 0.05

// look judges a record up to the next look.
func (j *judgement) look(r record) error {
	j.table, j.taken = newTable(r), j.taken+1
	if len(j.values) == 0 || len(j.loads) == 0 {
		return fmt.Errorf("the record has %d operations and %d atomic loads, and both are needed", len(j.values), len(j.loads))
	}
	families := map[string]compare.Table{}
	for k, byCores := range j.values {
		for cores, results := range byCores {
			row := k.row(cores)
			if k.op == searcherExists && k.threads == "1" {
				families[loadFamily] = add(families[loadFamily], j.series(row, baseline, j.loadsOf(results), mostLoads), j.series(row, "own", results, 1))
			}
			if least := byCores[j.cores[0]]; cores != j.cores[0] && len(least) > 0 {
				families[k.op] = add(families[k.op], j.series(row, baseline, least, flatLimit), j.series(row, "own", results, 1))
			}
		}
	}
	j.found, j.open = map[string]map[string]compare.Comparison{}, map[string][]string{}
	for name, t := range families {
		f, err := j.judge(name, t)
		if err != nil {
			return err
		}
		limit := flatLimit
		if name == loadFamily {
			limit = mostLoads
		}
		j.found[name] = map[string]compare.Comparison{}
		for _, c := range f.Comparisons {
			if c.Look == 0 {
				pkg, rest, _ := strings.Cut(c.Row, " ")
				j.open[pkg] = addNew(j.open[pkg], operationIn(rest))
			}
			j.found[name][c.Row] = scaled(c, limit)
		}
	}
	return nil
}

func add(t compare.Table, s ...compare.Series) compare.Table {
	t.Series = append(t.Series, s...)
	return t
}

// judge takes the next look at a family. A comparison is settled when its direction is
// known: on which side of the limit the ratio is.
func (j *judgement) judge(name string, t compare.Table) (compare.Family, error) {
	// Maps have no order, and a family has none that counts.
	slices.SortStableFunc(t.Series, func(a, b compare.Series) int { return cmp.Compare(a.Row, b.Row) })
	if j.sequences[name] == nil {
		s, err := schedule(j.looks)
		if err != nil {
			return compare.Family{}, err
		}
		settled := func(c compare.Comparison) bool { return c.Verdict != compare.Unresolved }
		if j.sequences[name], err = compare.NewSequence(s, baseline, compare.Options{Alpha: alpha, Margin: 1e-9}, settled); err != nil {
			return compare.Family{}, err
		}
	}
	return j.sequences[name].Look(t)
}

// scaled returns a comparison with a multiple as one without.
func scaled(c compare.Comparison, limit float64) compare.Comparison {
	if c.Effect == nil {
		return c
	}
	e := compare.Effect{Ratio: c.Effect.Ratio * limit}
	if i := c.Effect.Interval; i != nil {
		e.Interval = &compare.Interval{Lo: i.Lo * limit, Hi: i.Hi * limit, Confidence: i.Confidence}
	}
	c.Effect = &e
	return c
}

// baseline is the column that others are compared with.
const baseline = "baseline"

// loadsOf returns the loads of the same turns.
func (t table) loadsOf(results []result) (loads []result) {
	for _, v := range results {
		if l, ok := t.loads[v.turn]; ok {
			loads = append(loads, l)
		}
	}
	return loads
}

// series is a column of a comparison, with its times multiplied.
func (t table) series(row, column string, results []result, by float64) compare.Series {
	s := compare.Series{Row: row, Column: column, Name: row + " " + column, Workload: row, Unit: "ns/op", Better: "lower", Clock: "turns"}
	for _, v := range results {
		s.Observations = append(s.Observations, compare.Observation{Round: t.turns[v.turn].round, At: int64(v.turn), Value: by * v.ns})
	}
	return s
}

// row names a comparison: the package comes first, and the operation is a word of its own.
func (k kind) row(cores int) string {
	return fmt.Sprintf("%s %s threads=%s cores=%d", k.design, opPrefix+k.op, k.threads, cores)
}

const opPrefix = "op="

// operationIn returns the operation of a row.
func operationIn(row string) string {
	for _, word := range strings.Fields(row) {
		if op, ok := strings.CutPrefix(word, opPrefix); ok {
			return op
		}
	}
	return ""
}

// An answer is what is known of a kind with all numbers of cores.
type answer string

const (
	yes     answer = "yes"
	no      answer = "no"
	unknown answer = "undecided"
	few     answer = "too few rounds"
)

// within says whether a kind is within the limit of a family with every number of cores,
// and gives the largest ratio, with its number of cores; nil if nothing was compared.
func (j judgement) within(k kind, family string) (a answer, worst *compare.Effect, at int) {
	a = yes
	for _, cores := range slices.Sorted(maps.Keys(j.values[k])) {
		c, ok := j.found[family][k.row(cores)]
		if !ok {
			continue
		}
		if c.Effect != nil && (worst == nil || c.Effect.Ratio > worst.Ratio) {
			worst, at = c.Effect, cores
		}
		switch {
		case c.Verdict == compare.Worse:
			a = no
		case a == no || c.Verdict == compare.Better:
		case c.Effect == nil || c.Effect.Interval == nil:
			a = few
		case a == yes:
			a = unknown
		}
	}
	return a, worst, at
}

// flatness says whether a kind grows with the number of cores.
func (j judgement) flatness(k kind) string {
	a, worst, _ := j.within(k, k.op)
	switch {
	case worst == nil:
		return "–"
	case a == yes:
		return "flat"
	case a == no:
		return "grows ×" + significant(worst.Ratio)
	case a == unknown:
		return fmt.Sprintf("undecided (×%s at most)", significant(j.most(k)))
	}
	return string(a)
}

// most is the upper end of all intervals of a kind's growth.
func (j judgement) most(k kind) (most float64) {
	for cores := range j.values[k] {
		if c := j.found[k.op][k.row(cores)]; c.Effect != nil && c.Effect.Interval != nil {
			most = max(most, c.Effect.Interval.Hi)
		}
	}
	return most
}

// keeps says whether a design keeps what it claims of a notification while a worker
// searches: that it is cheap, allocates nothing and is flat in cores.
func (j judgement) keeps(k kind) string {
	pkg, _, _ := strings.Cut(k.design, " ")
	if why := dearer[pkg]; why != "" {
		return "not claimed: " + why
	}
	cheap, _, _ := j.within(k, loadFamily)
	flat, _, _ := j.within(k, k.op)
	switch {
	case allocations(j.values[k]) > 0, cheap == no, flat == no:
		return "**missed**"
	case cheap == yes && flat == yes:
		return "met"
	case cheap == few, flat == few:
		return string(few)
	}
	return string(unknown)
}

// allocations is the largest number of them in an operation.
func allocations(byCores map[int][]result) (most float64) {
	for _, of := range byCores {
		for _, v := range of {
			most = math.Max(most, v.allocs)
		}
	}
	return most
}
