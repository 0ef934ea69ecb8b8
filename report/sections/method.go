package sections

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

func (b *builder) method() page.Section {
	s := page.Section{
		ID:    "method",
		Title: "Method and commands",
		Blocks: []page.Block{
			page.List{
				"Each launch is a fresh process. The cells of a round run close to each other in time, so that what slows the machine slows all of them, and in an order that is drawn for each round independently, so that chance alone says which comes first.",
				"A launch that was disturbed beyond a limit is marked as invalid and repeated; it counts nowhere.",
				"Two cells are compared within rounds: by the logarithms of the ratios, with Wilcoxon's signed-rank test, the estimate of Hodges and Lehmann, and the interval that belongs to the test.",
				"All judged comparisons of a run are one family, corrected by Holm's procedure with directions, so that the probability of any wrong verdict is bounded.",
				"Latencies are recorded in HDR histograms with three digits, of every task, from the time when it was due.",
				"Profiles and stages are of launches that are not timed, or of runs that say so.",
			},
		},
	}
	for _, in := range b.inputs {
		m := in.Manifest
		if m == nil {
			continue
		}
		if len(b.inputs) > 1 {
			s.Blocks = append(s.Blocks, page.Heading(plot.Label(in.Name)))
		}
		s.Blocks = append(s.Blocks, page.Facts{
			{Name: "rounds", Value: fmt.Sprint(m.Plan.Rounds)},
			{Name: "cells", Value: fmt.Sprint(len(m.Plan.Cells))},
			{Name: "time of a launch", Value: m.Plan.Time.String(), About: "after a warm-up of " + m.Plan.Warmup.String()},
			{Name: "seed of the order", Value: fmt.Sprint(m.Plan.Seed)},
			{Name: "began", Value: m.Start.UTC().Format(time.RFC3339)},
			{Name: "sessions", Value: fmt.Sprint(len(m.Sessions))},
		})
		lines, exact := runCommand(in)
		about := "To measure the same cells with the same seed, on this machine or another:"
		if !exact {
			about = "To measure these cells, and others with them, since the flags allow every combination:"
		}
		s.Blocks = append(s.Blocks, page.Commands{About: about, Lines: lines})
	}
	var lines []string
	if b.Command != "" {
		lines = append(lines, b.Command)
	}
	if b.BenchstatCommand != "" {
		lines = append(lines, b.BenchstatCommand)
	}
	for _, p := range b.Source.Profiles[:min(3, len(b.Source.Profiles))] {
		lines = append(lines, "go tool pprof -top "+quote(p.File))
	}
	if len(lines) > 0 {
		s.Blocks = append(s.Blocks, page.Commands{About: "To make this page again, and to look at the same data with other tools:", Lines: lines})
	}
	return s
}

// quote makes an argument of a shell of any text.
func quote(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("_-./,=+:@%", r))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// runCommand returns the command that measures the cells of a run again, and
// whether it measures nothing else. The sizes of the matrix are tried first, and
// then lists of all names that occur.
func runCommand(in *source.Input) (lines []string, exact bool) {
	plan := in.Manifest.Plan
	flags := []string{
		fmt.Sprintf("-count %d", plan.Rounds), fmt.Sprintf("-time %s", plan.Time), fmt.Sprintf("-warmup %s", plan.Warmup), fmt.Sprintf("-seed %d", plan.Seed),
	}
	if plan.CPUs != "" {
		flags = append(flags, "-cpus "+quote(plan.CPUs))
	}
	if plan.Stages {
		flags = append(flags, "-stages")
	}
	if plan.Throttled {
		flags = append(flags, "-throttled")
	}
	if len(plan.Profiles) > 0 {
		flags = append(flags, "-profile "+quote(strings.Join(plan.Profiles, ",")))
	}
	selection, more := choose(plan.Cells, cpus(in))
	exact = measures(selection, plan.Cells)
	return []string{"bench run " + strings.Join(append(flags, more...), " ")}, exact
}

// cpus is how many the run used; 1 if nobody knows.
func cpus(in *source.Input) int {
	for _, list := range config(in, "cpus-used") {
		if n := countList(list); n > 0 {
			return n
		}
	}
	for _, v := range config(in, "cpus") {
		if n, err := strconv.Atoi(v); err == nil && n > 0 {
			return n
		}
	}
	return 1
}

// countList counts a list such as 0-3,8.
func countList(list string) (total int) {
	for part := range strings.SplitSeq(list, ",") {
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		lo, err := strconv.Atoi(from)
		hi, err2 := strconv.Atoi(to)
		if err == nil && err2 == nil && hi >= lo {
			total += hi - lo + 1
		}
	}
	return total
}

// choose returns a selection that has all the cells, with its flags.
func choose(cells []record.Cell, cpus int) (matrix.Selection, []string) {
	for _, size := range []struct {
		size  matrix.Size
		flags []string
	}{{matrix.Normal, nil}, {matrix.Quick, []string{"-quick"}}, {matrix.Full, []string{"-full"}}} {
		s := matrix.Selection{Size: size.size, CPUs: cpus}
		if measures(s, cells) {
			return s, size.flags
		}
	}
	asked := slices.DeleteFunc(slices.Clone(cells), func(c record.Cell) bool {
		role := record.RoleOf(c) // yardsticks are there unasked
		return role == record.Floor || role == record.Calibration
	})
	if s, flags := name(asked, cells, cpus); measures(s, cells) {
		return s, flags
	}
	return name(cells, cells, cpus)
}

// name returns a selection that names all that is in the asked cells, to measure all
// the cells. It does not name what is chosen without: the workers that each workload
// has by default, and parameters. Those that are named have all their values in every
// combination, and the default matrix has not.
func name(asked, cells []record.Cell, cpus int) (matrix.Selection, []string) {
	all := matrix.Selection{CPUs: cpus}
	var params []string // their names
	for _, c := range asked {
		all.Workloads = addNew(all.Workloads, c.Workload)
		all.Impls = addNew(all.Impls, c.Impl)
		all.Parks = addNew(all.Parks, c.Park)
		if !slices.Contains(all.Workers, c.Workers) {
			all.Workers = append(all.Workers, c.Workers)
		}
		for _, p := range c.Params {
			params = addNew(params, p.Name)
			if !slices.Contains(all.Params, p) {
				all.Params = append(all.Params, p)
			}
		}
	}
	without := func(names ...string) matrix.Selection {
		s := all
		s.Params = slices.DeleteFunc(slices.Clone(all.Params), func(p record.Param) bool { return slices.Contains(names, p.Name) })
		return s
	}
	tries := []matrix.Selection{without(params...)}
	for _, p := range params {
		tries = append(tries, without(p))
	}
	tries = append(tries, all)
	for _, s := range tries {
		usual := s
		usual.Workers = nil
		for _, s := range []matrix.Selection{usual, s} {
			if measures(s, cells) {
				return s, flagsOf(s)
			}
		}
	}
	return all, flagsOf(all)
}

// flagsOf writes a selection of names as flags.
func flagsOf(s matrix.Selection) []string {
	flags := []string{"-workload " + strings.Join(s.Workloads, ","), "-impl " + strings.Join(s.Impls, ","), "-park " + strings.Join(s.Parks, ",")}
	if len(s.Workers) > 0 {
		var workers []string
		for _, n := range s.Workers {
			workers = append(workers, fmt.Sprint(n))
		}
		flags = append(flags, "-workers "+strings.Join(workers, ","))
	}
	for _, p := range s.Params {
		flags = append(flags, "-param "+quote(p.Name+"="+p.Value))
	}
	return flags
}

// measures reports whether a selection is these cells, in any order.
func measures(s matrix.Selection, cells []record.Cell) bool {
	got, err := matrix.Cells(catalog.Default(), s)
	if err != nil || len(got) != len(cells) {
		return false
	}
	names := map[string]bool{}
	for _, c := range got {
		names[c.Name()] = true
	}
	for _, c := range cells {
		if !names[c.Name()] {
			return false
		}
	}
	return true
}
