//go:build simulate

// Simulated runs the simulations of the claims that have one, and prints a line of JSON
// for each: go run -tags simulate ./scripts/claims/simulated SEEDS.
package main

import (
	"cmp"
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
	"github.com/idlebench/idlebench/scripts/claims/published"
	"github.com/idlebench/idlebench/scripts/claims/variants"
	"github.com/idlebench/idlebench/simulate/machine"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "simulated:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("want the number of seeds")
	}
	seeds, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	for _, c := range published.Claims() {
		if c.Simulation == nil {
			continue
		}
		for _, cpus := range c.Simulation.CPUs {
			for seed := range seeds {
				s := published.Simulated{Claim: c.ID, CPUs: cpus, Seed: uint64(seed) + 1}
				if s.Ratio, err = ratio(*c.Simulation, cpus, s.Seed); err != nil {
					return fmt.Errorf("claim %s: %w", c.ID, err)
				}
				if err := out.Encode(s); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// ratio simulates both cells with one seed.
func ratio(s published.Simulation, cpus int, seed uint64) (float64, error) {
	new, err := value(s.New, cpus, seed)
	if err != nil {
		return 0, err
	}
	old, err := value(s.Old, cpus, seed)
	if err != nil {
		return 0, err
	}
	if !(new > 0 && old > 0) {
		return 0, fmt.Errorf("simulated %v and %v, which have no ratio", new, old)
	}
	return new / old, nil
}

// value simulates a cell, and returns its value in the workload's primary unit.
func value(c published.Cell, cpus int, seed uint64) (float64, error) {
	w, ok := workload.Find(workload.All(), c.Workload)
	if !ok {
		return 0, fmt.Errorf("there is no workload %q", c.Workload)
	}
	all := slices.Concat(builtin.Implementations(), builtin.Others(), variants.All())
	i := slices.IndexFunc(all, func(impl impls.Implementation) bool { return impl.Name == c.Impl })
	kind, ok := park.Find(park.Kinds(), c.Park)
	if i < 0 || !ok {
		return 0, fmt.Errorf("there is no manager %q or no parker %q", c.Impl, c.Park)
	}
	values, err := w.Values(c.Params)
	if err != nil {
		return 0, err
	}
	options, err := host.ParseOptions(cmp.Or(c.Host, host.DefaultSet))
	if err != nil {
		return 0, err
	}
	f, err := machine.Load(published.Machine)
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
