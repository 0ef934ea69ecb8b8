package record

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Quantile returns the name of the quantile that a unit measures, p99.9 for
// p99.9-ns/wake, and the smallest number of samples at which it says more than their
// maximum: 1/(1-q). A tail, the mean above the 90th percentile, is like that. ok is false
// if the unit measures no quantile.
func Quantile(unit string) (name string, least int64, ok bool) {
	name, _, ok = strings.Cut(unit, "-")
	if name == "tail" {
		name = "p90"
	}
	if !ok || !strings.HasPrefix(name, "p") || !isDecimal(name[1:]) {
		return "", 0, false
	}
	q, err := strconv.ParseFloat(name[1:], 64)
	if err != nil || q >= 100 {
		return "", 0, false
	}
	return name, int64(math.Ceil(100/(100-q) - 1e-6)), true // 100/(100-99.9) is a little above 1000
}

// isDecimal reports whether a text is a number such as 99 or 99.9.
func isDecimal(text string) bool {
	whole, fraction, point := strings.Cut(text, ".")
	return isDigits(whole) && (!point || isDigits(fraction))
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// AtMax reports whether a unit is a quantile of so few samples that it is their
// maximum, or next to it: p99.9 of 54 samples is the slowest one. The condition
// "quantile-is-max" decides or, without one, the number of samples. If neither is known
// it is false.
func (l *Launch) AtMax(unit string) bool {
	if len(l.Conditions) == 0 && l.Latency == nil {
		return false // whatever the unit is
	}
	name, least, ok := Quantile(unit)
	if !ok {
		return false
	}
	if said := l.Condition("quantile-is-max"); said != "" {
		return slices.Contains(strings.Split(said, ","), name)
	}
	n, err := strconv.ParseInt(l.Condition("samples"), 10, 64)
	if err != nil {
		if l.Latency == nil {
			return false
		}
		n = l.Latency.TotalCount()
	}
	return n < least
}

// AtMax reports whether to mark a quantile that was measured by that many launches, and
// is at the maximum in some of them: it is marked if the median launch's is.
func AtMax(launches, at int) bool { return at > 0 && 2*at >= launches }

// AtMaxOf returns which of the usual quantiles need more samples than these.
func AtMaxOf(samples int64) (names []string) {
	for _, name := range []string{"p50", "p90", "p99", "p99.9"} {
		if _, least, _ := Quantile(name + "-ns/op"); samples < least {
			names = append(names, name)
		}
	}
	return names
}
