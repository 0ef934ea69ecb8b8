package simulation

import (
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/simulate/machine"
)

// RunCommand is the program's command whose runs are simulated.
const RunCommand = "simulate"

// A Simulator carries out simulated runs of what a catalogue has.
type Simulator struct {
	Catalog   catalog.Catalog
	System    environ.System  // this computer; only the build and the date count
	Program   *engine.Program // built with the tag simulate
	Processes int             // at the same time

	// Observe, if not nil, is called with each event, by the goroutine that calls
	// Session.Simulate.
	Observe func(engine.Event)
}

// A Setup describes a run that is to begin.
type Setup struct {
	Args    []string // the command line, for the record
	Folder  string   // must not exist
	Machine *machine.File
	Plan    record.Plan
}

// NewPlan returns the plan of a run: all cells with each seed, in that order.
func NewPlan(cells []record.Cell, seeds int, seed uint64, warmup, length time.Duration) record.Plan {
	p := record.Plan{Cells: cells, Rounds: seeds, Seed: seed, Warmup: warmup, Time: length}
	order := make([]int, len(cells))
	for i := range order {
		order[i] = i
	}
	for range seeds {
		p.Order = append(p.Order, order)
	}
	return p
}

// header is what run.json says before the first launch.
func (s *Simulator) header(set Setup) record.Header {
	primary, defaults := make(map[string]string), make(map[string]map[string]string)
	for _, w := range s.Catalog.Workloads {
		if !slices.ContainsFunc(set.Plan.Cells, func(c record.Cell) bool { return c.Workload == w.Name }) {
			continue
		}
		primary[w.Name], defaults[w.Name] = w.Primary, make(map[string]string)
		for _, p := range w.Params {
			defaults[w.Name][p.Name] = p.Default
		}
	}
	return record.Header{
		Start:    time.Now(),
		Plan:     set.Plan,
		Command:  RunCommand,
		Args:     set.Args,
		Program:  s.Program.Sum,
		Module:   s.System.Module,
		Config:   s.config(set.Machine),
		Units:    append(record.Units(), record.SimulatedUnits()...),
		Primary:  primary,
		Defaults: defaults,
	}
}

// config returns the configuration lines: the machine that is simulated, and of this
// computer what the results may depend on, which is the build.
func (s *Simulator) config(m *machine.File) []record.Pair {
	pairs := []record.Pair{
		{Key: record.SimulatedKey, Value: m.Name},
		{Key: record.DigestKey, Value: digest(m)},
		{Key: "cpu", Value: fmt.Sprintf("simulated: %s (%.19s)", m.Title, digest(m))},
		{Key: "cpus", Value: fmt.Sprint(m.CPUs())},
	}
	for _, f := range environ.Read(s.System) {
		if f.Scope == environ.Build || f.Key == "date" {
			pairs = append(pairs, record.Pair{Key: f.Key, Value: f.Value})
		}
	}
	return pairs
}

// VariedFolder is where a run has its cells on varied machines.
func VariedFolder(folder string) string { return folder + "/" + simulated.VariedDir }
