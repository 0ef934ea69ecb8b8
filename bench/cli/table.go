package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// ignored are the configuration keys that differ between any two runs, and so
// must not split benchstat's tables.
var ignored = strings.Join(environ.Passing(), ",")

// table ends a run: it shows what benchstat makes of each workload's primary
// metric and cost, if benchstat can be had, and where everything is.
func (a app) table(plan record.Plan, folder string, state record.State) {
	bench := filepath.Join(folder, record.BenchFile)
	for _, w := range a.catalog.Workloads {
		cells := slices.DeleteFunc(slices.Clone(plan.Cells), func(c record.Cell) bool { return c.Workload != w.Name })
		if len(cells) > 0 {
			a.benchstat(benchstatArgs(w, cells, bench))
		}
	}
	partial := ""
	if state.Partial() {
		partial = " (partial)"
	}
	fmt.Fprintf(a.stdout, "Results: %s%s\nAll units: go tool benchstat -ignore %s %s\n", folder, partial, ignored, bench)
}

// reportFile is the page about a run, in its folder.
const reportFile = "report.html"

// reporter returns the file of the program report, if it is in the folder of this
// one, or "".
func reporter() string {
	self, err := os.Executable()
	if err != nil {
		return ""
	}
	program, err := exec.LookPath(filepath.Join(filepath.Dir(self), "report"))
	if err != nil {
		return ""
	}
	return program
}

// report has a program make the page of a run; none if it is "". This program is
// what is measured, so it does not do that itself. An error means that there is no
// new page; what else the program finds wrong it says itself.
func (a app) report(program, folder string) error {
	if program == "" {
		return nil
	}
	page := filepath.Join(folder, reportFile)
	before, _ := os.Stat(page)
	cmd := exec.Command(program, "-o", page, folder)
	cmd.Stderr = a.stderr
	failure := cmd.Run()
	now, err := os.Stat(page)
	if failure != nil && (err != nil || os.SameFile(before, now)) {
		return fmt.Errorf("%s could not be made: %w; \"bench run -resume %s\" tries again", page, failure, folder)
	}
	fmt.Fprintf(a.stdout, "Report: %s\n", page)
	return nil
}

// benchstatArgs returns the arguments for the tables of a workload, with a row
// for each subject and each value of a parameter that varies, in the plan's order.
func benchstatArgs(w workload.Workload, cells []record.Cell, bench string) []string {
	var rows []string
	row := func(key string, always bool, value func(record.Cell) string) {
		var values []string
		for _, c := range cells {
			if v := value(c); !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		if len(values) == 1 && !always {
			return
		}
		rows = append(rows, fmt.Sprintf("%s@(%s)", key, strings.Join(values, " ")))
	}
	for i, p := range cells[0].Params {
		row("/"+p.Name, false, func(c record.Cell) string { return c.Params[i].Value })
	}
	row("/impl", true, func(c record.Cell) string { return c.Impl })
	row("/park", true, func(c record.Cell) string { return c.Park })
	name, _, _ := strings.Cut(cells[0].Name(), "/")
	return []string{
		"-filter", fmt.Sprintf(".name:%s AND .unit:(%s)", name, strings.Join(shown(w), " OR ")),
		"-table", ".name /workers",
		"-row", strings.Join(rows, " "),
		"-ignore", ignored,
		"median=" + bench,
	}
}

// shown returns the units of a workload's tables: the primary one, and that of what
// it is bought with. Where the primary one is CPU time already, that is the workers'
// part of it. A workload without a primary unit is reported for its CPU time.
func shown(w workload.Workload) []string {
	switch w.Primary {
	case "", "cost-ns/sec":
		return []string{"cost-ns/sec", "worker-cpu-ns/sec"}
	}
	return []string{w.Primary, "cost-ns/task"}
}

// benchstat prints a table. Without benchstat it prints none: the results are
// in the folder all the same.
func (a app) benchstat(args []string) {
	for _, program := range [][]string{{"go", "tool", "benchstat"}, {"benchstat"}} {
		var stdout, stderr bytes.Buffer
		cmd := exec.Command(program[0], slices.Concat(program[1:], args)...)
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if cmd.Run() == nil && stdout.Len() > 0 {
			fmt.Fprintln(a.stdout, stdout.String())
			if warnings := strings.TrimSpace(stderr.String()); warnings != "" {
				fmt.Fprintln(a.stderr, warnings)
			}
			return
		}
	}
}
