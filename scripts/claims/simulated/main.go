//go:build simulate

// Simulated runs the simulations of the claims that have one, and prints a line of JSON
// for each: go run -tags simulate ./scripts/claims/simulated SEEDS.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/scripts/claims/published"
	"github.com/idlebench/idlebench/scripts/claims/variants"
	"github.com/idlebench/idlebench/scripts/pairs"
	"github.com/idlebench/idlebench/scripts/pairs/simulated"
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
	on := simulated.Machine{Preset: published.Machine, Managers: slices.Concat(builtin.Implementations(), builtin.Others(), variants.All())}
	out := json.NewEncoder(os.Stdout)
	for _, c := range published.Claims() {
		if c.Simulation == nil {
			continue
		}
		for _, on.CPUs = range c.Simulation.CPUs {
			for seed := range seeds {
				s := published.Simulated{Claim: c.ID, CPUs: on.CPUs, Seed: uint64(seed) + 1}
				if s.Ratio, err = on.Ratio(cell(c.Simulation.New), cell(c.Simulation.Old), s.Seed); err != nil {
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

// cell is the claim's cell, whose number of workers is the machine's.
func cell(c published.Cell) pairs.Cell {
	return pairs.Cell{Workload: c.Workload, Impl: c.Impl, Park: c.Park, Params: c.Params, Host: c.Host}
}
