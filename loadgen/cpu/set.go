package cpu

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// MaxCPUs is the limit on CPU numbers: they are 0 to MaxCPUs-1. No system comes near
// it; it keeps a mistyped range from filling memory.
const MaxCPUs = 1 << 16

// A Set is a set of CPUs: their numbers in ascending order, each once. Code that makes
// one other than with [SetOf] and [Parse] must keep to that. Sets are immutable, and
// may be shared.
type Set []int

// SetOf returns the set of the given CPUs, which may come in any order and
// repeatedly.
func SetOf(cpus ...int) Set {
	s := slices.Clone(cpus)
	slices.Sort(s)
	return slices.Compact(s)
}

// Parse reads a set in the list format of Linux and taskset(1): numbers and
// ranges, separated by commas, such as "0-3,8,10-11". They may overlap and come
// in any order. White space around them is ignored. A set with no CPU is an
// error, and so is a number of [MaxCPUs] or more.
func Parse(list string) (Set, error) {
	if strings.TrimSpace(list) == "" {
		return nil, errors.New(`cpu: the CPU list is empty, want a list such as "0-3,8"`)
	}
	type span struct{ first, last int }
	var spans []span
	for item := range strings.SplitSeq(list, ",") {
		first, last, err := parseItem(strings.TrimSpace(item))
		if err != nil {
			return nil, fmt.Errorf("cpu: CPU list %q: %w", list, err)
		}
		spans = append(spans, span{first, last})
	}
	// In this order each span only has to add what lies beyond the previous ones, so
	// the work is bounded by the length of the list and of the result.
	slices.SortFunc(spans, func(a, b span) int { return a.first - b.first })
	var s Set
	next := 0
	for _, sp := range spans {
		for next = max(next, sp.first); next <= sp.last; next++ {
			s = append(s, next)
		}
	}
	return s, nil
}

// parseItem reads "3" or "3-5".
func parseItem(item string) (first, last int, err error) {
	if item == "" {
		return 0, 0, errors.New("empty item before or after a comma")
	}
	if strings.HasPrefix(item, "-") {
		return 0, 0, fmt.Errorf("%q is negative or a range without a beginning", item)
	}
	from, to, isRange := strings.Cut(item, "-")
	if first, err = parseNumber(from); err != nil {
		return 0, 0, err
	}
	if !isRange {
		return first, first, nil
	}
	if last, err = parseNumber(to); err != nil {
		return 0, 0, fmt.Errorf("range %q: %w", item, err)
	}
	if last < first {
		return 0, 0, fmt.Errorf("range %q is reversed, write %d-%d", item, last, first)
	}
	return first, last, nil
}

func parseNumber(digits string) (int, error) {
	n, err := strconv.ParseUint(digits, 10, 0)
	if errors.Is(err, strconv.ErrRange) || n >= MaxCPUs {
		return 0, fmt.Errorf("%s is too large, the largest CPU number is %d", digits, MaxCPUs-1)
	}
	if err != nil {
		return 0, fmt.Errorf("%q is not a CPU number", digits)
	}
	return int(n), nil
}

// String returns the set in the format that [Parse] reads, in its shortest
// form. That of the empty set is "".
func (s Set) String() string {
	var b []byte
	for i := 0; i < len(s); {
		end := i + 1
		for end < len(s) && s[end] == s[end-1]+1 {
			end++
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(s[i]), 10)
		if end-i > 1 {
			b = append(b, '-')
			b = strconv.AppendInt(b, int64(s[end-1]), 10)
		}
		i = end
	}
	return string(b)
}

// Contains reports whether cpu is in the set.
func (s Set) Contains(cpu int) bool {
	_, ok := slices.BinarySearch(s, cpu)
	return ok
}

// Without returns the CPUs of s that are not in t.
func (s Set) Without(t Set) Set {
	var rest Set
	for _, cpu := range s {
		if !t.Contains(cpu) {
			rest = append(rest, cpu)
		}
	}
	return rest
}

// Intersects reports whether some CPU is in both sets.
func (s Set) Intersects(t Set) bool {
	return slices.ContainsFunc(s, t.Contains)
}

// ErrUnavailable is, or is wrapped by, the error for a CPU that the process may not
// use: it was never given it, or the CPU was taken away or is offline.
var ErrUnavailable = errors.New("not available to this process")

// Within returns an error, [ErrUnavailable], unless every CPU of s is in allowed,
// the CPUs that the process may use ([Allowed]).
func (s Set) Within(allowed Set) error {
	outside := s.Without(allowed)
	if len(outside) == 0 {
		return nil
	}
	noun := "CPU"
	if len(outside) > 1 {
		noun = "CPUs"
	}
	return fmt.Errorf("cpu: %s %v: %w, which may use %v (taskset or a container's cpuset limits it)",
		noun, outside, ErrUnavailable, allowed)
}
