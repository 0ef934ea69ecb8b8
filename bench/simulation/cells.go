package simulation

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/calibrate"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/simulate/machine"
)

// A Selection is what the user asked for. Of what is empty, the usual is chosen: all
// workloads with their default parameters, the implementations that are measured by
// default, the parker futex, and numbers of workers that double up to 256 and fit the
// machine.
type Selection struct {
	Workloads, Impls, Parks []string
	Workers                 []int
	Params                  []record.Param
}

// Cells returns the cells of a selection on a machine, and what it left out and why. Its
// errors are mistakes of the user.
func Cells(c catalog.Catalog, m *machine.File, s Selection) (cells []record.Cell, leftOut []string, err error) {
	if err := s.check(m.Name, m.CPUs()); err != nil {
		return nil, nil, err
	}
	leftOut = s.fill(c)
	if len(s.Workers) == 0 {
		s.Workers = defaultWorkers(m)
	}
	all, err := matrix.Cells(c, matrix.Selection{
		Workloads: s.Workloads, Impls: s.Impls, Parks: s.Parks, Workers: s.Workers, Params: s.Params,
		Size: matrix.Quick, CPUs: m.CPUs(),
	})
	if err != nil {
		return nil, nil, err
	}
	for _, cell := range all {
		if notSimulated(cell) == "" {
			cells = append(cells, cell)
		}
	}
	if len(cells) == 0 {
		return nil, nil, errors.New("nothing to simulate: " + notSimulated(all[0]))
	}
	return cells, leftOut, nil
}

// fill chooses the usual workloads and parkers of what the user left open, and says what
// it left out and why.
func (s *Selection) fill(c catalog.Catalog) (leftOut []string) {
	if len(s.Workloads) == 0 {
		var names []string
		for _, w := range c.Workloads {
			if why := unfit(w); why == "" {
				s.Workloads = append(s.Workloads, w.Name)
			} else if !calibrate.Is(w.Name) {
				names = append(names, w.Name+" ("+why+")")
			}
		}
		if names != nil {
			leftOut = append(leftOut, "workloads that cannot be simulated: "+strings.Join(names, ", "))
		}
	}
	if len(s.Parks) == 0 {
		s.Parks = []string{usualParker}
		for _, i := range slices.Concat(c.Implementations, c.Others) {
			if i.Parker != "" && !slices.Contains(s.Parks, i.Parker) {
				s.Parks = append(s.Parks, i.Parker)
			}
		}
	}
	return leftOut
}

// check returns an error for what was asked for by name and cannot be simulated on a
// machine with a number of CPUs. Threads in excess of the CPUs are not: a real kernel
// moves them between CPUs, and the simulated one does not.
func (s Selection) check(machine string, cpus int) error {
	for _, impl := range s.Impls {
		if record.RoleOf(record.Cell{Impl: impl}) != record.Implementation {
			return fmt.Errorf("-impl %s: it is no idle manager in the host scheduler, and only these are simulated", impl)
		}
	}
	for _, park := range s.Parks {
		if strings.HasPrefix(park, loadgen.GoPrefix) {
			return fmt.Errorf("-park %s: workers that are goroutines run on Go's scheduler, which is not simulated; %s is",
				park, strings.TrimPrefix(park, loadgen.GoPrefix))
		}
	}
	for _, name := range s.Workloads {
		if why := unfit(workload.Workload{Name: name}); why != "" {
			return fmt.Errorf("-workload %s cannot be simulated: %s", name, why)
		}
	}
	for _, p := range s.Params {
		switch {
		case p.Name == "harness", p.Name == "victim", p.Name == "slack", p.Name == "futex_slots":
			return fmt.Errorf("-param %s=%s: what it varies is how this computer is measured, which is not simulated", p.Name, p.Value)
		case p.Name == "submitter" && p.Value == workload.Poll.String():
			return errors.New("-param submitter=poll: Go's network poller is not simulated; choose from block, spin")
		}
	}
	for _, n := range s.Workers {
		if n < 1 || n > cpus {
			return fmt.Errorf("-workers %d: %s has %d CPUs: want 1 to %d, or with a CPU left for the thread that submits, to %d",
				n, machine, cpus, cpus, cpus-1)
		}
	}
	return nil
}

// unfit says why a workload cannot be simulated; "" if it can.
func unfit(w workload.Workload) string {
	switch {
	case calibrate.Is(w.Name):
		return "it calibrates this computer"
	case w.Name == "idle":
		return "nothing happens in it"
	case w.Name == "ramp_down":
		return "it reads the CPU time of the kernel's threads"
	}
	return ""
}

// notSimulated says why a cell of the matrix is not simulated; "" if it is.
func notSimulated(c record.Cell) string {
	switch {
	case record.RoleOf(c) != record.Implementation:
		return c.Impl + " is no idle manager in the host scheduler"
	case strings.HasPrefix(c.Park, loadgen.GoPrefix):
		return "workers with parker " + c.Park + " are goroutines, and Go's scheduler is not simulated"
	}
	return ""
}

// mostDefault is the largest number of workers that is simulated unasked.
const mostDefault = 256

// defaultWorkers returns numbers that double, as far as each worker has a CPU of its
// own.
func defaultWorkers(m *machine.File) (all []int) {
	for n := 2; n < m.CPUs() && n <= mostDefault; n *= 2 {
		all = append(all, n)
	}
	if len(all) == 0 {
		all = []int{1}
	}
	return all
}

// traced returns the cells whose first launch leaves a trace: for each design, workload
// and parker those with the least number of workers from 8 on, or with the most.
func traced(cells []record.Cell) map[string]bool {
	const from = 8
	best := make(map[string]record.Cell)
	for _, c := range cells {
		any := c
		any.Workers = 1
		was, ok := best[any.Name()]
		if !ok || was.Workers < from && c.Workers > was.Workers || c.Workers >= from && c.Workers < was.Workers {
			best[any.Name()] = c
		}
	}
	all := make(map[string]bool)
	for _, c := range best {
		all[c.Name()] = true
	}
	return all
}
