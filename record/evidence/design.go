package evidence

import (
	"fmt"
	"strings"

	"github.com/idlebench/idlebench/record"
)

// A Design is what an audit measures, complete before the run begins.
type Design struct {
	Whole      bool       `json:"whole"`    // the whole audit, not a selection
	Baseline   string     `json:"baseline"` // the implementation that others are compared with
	Properties []Property `json:"properties"`
	Subjects   []Subject  `json:"subjects"`
}

// A Subject is a cell as a run has it, and its variations.
type Subject struct {
	Cell       record.Cell `json:"cell"`
	Reference  bool        `json:"reference"` // compared with the baseline, but no candidate
	Floor      bool        `json:"floor"`     // a property of the machine, and not compared
	Variations []Variation `json:"variations"`
}

// A Variation is a subject's cell with one property changed.
type Variation struct {
	Property string      `json:"property"`
	Cell     record.Cell `json:"cell"`
}

// With returns the subject's cell with a property changed. If there is no such
// variation the property has no effect on it, so it returns the cell itself.
func (s Subject) With(property string) (cell record.Cell, varied bool) {
	for _, v := range s.Variations {
		if v.Property == property {
			return v.Cell, true
		}
	}
	return s.Cell, false
}

// Cells returns the cells of the run, each once.
func (d Design) Cells() []record.Cell {
	var cells []record.Cell
	seen := make(map[string]bool)
	add := func(c record.Cell) {
		if name := c.Name(); !seen[name] {
			seen[name] = true
			cells = append(cells, c)
		}
	}
	for _, s := range d.Subjects {
		add(s.Cell)
		for _, v := range s.Variations {
			add(v.Cell)
		}
	}
	return cells
}

// Check rejects a design with cells that are not in the run's plan.
func (d Design) Check(p record.Plan) error {
	planned := make(map[string]bool)
	for _, c := range p.Cells {
		planned[c.Name()] = true
	}
	var missing []string
	for _, c := range d.Cells() {
		if !planned[c.Name()] {
			missing = append(missing, c.Name())
		}
	}
	if missing != nil {
		return fmt.Errorf("the audit's design has cells that are not in the run's plan: %s", strings.Join(missing, ", "))
	}
	return nil
}
