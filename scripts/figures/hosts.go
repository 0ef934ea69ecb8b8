package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// hostsFolder has a run with both named sets of the host's options.
const hostsFolder = "results/hosts"

// hostsRun is the run measured for it, about 3 minutes: workloads in which workers
// search, publish from within tasks, are woken from outside, and yield, with two
// workers, so that there is something to steal.
var hostsRun = []string{
	"-workload", "fork_join,poisson,burst,spawn_many_local,yield_many", "-workers", "2",
	"-impl", "bitmap,mutexonly,channels", "-park", "futex,mailbox",
	"-param", "load=0.5", "-param", "submitter=block",
	"-param", "host=" + host.DefaultSet, "-param", "host=" + host.TokioSet,
}

// hosts replaces the run with both hosts.
func hosts(args []string) error {
	folder, remove, err := measure("run", args, hostsRun...)
	if err != nil {
		return err
	}
	defer remove()
	if m, err := record.ReadManifest(folder); err != nil {
		return err
	} else if m.State.Partial() {
		return fmt.Errorf("%s: the run is %s: \"bench run -resume %[1]s\" measures the rest", folder, m.State)
	}
	if err := replaceFolder(folder, hostsFolder); err != nil {
		return err
	}
	return record.Pack(hostsFolder)
}

// openHosts reads the comparisons of the run with both hosts; nil if there is none
// yet.
func openHosts(root string) (*hostsData, error) {
	folder := filepath.Join(root, hostsFolder)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	s, err := source.Open("", folder)
	if err != nil {
		return nil, err
	}
	if len(s.NotUsed) > 0 {
		return nil, fmt.Errorf("%s: %v: \"make figures-hosts\" measures another", hostsFolder, s.NotUsed[0])
	}
	h := &hostsData{config: s.Inputs[0].Config, rounds: s.Inputs[0].Run.Plan.RoundsText()}
	for _, g := range verdict.Of(s, verdict.Options{}) {
		h.alpha, h.baseline = g.Family.Alpha, g.Baseline
		h.comparisons = append(h.comparisons, g.Family.Comparisons...)
	}
	return h, nil
}

type hostsData struct {
	config      []record.Pair
	rounds      string // as Plan.RoundsText says it
	alpha       float64
	baseline    string
	comparisons []compare.Comparison
}

// wakes is the unit that is compared in addition to each workload's primary one.
const wakes = "wakes/task"

// A hostsRow is a comparison of an implementation with the baseline, with each set.
type hostsRow struct {
	where, impl, unit string
	effect            [2]*compare.Effect // default, tokio
}

// rows pairs the comparisons that differ only in the host.
func (h *hostsData) rows() (rows []hostsRow) {
	for _, c := range h.comparisons {
		if !c.Judged && c.Unit != wakes {
			continue
		}
		cell, err := record.ParseName(c.New.Name)
		if err != nil {
			continue
		}
		row := hostsRow{where: fmt.Sprintf("%s %s workers=%d", cell.Workload, cell.Park, cell.Workers), impl: cell.Impl, unit: verdict.Unit(c)}
		set := 0
		for _, p := range cell.Params {
			switch {
			case p.Name == "host" && p.Value == host.TokioSet:
				set = 1
			default:
				row.where += " " + p.Name + "=" + p.Value
			}
		}
		i := slices.IndexFunc(rows, func(r hostsRow) bool {
			return r.where == row.where && r.impl == row.impl && r.unit == row.unit
		})
		if i < 0 {
			i = len(rows)
			rows = append(rows, row)
		}
		rows[i].effect[set] = c.Effect
	}
	return rows
}

// order says on which side of 1 an interval is: -1, 1, or 0 if it is on both.
func order(e *compare.Effect) int {
	switch {
	case e == nil || e.Interval == nil:
		return 0
	case e.Interval.Hi < 1:
		return -1
	case e.Interval.Lo > 1:
		return 1
	}
	return 0
}

// changed says how the order changes from one set to the other.
func (r hostsRow) changed() string {
	a, b := order(r.effect[0]), order(r.effect[1])
	switch {
	case a == 0 && b == 0:
		return "open in both"
	case a == b:
		return "the same"
	case a == 0:
		return "only with tokio"
	case b == 0:
		return "only with default"
	}
	return reversed
}

// reversed is in bold type: these rows matter most to a reader.
const reversed = "**reversed**"

// summary says how many orders depend on the set, and what was measured.
func (h *hostsData) summary() string {
	if h == nil {
		return paragraph("Not measured yet: `make figures-hosts`.")
	}
	count := map[string]int{}
	rows := h.rows()
	for _, r := range rows {
		count[r.changed()]++
	}
	return paragraph(fmt.Sprintf("Of %d comparisons with %s, the order of %d is reversed between the sets, that of %d is decided with one of them only, "+
		"that of %d is the same, and that of %d is open in both. Measured on %s, in %s rounds.",
		len(rows), h.baseline, count[reversed], count["only with tokio"]+count["only with default"], count["the same"], count["open in both"],
		machine(h.config), h.rounds))
}

// table has every comparison with both sets.
func (h *hostsData) table() string {
	if h == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n| workload | manager | unit | default | tokio | order |\n|---|---|---|---|---|---|\n")
	for _, r := range h.rows() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.where, r.impl, r.unit, ratio(r.effect[0]), ratio(r.effect[1]), r.changed())
	}
	b.WriteString("\n")
	return b.String()
}

// ratio is an effect as text.
func ratio(e *compare.Effect) string {
	switch {
	case e == nil:
		return "–"
	case e.Interval == nil:
		return fmt.Sprintf("%.3g", e.Ratio)
	}
	return fmt.Sprintf("%.3g [%.3g, %.3g]", e.Ratio, e.Interval.Lo, e.Interval.Hi)
}
