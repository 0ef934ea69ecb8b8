package simulated

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/idlebench/idlebench/record"
)

// Parameter is the last parameter of a cell that runs on a varied machine.
const Parameter = "machine"

// A Variation is a machine with one other constant.
type Variation struct {
	Constant string // its key in the machine's file
	Percent  int    // by how much it is more, or less if it is negative
}

// String returns the value of the parameter: "same_cache+50%".
func (v Variation) String() string { return fmt.Sprintf("%s%+d%%", v.Constant, v.Percent) }

// Factor returns by what the constant is multiplied.
func (v Variation) Factor() float64 { return 1 + float64(v.Percent)/100 }

var variation = regexp.MustCompile(`^([a-z][a-z_]*)([+-][1-9][0-9]{0,3})%$`)

// ParseVariation is the inverse of String.
func ParseVariation(text string) (Variation, error) {
	m := variation.FindStringSubmatch(text)
	if m == nil {
		return Variation{}, fmt.Errorf("machine variation %q: want a constant and a change, as in same_cache+50%%", text)
	}
	percent, _ := strconv.Atoi(m[2]) // it has four digits at most
	if percent <= -100 {
		return Variation{}, fmt.Errorf("machine variation %q: a constant cannot become negative", text)
	}
	return Variation{m[1], percent}, nil
}

// With returns a cell on a varied machine.
func (v Variation) With(c record.Cell) record.Cell {
	c.Params = append(append([]record.Param(nil), c.Params...), record.Param{Name: Parameter, Value: v.String()})
	return c
}

// Split returns a cell without its variation, and the variation; nil if it has none.
func Split(c record.Cell) (record.Cell, *Variation, error) {
	i := len(c.Params) - 1
	if i < 0 || c.Params[i].Name != Parameter {
		return c, nil, nil
	}
	v, err := ParseVariation(c.Params[i].Value)
	if err != nil {
		return c, nil, err
	}
	if c.Params = c.Params[:i:i]; i == 0 {
		c.Params = nil
	}
	return c, &v, nil
}
