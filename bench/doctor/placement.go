package doctor

import (
	"fmt"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/loadgen/cpu"
)

// placement judges where the threads of the default run would run.
func placement(p patient) Finding {
	if goos, known := p.fact("goos"); len(p.Use) == 0 || known && goos != "linux" {
		return found(Unknown, "where threads will run is not known here")
	}
	if p.plan.Oversubscribed {
		return found(Warn, "workers, load generator and Go runtime share the CPUs %v", p.Use).with("use at least 2 CPUs, better 4")
	}
	text := fmt.Sprintf("%s on CPUs %v, load generator on %d, Go runtime on %v", phrase.Count(len(p.plan.Workers), "worker"), cpu.SetOf(p.plan.Workers...), p.plan.Generator, p.plan.Runtime)
	topology := p.System.Topology(p.Use)
	first := topology[p.plan.Workers[0]]
	// like returns a remedy: only the CPUs that are like that of the first worker.
	like := func(same func(cpu.Place) bool) string {
		var use cpu.Set
		for _, c := range p.Use {
			if same(topology[c]) {
				use = append(use, c)
			}
		}
		return fmt.Sprintf("bench run -cpus %v", use)
	}
	var problems []string
	remedy := ""
	problem := func(is bool, text, todo string) {
		if is {
			problems = append(problems, text)
			if remedy == "" {
				remedy = todo
			}
		}
	}
	problem(p.plan.Kinds > 1, "on fast and slow cores", like(func(c cpu.Place) bool { return c.Kind == first.Kind }))
	problem(p.plan.Nodes > 1, fmt.Sprintf("on %d NUMA nodes", p.plan.Nodes), like(func(c cpu.Place) bool { return c.Node == first.Node }))
	problem(p.plan.L3s > 1 && p.plan.Nodes < 2, fmt.Sprintf("on %d third-level caches", p.plan.L3s), like(func(c cpu.Place) bool { return c.L3 == first.L3 }))
	const fewer = "use fewer workers (bench run -workers), or no siblings (see smt)"
	problem(p.plan.SharedCores, "workers share cores", fewer)
	problem(p.plan.GeneratorShares, "the load generator shares a worker's core", fewer)
	problem(p.plan.RuntimeShares == cpu.ShareWorkers, "the Go runtime shares workers' cores", fewer)
	problem(p.plan.RuntimeShares == cpu.ShareGenerator, "the Go runtime shares the load generator's CPU", "not needed to compare implementations; for less noise measure with 4 CPUs or more")
	if problems == nil {
		return found(Good, "%s", text)
	}
	return found(Warn, "%s; %s", text, strings.Join(problems, ", ")).with(remedy)
}
