package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// Usable returns the CPUs to measure on: those that were asked for, or all that this
// process may use if asked is nil. Others are an *UnusableError.
func Usable(asked cpu.Set) (cpu.Set, error) {
	allowed, err := cpu.Allowed()
	if err != nil || asked == nil {
		return allowed, err
	}
	if err := asked.Within(allowed); err != nil {
		return nil, &UnusableError{err}
	}
	return asked, nil
}

// Cores returns the number of physical cores that the CPUs belong to, 0 if that is
// unknown.
func Cores(use cpu.Set) int {
	t, err := cpu.SystemTopology(use)
	if err != nil {
		return 0
	}
	return t.Cores(use)
}

// planCPUs returns the CPUs that a plan uses here.
func planCPUs(p record.Plan) (cpu.Set, error) {
	r, err := requestOf(p, nil)
	if err != nil {
		return nil, err
	}
	return Usable(r.CPUs)
}

// requestOf returns what all launches of a plan have in common. The program is nil for
// this one.
func requestOf(p record.Plan, program *Program) (r launch.Request, err error) {
	r.Warmup, r.Time, r.Stages, r.Throttled = p.Warmup, p.Time, p.Stages, p.Throttled
	if program != nil && !program.self {
		r.Program = program.Path
	}
	if p.CPUs != "" {
		r.CPUs, err = cpu.Parse(p.CPUs)
	}
	return r, err
}

// config returns the configuration lines of a run: the facts of the machine, how the
// cells are placed on it, and what makes launches slower (stages, a CPU quota).
func (e *Engine) config(use cpu.Set, plan record.Plan) []record.Pair {
	var pairs []record.Pair
	for _, f := range environ.Read(e.System) {
		pairs = append(pairs, record.Pair{Key: f.Key, Value: f.Value})
	}
	pinned := "yes"
	if !cpu.CanPin {
		pinned = "no, this system cannot"
	}
	oversubscription := "no"
	switch over, others := oversubscribed(plan.Cells, use); {
	case over != nil && others:
		oversubscription = "yes, with " + strings.Join(over, ", ")
	case over != nil:
		oversubscription = "yes"
	}
	pairs = append(pairs,
		record.Pair{Key: "cpus-used", Value: use.String()},
		record.Pair{Key: "pinned", Value: pinned},
		record.Pair{Key: "oversubscribed", Value: oversubscription},
	)
	pairs = append(pairs, peerFacts(plan)...)
	if plan.Stages {
		pairs = append(pairs, record.Pair{Key: "stages", Value: "recorded"})
	}
	if e.Shortage(use, plan.Cells) != nil {
		pairs = append(pairs, record.Pair{Key: "cpu-quota-short", Value: "yes"})
	}
	return pairs
}

// oversubscribed returns, each once, the numbers of workers with which workers and
// load generator need more CPUs than there are, as in "workers=2". It also reports
// whether there are cells with fewer workers.
func oversubscribed(cells []record.Cell, use cpu.Set) (over []string, others bool) {
	for _, c := range cells {
		if c.Workers < len(use) {
			others = true
		} else if n := fmt.Sprintf("workers=%d", c.Workers); !slices.Contains(over, n) {
			over = append(over, n)
		}
	}
	return over, others
}
