package machine

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// A dimension says what a quantity is of, and what one unit of its integer is.
type dimension int

const (
	duration dimension = iota // picoseconds
	share                     // thousandths
	count                     // ones
)

// A unit is written after a number. Of each dimension they are listed smallest first.
type unit struct {
	name string
	size int64
}

var units = map[dimension][]unit{
	duration: {{"ps", 1}, {"ns", ns}, {"us", us}, {"ms", ms}, {"s", s}},
	share:    {{"%", 10}},
	count:    {{"", 1}},
}

// allowed says how a quantity is written.
func (d dimension) allowed() string {
	switch d {
	case share:
		return `a number and %, such as "40 %"`
	case count:
		return `a whole number, such as "16"`
	}
	return `a number and one of ps, ns, us, ms, s, such as "25 ns"`
}

// parse reads a quantity: "25 ns", "40 %", "16".
func (d dimension) parse(text string) (int64, error) {
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZµμ%")
	name := strings.ReplaceAll(strings.ReplaceAll(text[len(number):], "µ", "u"), "μ", "u")
	number = strings.TrimSpace(number)
	for _, u := range units[d] {
		if u.name != name {
			continue
		}
		if !plain(number) {
			return 0, fmt.Errorf("%q is not %s", text, d.allowed())
		}
		exact, _ := new(big.Rat).SetString(number)
		exact.Mul(exact, new(big.Rat).SetInt64(u.size))
		if !exact.IsInt() || !exact.Num().IsInt64() {
			return 0, fmt.Errorf("%q is too large, or has more digits than %s", text, d.finest())
		}
		return exact.Num().Int64(), nil
	}
	if name == "" {
		return 0, fmt.Errorf("%q has no unit; want %s", text, d.allowed())
	}
	return 0, fmt.Errorf("%q has the wrong unit; want %s", text, d.allowed())
}

func (d dimension) finest() string {
	switch d {
	case share:
		return "a tenth of a percent"
	case count:
		return "a whole number"
	}
	return "a picosecond"
}

// plain reports whether text is a decimal number of reasonable length, perhaps
// negative. Exponents are not allowed: they are not needed, and 1e999999999 is a
// number that takes a while to read.
func plain(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	return len(digits) <= 30 && number(whole) && (!point || number(fraction))
}

func number(digits string) bool {
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}

// format writes a quantity so that parse reads the same: in the largest unit that
// makes it at least 1.
func (d dimension) format(value int64) string {
	all := units[d]
	u := all[0]
	if d == duration {
		u = all[1] // "0.5 ns" and "0 ns" read better than "500 ps" and "0 ps"
	}
	for _, larger := range all {
		if larger.size > u.size && (value >= larger.size || -value >= larger.size) {
			u = larger
		}
	}
	text := strconv.FormatInt(value/u.size, 10)
	if rest := value % u.size; rest != 0 {
		text = strings.TrimRight(new(big.Rat).SetFrac64(value, u.size).FloatString(12), "0")
	}
	if u.name == "" {
		return text
	}
	return text + " " + u.name
}

// example is what a value may look like.
func (d dimension) example() string {
	return map[dimension]string{duration: "25 ns", share: "40 %", count: "16"}[d]
}
