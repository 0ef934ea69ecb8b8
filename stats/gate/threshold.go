package gate

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchunit"
)

// Thresholds are the shares by which metrics may become worse. Each has a limit, which is
// twice as large.
type Thresholds struct {
	Default float64
	Units   map[string]float64 // by unit, as benchunit.Tidy spells it
}

// Of returns the threshold of a unit, in either spelling.
func (t Thresholds) Of(unit string) float64 {
	_, unit = benchunit.Tidy(1, unit)
	if v, ok := t.Units[unit]; ok {
		return v
	}
	return t.Default
}

// Limit returns the regression that has to be excluded before a unit passes, in either
// spelling.
func (t Thresholds) Limit(unit string) float64 { return 2 * t.Of(unit) }

// Without returns the units with a threshold of their own that are not among some, as
// benchunit spells them.
func (t Thresholds) Without(units ...string) (wrong []string) {
	has := map[string]bool{}
	for _, unit := range units {
		_, base := benchunit.Tidy(1, unit)
		has[base] = true
	}
	for _, unit := range slices.Sorted(maps.Keys(t.Units)) {
		if !has[unit] {
			wrong = append(wrong, unit)
		}
	}
	return wrong
}

// Least returns the smallest of all thresholds.
func (t Thresholds) Least() float64 {
	least := t.Default
	for _, v := range t.Units {
		least = min(least, v)
	}
	return least
}

// Flags declares -threshold and -thresholds, which set t. The default is 5 %.
func (t *Thresholds) Flags(flags *flag.FlagSet) {
	t.Default = 0.05
	flags.Func("threshold", "`share` by which a metric may become worse (default 5%)", func(text string) (err error) {
		t.Default, err = ParseShare(text)
		return err
	})
	flags.Func("thresholds", "`file` with other thresholds for some units", func(name string) error {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		t.Units, err = ParseThresholds(name, f)
		return err
	})
}

// ParseShare reads "5%" or "0.05". It is above 0 and below 1.
func ParseShare(text string) (float64, error) {
	number, percent := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(number, 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v > 0 && v < 1) {
		return 0, fmt.Errorf("%q: want a share above 0 and below 100%%, such as 5%% or 0.05", text)
	}
	return v, nil
}

// ParseThresholds reads a file of thresholds. Errors name the file and the line.
func ParseThresholds(name string, r io.Reader) (units map[string]float64, err error) {
	units = make(map[string]float64)
	lines := bufio.NewScanner(r)
	var wrong []error
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.Fields(text)
		if len(fields) == 0 {
			continue
		}
		bad := func(format string, args ...any) {
			wrong = append(wrong, fmt.Errorf("%s:%d: %w", name, n, fmt.Errorf(format, args...)))
		}
		if len(fields) != 2 {
			bad("%d words: want a unit and a share, such as p99-ns/wake 20%%", len(fields))
			continue
		}
		share, err := ParseShare(fields[1])
		if err != nil {
			bad("%w", err)
			continue
		}
		_, unit := benchunit.Tidy(1, fields[0])
		if _, twice := units[unit]; twice {
			bad("%s has a threshold already", fields[0])
			continue
		}
		units[unit] = share
	}
	if err := lines.Err(); err != nil {
		wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
	}
	return units, errors.Join(wrong...)
}
