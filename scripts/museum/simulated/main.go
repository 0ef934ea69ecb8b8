//go:build simulate

// Simulated runs the simulations of the museum's exhibits, and prints a line of JSON for
// each: simulated SEEDS.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/scripts/museum/exhibits"
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
	on := simulated.Machine{Preset: exhibits.Machine, Managers: slices.Concat(builtin.Implementations(), builtin.Others())}
	out := json.NewEncoder(os.Stdout)
	for _, e := range exhibits.All() {
		if e.Simulation == nil {
			continue
		}
		for _, on.CPUs = range e.Simulation.CPUs {
			for seed := range seeds {
				s := exhibits.Simulated{Exhibit: e.ID, CPUs: on.CPUs, Seed: uint64(seed) + 1}
				if s.Ratio, err = on.Ratio(e.Simulation.New, e.Simulation.Old, s.Seed); err != nil {
					return fmt.Errorf("%s: %w", e.ID, err)
				}
				if err := out.Encode(s); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
