package matrix

import (
	"fmt"
	"slices"

	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/calibrate"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/record"
)

// A variation is a parameter that every workload has, since it changes the harness
// or the host and not the load. Cells without it are measured as usual, which is also
// what its usual value says. The variations are the last parameters of a cell, in the
// order of this list.
type variation struct {
	param, usual string

	// canonical returns the value as it is in names, and what says why a subject
	// cannot be measured with it. The error is the user's.
	canonical func(value string) (name string, unfit func(loadgen.Subject) error, err error)
}

const (
	hostParam    = "host"
	spawnParam   = "spawn"
	harnessParam = "harness"
)

// allocates is the value of the parameter spawn with which each spawn allocates a task.
const allocates = "allocates"

var variations = []variation{
	{hostParam, host.DefaultSet, func(value string) (string, func(loadgen.Subject) error, error) {
		o, err := host.ParseOptions(value)
		return o.String(), notHosted, err
	}},
	{spawnParam, "preallocated", func(value string) (string, func(loadgen.Subject) error, error) {
		if value != allocates {
			return "", nil, fmt.Errorf("spawn %q: want %s", value, allocates)
		}
		return value, notHosted, nil
	}},
	{harnessParam, "usual", func(value string) (string, func(loadgen.Subject) error, error) {
		h, err := loadgen.FindHarness(value)
		return value, h.Unfit, err
	}},
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
func (s Selection) varied(subject loadgen.Subject, c record.Cell) []record.Cell {
	cells := []record.Cell{c}
	if calibrate.Is(c.Workload) {
		return cells // the machine has neither harness nor host
	}
	for _, v := range variations {
		cells = s.vary(v, subject, cells)
	}
	return cells
}

// vary returns the cells with each value of a variation that was asked for and fits
// the subject, or as they are if none was.
func (s Selection) vary(v variation, subject loadgen.Subject, cells []record.Cell) (varied []record.Cell) {
	var values []string // "" for the usual one
	asked := false
	for _, p := range s.Params {
		if p.Name != v.param {
			continue
		}
		asked = true
		name, unfit := v.usual, (func(loadgen.Subject) error)(nil)
		if p.Value != v.usual {
			var err error
			if name, unfit, err = v.canonical(p.Value); err != nil {
				continue // check has reported it
			}
		}
		switch {
		case name == v.usual:
			name = ""
		case unfit(subject) != nil:
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

// varies reports whether a subject can be measured with some of the variations that
// were asked for.
func (s Selection) varies(subject loadgen.Subject) bool {
	return len(s.varied(subject, record.Cell{})) > 0
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

// Spawn returns the cell, which has no other harness, with tasks that the load has
// allocated, and whether its spawns allocate instead.
func Spawn(c record.Cell) (usual record.Cell, allocating bool) {
	usual, value := without(c, spawnParam)
	return usual, value == allocates
}

// Host returns the cell, which has no other harness or spawns, with the default host, and the
// host that it has instead, "" if it has none.
func Host(c record.Cell) (usual record.Cell, options string) { return without(c, hostParam) }

// Whole reports whether the launch of a cell measures in one go, although its group may
// measure in slices.
func Whole(c record.Cell) bool {
	_, name := Harness(c)
	h, err := loadgen.FindHarness(name)
	return err == nil && h.Whole
}
