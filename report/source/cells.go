package source

import (
	"fmt"
	"slices"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/loadgen/calibrate"
	"github.com/idlebench/idlebench/record"
)

// cells collects the launches of an input.
type cells struct {
	in     *Input
	byName map[string]*Cell
}

func newCells(in *Input) cells { return cells{in, map[string]*Cell{}} }

// get returns the cell with a benchmark name, a new one if need be.
func (c cells) get(name string) *Cell {
	cell := c.byName[name]
	if cell == nil {
		cell = &Cell{Name: name, Role: Implementation}
		if parsed, err := record.ParseName(name); err == nil {
			cell.Parsed, cell.Role = &parsed, RoleOf(parsed)
		}
		c.byName[name] = cell
		c.in.Cells = append(c.in.Cells, cell)
	}
	return cell
}

// RoleOf returns the role of a cell.
func RoleOf(c record.Cell) Role {
	switch {
	case calibrate.Is(c.Workload):
		return Calibration
	case c.Impl == "floor":
		return Floor
	case slices.Contains(references, c.Impl):
		return Reference
	}
	return Implementation
}

// references are the names of what the suite measures beside implementations.
// They are reserved, so that no catalogue has another meaning for them.
var references = func() (names []string) {
	c := catalog.Default()
	for _, s := range c.Subjects() {
		if !slices.ContainsFunc(c.Implementations, func(i impls.Implementation) bool { return i.Name == s.Impl }) {
			names = append(names, s.Impl)
		}
	}
	return names
}()

// add takes up a launch.
func (c cells) add(l *Launch) {
	cell := c.get(l.Name)
	if cell.Parsed != nil {
		l.Cell = *cell.Parsed
	}
	if !l.Rounded {
		l.Round = len(cell.Launches)
	}
	l.Index = len(c.in.Launches)
	c.in.Launches = append(c.in.Launches, l)
	cell.Launches = append(cell.Launches, l)
}

// finish puts the samples of each cell together.
func (c cells) finish(s *Source) {
	for _, cell := range c.in.Cells {
		for _, l := range cell.Launches {
			switch {
			case l.Latency == nil || !l.Valid():
			case cell.Latency == nil:
				cell.Latency = l.Latency.Clone()
			default:
				if lost := cell.Latency.Merge(l.Latency); lost > 0 {
					s.skip(c.in.File, l.Line, fmt.Sprintf("%d samples of the launch", lost),
						"they are beyond the range of its cell's first histogram")
				}
			}
		}
	}
}
