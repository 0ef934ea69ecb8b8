package machine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Mistake is one thing that is wrong with a file.
type Mistake struct {
	File  string
	Line  int
	Field string // such as costs.same_cache.value; "" if it is not one field's
	Text  string // what is wrong, and what is allowed
}

// Error returns the mistake as "file:line: field: text".
func (m Mistake) Error() string {
	if m.Field == "" {
		return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Text)
	}
	return fmt.Sprintf("%s:%d: %s: %s", m.File, m.Line, m.Field, m.Text)
}

// Mistakes are all that are in a file, in the order of its lines.
type Mistakes []Mistake

// Error returns the mistakes, one a line.
func (all Mistakes) Error() string {
	lines := make([]string, len(all))
	for i, m := range all {
		lines[i] = m.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the mistakes as errors.
func (all Mistakes) Unwrap() []error {
	errs := make([]error, len(all))
	for i, m := range all {
		errs[i] = m
	}
	return errs
}

func (all Mistakes) sort() {
	slices.SortStableFunc(all, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Text, b.Text))
	})
}
