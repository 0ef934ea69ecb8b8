package source

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/simulate/machine"
)

// A Simulation is what only a simulated run has.
type Simulation struct {
	Name    string        // of the machine
	Machine *machine.File // nil if its file cannot be used

	Details map[string]simulated.Detail // by the name of the cell
	Traces  map[string]simulated.Trace  // the same

	// Varied has the launches on varied machines.
	Varied []VariedLaunch
}

// A VariedLaunch is one of a cell on a varied machine.
type VariedLaunch struct {
	Cell      string // the name of the cell without the variation
	Variation simulated.Variation
	Launch    *Launch
}

// simulation reads what only a simulated run has. Parts that cannot be used are noted.
func (s *Source) simulation(in *Input, files *record.Files) {
	name := record.Simulated(in.Config)
	if name == "" || in.Run == nil {
		return
	}
	sim := &Simulation{Name: name, Details: map[string]simulated.Detail{}, Traces: map[string]simulated.Trace{}}
	in.Simulation = sim
	file := filepath.Join(in.Path, simulated.MachineFile)
	var err error
	if sim.Machine, err = machine.Load(file); err != nil {
		s.skipError(file, "the machine", err)
	}
	for _, l := range in.Launches {
		d, err := simulated.ReadDetail(files, &l.Launch)
		if err == nil {
			sim.Details[l.Name] = d
		} else if l.Condition(simulated.DetailKey) != "" {
			s.skipError(in.Path, "where the time went in "+l.Name, err)
		}
		t, err := simulated.ReadTrace(files, &l.Launch)
		if err == nil {
			sim.Traces[l.Name] = t
		} else if l.Condition(simulated.TraceKey) != "" {
			s.skipError(in.Path, "the trace of "+l.Name, err)
		}
	}
	s.varied(in, filepath.Join(in.Path, simulated.VariedDir))
}

// varied reads the launches on varied machines, of the cells that the filter leaves.
func (s *Source) varied(in *Input, folder string) {
	run, lost, err := record.Salvage(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	for _, l := range lost {
		s.lose(l)
	}
	if err != nil {
		s.skipError(folder, "the cells on varied machines", err)
		return
	}
	for i, l := range run.Recorded {
		cell, v, err := simulated.Split(l.Cell)
		if err != nil || v == nil {
			s.skip(folder, run.Lines[i], "a launch", "it is of no varied machine")
			continue
		}
		if in.Cell(cell.Name()) != nil {
			in.Simulation.Varied = append(in.Simulation.Varied, VariedLaunch{cell.Name(), *v, &Launch{Launch: l, Name: l.Cell.Name(), Line: run.Lines[i], Rounded: true}})
		}
	}
}
