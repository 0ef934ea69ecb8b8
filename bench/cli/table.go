package cli

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/result"
)

// differences are the configuration keys that differ between any two runs, and
// so must not split benchstat's tables.
const differences = "commit,go,load,date"

// primary selects what a run ends with: the latency of a wake-up, elsewhere the
// time of an operation, and what it cost.
const primary = `.unit:(p50-ns/wake OR cpu-ns/task) OR (.unit:ns/op AND -.name:Wake)`

// benchstatArgs returns the arguments for a table of each workload, with a row
// for each subject and each value of a parameter that varies, in the plan's
// order.
func benchstatArgs(plan result.Plan, bench string) []string {
	var keys []string
	values := make(map[string][]string)
	note := func(key, value string) {
		if !slices.Contains(values[key], value) {
			if values[key] == nil {
				keys = append(keys, key)
			}
			values[key] = append(values[key], value)
		}
	}
	for _, c := range plan.Cells {
		for _, p := range c.Params {
			note("/"+p.Name, p.Value)
		}
	}
	keys = slices.DeleteFunc(keys, func(key string) bool { return len(values[key]) == 1 })
	for _, c := range plan.Cells {
		note("/impl", c.Impl)
		note("/park", c.Park)
	}
	for i, key := range keys {
		keys[i] = fmt.Sprintf("%s@(%s)", key, strings.Join(values[key], " "))
	}
	return []string{
		"-filter", primary,
		"-table", ".name /workers",
		"-row", strings.Join(keys, " "),
		"-ignore", differences,
		"median=" + bench,
	}
}

// table ends a run: it shows what benchstat makes of it, if benchstat can be
// had, and where everything is.
func (a app) table(plan result.Plan, folder string) {
	bench := filepath.Join(folder, result.BenchFile)
	for _, program := range [][]string{{"go", "tool", "benchstat"}, {"benchstat"}} {
		var stdout, stderr bytes.Buffer
		cmd := exec.Command(program[0], append(program[1:], benchstatArgs(plan, bench)...)...)
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if cmd.Run() == nil && stdout.Len() > 0 {
			fmt.Fprintln(a.stdout, stdout.String())
			if warnings := strings.TrimSpace(stderr.String()); warnings != "" {
				fmt.Fprintln(a.stderr, warnings)
			}
			break
		}
	}
	fmt.Fprintf(a.stdout, "Results: %s\nAll units: go tool benchstat -ignore %s %s\n", folder, differences, bench)
}
