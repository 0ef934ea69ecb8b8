package plot

import (
	"math"
	"strconv"
	"strings"
)

// A Quantity is what an axis shows, such as the wake-up latency in ns.
type Quantity struct {
	Name string

	// Unit is the unit of the numbers. Times are "ns", "us", "µs", "ms", "s" or "sec";
	// they are shown in whichever of them suits. So is a time per something, such as
	// "ns/op". All other units are shown as they are.
	Unit string
}

// seconds has the units of time.
var seconds = map[string]float64{"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "sec": 1}

// split returns the unit of time and what it is per. The unit is 0 if it is none
// of time.
func (q Quantity) split() (second float64, per string) {
	base, per, _ := strings.Cut(q.Unit, "/")
	return seconds[base], per
}

// prefix is a unit for values from the least on.
type prefix struct {
	least, size float64
	unit        string
}

var (
	timePrefixes  = []prefix{{1, 1, "s"}, {1e-3, 1e-3, "ms"}, {1e-6, 1e-6, "µs"}, {0, 1e-9, "ns"}}
	countPrefixes = []prefix{{1e12, 1e12, "T"}, {1e9, 1e9, "G"}, {1e6, 1e6, "M"}, {1e4, 1e3, "k"}, {0, 1, ""}}
)

// noBreakSpace keeps a number and its unit on one line.
const noBreakSpace = "\u00a0"

// Format writes a value with its unit, with three digits: "1.25 µs", "12.5k".
func (q Quantity) Format(v float64) string { return q.format(v, 3) }

func (q Quantity) format(v float64, digits int) string { return q.formatAs(v, digits, v) }

// formatAs writes v in the unit in which reference is written.
func (q Quantity) formatAs(v float64, digits int, reference float64) string {
	switch {
	case math.IsNaN(v):
		return "not a number"
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	case v == 0:
		return "0"
	}
	second, _ := q.split()
	if second == 0 {
		p := choose(countPrefixes, reference, digits)
		return short(v/p.size, digits) + p.unit
	}
	p := choose(timePrefixes, reference*second, digits)
	return short(v*second/p.size, digits) + noBreakSpace + p.unit
}

// choose returns the prefix of a value. It looks at the value as it will be
// written: 999.9 µs with three digits is 1 ms.
func choose(ps []prefix, v float64, digits int) prefix {
	written, err := strconv.ParseFloat(strconv.FormatFloat(math.Abs(v), 'e', digits-1, 64), 64)
	if err != nil {
		written = math.Abs(v)
	}
	for _, p := range ps {
		if written >= p.least*(1-1e-12) {
			return p
		}
	}
	return ps[len(ps)-1]
}

// short writes a number with as many significant digits at most, and with a
// minus sign.
func short(v float64, digits int) string {
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64)
	format := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e6) {
		format = 'e'
	}
	return strings.Replace(strconv.FormatFloat(v, format, -1, 64), "-", "−", 1)
}

// axis is the name of an axis from lo to hi.
func (q Quantity) axis(lo, hi float64, log bool) string {
	name := Label(q.Name)
	second, per := q.split()
	unit := q.Unit
	if second != 0 {
		if per != "" {
			name += " per " + Label(per)
		}
		from := choose(timePrefixes, lo*second, 3)
		to := choose(timePrefixes, hi*second, 3)
		if lo == 0 {
			from = to
		}
		unit = from.unit
		if to.unit != from.unit {
			unit += "–" + to.unit
		}
	}
	var notes []string
	if unit != "" {
		notes = append(notes, Label(unit))
	}
	if log {
		notes = append(notes, "log scale")
	}
	if len(notes) == 0 {
		return name
	}
	return name + " (" + strings.Join(notes, ", ") + ")"
}

// column is the name of a column of a table.
func (q Quantity) column() string {
	if q.Unit == "" {
		return q.Name
	}
	return q.Name + " (" + q.Unit + ")"
}

// percent writes a quantile: 0.999 is "99.9 %".
func percent(q float64) string {
	return strconv.FormatFloat(math.Round(q*1e14)/1e12, 'f', -1, 64) + noBreakSpace + "%"
}

// cell writes a number in a table: whole numbers in full, others with six
// digits.
func cell(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}
