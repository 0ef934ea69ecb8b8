package source

import "github.com/idlebench/idlebench/record"

// AtMax reports whether a unit is a quantile that most launches of the cell have from
// so few samples that it is the maximum of them, or next to it. Such a value is
// marked with a dagger wherever it is shown: it grows with the number of
// samples.
func (c *Cell) AtMax(unit string) bool {
	valid, at := c.Valid(), 0
	for _, l := range valid {
		if l.AtMax(unit) {
			at++
		}
	}
	return record.AtMax(len(valid), at)
}
