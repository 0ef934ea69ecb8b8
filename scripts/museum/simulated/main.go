//go:build simulate

// Simulated runs the simulations of the museum's exhibits, and writes a line of JSON for
// each into a file: simulated SEEDS FILE.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/simulated"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/scripts/museum/exhibits"
	"github.com/idlebench/idlebench/scripts/pairs"
	"github.com/idlebench/idlebench/simulate/machine"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "simulated:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("want the number of seeds and a file")
	}
	seeds, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	for _, e := range exhibits.All() {
		if e.Simulation == nil {
			continue
		}
		for _, cpus := range e.Simulation.CPUs {
			for seed := range seeds {
				s := exhibits.Simulated{Exhibit: e.ID, CPUs: cpus, Seed: uint64(seed) + 1}
				old, err := value(e.Simulation.Old, cpus, s.Seed)
				if err != nil {
					return fmt.Errorf("%s: %w", e.ID, err)
				}
				new, err := value(e.Simulation.New, cpus, s.Seed)
				if err != nil {
					return fmt.Errorf("%s: %w", e.ID, err)
				}
				if !(new > 0 && old > 0) {
					return fmt.Errorf("%s: simulated %v and %v, which have no ratio", e.ID, new, old)
				}
				s.Ratio = new / old
				if err := out.Encode(s); err != nil {
					return err
				}
			}
		}
	}
	return os.WriteFile(args[1], b.Bytes(), 0o666)
}

// value simulates a cell with a worker for each CPU but the submitter's, and returns its
// value in the workload's primary unit.
func value(c pairs.Cell, cpus int, seed uint64) (float64, error) {
	w, ok := workload.Find(workload.All(), c.Workload)
	if !ok {
		return 0, fmt.Errorf("there is no workload %q", c.Workload)
	}
	all := slices.Concat(builtin.Implementations(), builtin.Others())
	i := slices.IndexFunc(all, func(impl impls.Implementation) bool { return impl.Name == c.Impl })
	kind, ok := park.Find(park.Kinds(), c.Park)
	if i < 0 || !ok {
		return 0, fmt.Errorf("there is no manager %q or no parker %q", c.Impl, c.Park)
	}
	values, err := w.Values(c.Params)
	if err != nil {
		return 0, err
	}
	options, err := host.ParseOptions(c.Host)
	if err != nil {
		return 0, err
	}
	f, err := machine.Load(exhibits.Machine)
	if err != nil {
		return 0, err
	}
	m, err := f.First(cpus)
	if err != nil {
		return 0, err
	}
	r, err := simulated.Run(simulated.Spec{
		Machine: m, Seed: seed, Impl: all[i], Parker: kind, Options: options, Workload: w, Values: values,
		Workers: cpus - 1, WarmUp: time.Millisecond, Length: 10 * time.Millisecond,
	})
	if err != nil {
		return 0, err
	}
	for _, metric := range r.Metrics() {
		if metric.Unit == w.Primary {
			return metric.Value, nil
		}
	}
	return float64(r.Time) / float64(r.Ops), nil
}
