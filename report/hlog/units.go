package hlog

import "math"

// units finds out by what the largest values were divided.
type units struct {
	informative bool
	excluded    [len(divisors)]bool
}

// divisors are those of the implementations by default. Interval_Max is in milliseconds by
// convention.
var divisors = [...]struct {
	divisor float64
	unit    string
	why     string
}{
	{1e6, "ns", "Values are taken for nanoseconds: Interval_Max, by convention in milliseconds, is the largest value divided by 1,000,000."},
	{1e3, "", "The log does not say the unit of its values: Interval_Max is the largest value divided by 1,000, which JS does to values of every unit."},
	{1, "", "The log does not say the unit of its values: Interval_Max is the largest value, undivided."},
}

// add compares an interval's Interval_Max with its largest value, which the histogram
// knows up to the width of a bar: 10 % at a precision of one digit. It is written with
// three decimals; Python's writer omits the fraction.
func (u *units) add(written, largest float64) {
	if !(written > 0) || math.IsInf(written, 0) || largest == 0 {
		return // also what was rounded to 0
	}
	u.informative = true
	for i, d := range divisors {
		expected := largest / d.divisor
		if math.Abs(written-expected) > 0.0006+0.1*expected && written != math.Floor(expected) {
			u.excluded[i] = true
		}
	}
}

// unit returns the unit, "" if it is not known, and why.
func (u *units) unit() (unit, why string) {
	if u.informative {
		for i, d := range divisors {
			if !u.excluded[i] {
				return d.unit, d.why
			}
		}
	}
	return "", "The log does not say the unit of its values."
}
