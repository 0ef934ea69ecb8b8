package matrix

import (
	"fmt"
	"slices"

	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/calibrate"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/kernel"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

// A variation is a parameter that a workload does not list, since it changes what is
// around the load and not the load: the harness, the host, what the kernel keeps for the
// process, or what runs beside it. Cells without it are measured as usual, which is also
// what its usual value says. The variations are the last parameters of a cell, in the
// order of this list.
type variation struct {
	param, usual string

	// canonical returns the value as it is in names, and what says why a workload on a
	// subject cannot be measured with it. The error is the user's.
	canonical func(value string) (name string, unfit unfitness, err error)

	// missing says why this system cannot vary it; nil if all can.
	missing func() error
}

// An unfitness says why a workload on a subject cannot be measured with a variation; nil
// if it can.
type unfitness func(workload.Workload, loadgen.Subject) error

const (
	victimParam  = "victim"
	slackParam   = "slack"
	slotsParam   = "futex_slots"
	hostParam    = "host"
	harnessParam = "harness"
)

var variations = []variation{
	{victimParam, string(cpu.NoVictim), func(value string) (string, unfitness, error) {
		v, err := cpu.ParseVictim(value)
		return string(v), noVictim, err
	}, nil},
	{slackParam, usualKernel, func(value string) (string, unfitness, error) {
		d, err := kernel.ParseSlack(value)
		return kernel.FormatSlack(d), notHere, err
	}, kernel.MissingSlack},
	{slotsParam, usualKernel, func(value string) (string, unfitness, error) {
		n, err := kernel.ParseSlots(value)
		return n.String(), notHere, err
	}, kernel.MissingSlots},
	{hostParam, host.DefaultSet, func(value string) (string, unfitness, error) {
		o, err := host.ParseOptions(value)
		return o.String(), func(_ workload.Workload, s loadgen.Subject) error { return notHosted(s) }, err
	}, nil},
	{harnessParam, "usual", func(value string) (string, unfitness, error) {
		h, err := loadgen.FindHarness(value)
		return value, func(_ workload.Workload, s loadgen.Subject) error { return h.Unfit(s) }, err
	}, nil},
}

// usualKernel is the value with which the kernel's own choice is measured.
const usualKernel = "default"

// noVictim says why a workload has no victim.
func noVictim(w workload.Workload, s loadgen.Subject) error {
	if !w.MostlyIdle {
		return fmt.Errorf("workload %s keeps the pool busy; what an idle pool does to others is measured with idle and trickle", w.Name)
	}
	return notHere(w, s)
}

// notHere says why a subject is not in a process of this program.
func notHere(_ workload.Workload, s loadgen.Subject) error {
	if s.External != nil {
		return fmt.Errorf("%s is a program of its own", s.Impl)
	}
	return nil
}

// notHosted says why a subject has no host with options.
func notHosted(s loadgen.Subject) error {
	if !s.Hosted {
		return fmt.Errorf("%s does not run on the host scheduler", s.Impl)
	}
	return nil
}

// varied returns the cell as it is measured: once, or with each combination of the
// variations that were asked for.
func (s Selection) varied(w workload.Workload, subject loadgen.Subject, c record.Cell) []record.Cell {
	cells := []record.Cell{c}
	if calibrate.Is(w.Name) {
		return cells // the machine is measured as it is
	}
	for _, v := range variations {
		cells = s.vary(v, w, subject, cells)
	}
	return cells
}

// vary returns the cells with each value of a variation that was asked for and fits the
// workload and the subject, or as they are if none was.
func (s Selection) vary(v variation, w workload.Workload, subject loadgen.Subject, cells []record.Cell) (varied []record.Cell) {
	var values []string // "" for the usual one
	asked := false
	for _, p := range s.Params {
		if p.Name != v.param {
			continue
		}
		asked = true
		name, unfit := v.usual, unfitness(nil)
		if p.Value != v.usual {
			var err error
			if name, unfit, err = v.canonical(p.Value); err != nil {
				continue // check has reported it
			}
		}
		switch {
		case name == v.usual:
			name = ""
		case unfit(w, subject) != nil:
			continue
		}
		if !slices.Contains(values, name) {
			values = append(values, name)
		}
	}
	if !asked {
		return cells
	}
	for _, c := range cells {
		for _, value := range values {
			varied = append(varied, with(c, v.param, value))
		}
	}
	return varied
}

// varies reports whether a workload can be measured on a subject with some of the
// variations that were asked for.
func (s Selection) varies(w workload.Workload, subject loadgen.Subject) bool {
	return len(s.varied(w, subject, record.Cell{})) > 0
}

// with returns the cell with another parameter, unless its value is empty.
func with(c record.Cell, param, value string) record.Cell {
	if value != "" {
		c.Params = append(slices.Clip(c.Params), record.Param{Name: param, Value: value})
	}
	return c
}

// without returns the cell without its last parameter if that has the given name,
// and the value that it had, or else "".
func without(c record.Cell, param string) (shorter record.Cell, value string) {
	if i := len(c.Params) - 1; i >= 0 && c.Params[i].Name == param {
		value = c.Params[i].Value
		c.Params = c.Params[:i:i]
		if i == 0 {
			c.Params = nil
		}
	}
	return c, value
}

// Vary returns the cell measured with another harness.
func Vary(c record.Cell, harness string) record.Cell { return with(c, harnessParam, harness) }

// Harness returns the cell as it is measured as usual, and the name of the harness
// that it has instead, "" if it has none.
func Harness(c record.Cell) (usual record.Cell, harness string) { return without(c, harnessParam) }

// Host returns the cell, which has no other harness, with the default host, and the
// host that it has instead, "" if it has none.
func Host(c record.Cell) (usual record.Cell, options string) { return without(c, hostParam) }

// varied is how a cell is measured, apart from its workload with its parameters.
type varied struct {
	victim  cpu.Victim
	kernel  kernel.Settings
	host    host.Options
	harness loadgen.Harness
	unfit   []unfitness
}

// split takes the variations off a cell.
func split(c record.Cell) (usual record.Cell, v varied, err error) {
	usual = c
	for i := len(variations) - 1; i >= 0; i-- {
		var value string
		if usual, value = without(usual, variations[i].param); value == "" {
			continue
		}
		_, unfit, err := variations[i].canonical(value)
		if err != nil {
			return usual, v, err
		}
		v.unfit = append(v.unfit, unfit)
		switch variations[i].param { // canonical has accepted the values
		case victimParam:
			v.victim, _ = cpu.ParseVictim(value)
		case slackParam:
			v.kernel.Slack, _ = kernel.ParseSlack(value)
		case slotsParam:
			v.kernel.Slots, _ = kernel.ParseSlots(value)
		case hostParam:
			v.host, _ = host.ParseOptions(value)
		case harnessParam:
			v.harness, _ = loadgen.FindHarness(value)
		}
	}
	return usual, v, nil
}

// Victim returns where the victim of a cell runs.
func Victim(c record.Cell) cpu.Victim {
	_, v, _ := split(c)
	return v.victim
}

// Whole reports whether the launch of a cell measures in one go, although its group may
// measure in slices.
func Whole(c record.Cell) bool {
	_, name := Harness(c)
	h, err := loadgen.FindHarness(name)
	return err == nil && h.Whole
}
