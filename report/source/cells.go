package source

import (
	"fmt"

	"github.com/idlebench/idlebench/record"
)

// cells collects the launches of an input.
type cells struct {
	in    *Input
	known map[[2]string]*Cell // by name and configuration
}

func newCells(in *Input) cells { return cells{in, map[[2]string]*Cell{}} }

// get returns the cell with a benchmark name and a configuration, a new one if need be.
func (c cells) get(name, config string) *Cell {
	key := [2]string{name, config}
	cell := c.known[key]
	if cell == nil {
		cell = &Cell{Name: name, Config: config, Role: record.Implementation}
		if parsed, err := record.ParseName(name); err == nil {
			cell.Parsed, cell.Role = &parsed, record.RoleOf(parsed)
		}
		c.known[key] = cell
		c.in.Cells = append(c.in.Cells, cell)
	}
	return cell
}

// add takes a launch into its cell.
func (c cells) add(l *Launch) { c.addTo(c.get(l.Name, ""), l) }

// addTo is add for a cell that is known.
func (c cells) addTo(cell *Cell, l *Launch) {
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
