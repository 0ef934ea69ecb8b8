package pairs

import (
	"fmt"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// A Contest is the comparison of two cells in one unit. Its ratio is that of New to Old.
type Contest struct {
	ID       string // unique on a page
	Old, New Cell
	Unit     string
}

// Judge judges contests as one family, and returns what became of those that were measured,
// by their IDs.
func Judge(run record.Run, contests []Contest) (map[string]compare.Comparison, error) {
	measured := make(map[[2]string]compare.Series) // by name and unit
	for _, s := range compare.FromRun(run).Series {
		measured[[2]string{s.Name, s.Unit}] = s
	}
	find := func(c Cell, unit string) (s compare.Series, ok bool, err error) {
		name, err := c.Name()
		s, ok = measured[[2]string{name, unit}]
		return s, ok, err
	}
	var t compare.Table
	for _, c := range contests {
		old, inOld, err := find(c.Old, c.Unit)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.ID, err)
		}
		new, inNew, err := find(c.New, c.Unit)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.ID, err)
		}
		if !inOld || !inNew {
			continue
		}
		old.Row, old.Workload, old.Column = c.ID, c.ID, compare.Old
		new.Row, new.Workload, new.Column = c.ID, c.ID, compare.New
		t.Series = append(t.Series, old, new)
	}
	judged := make(map[string]compare.Comparison)
	if len(t.Series) == 0 {
		return judged, nil
	}
	family, err := compare.Compare(t, compare.Old, compare.Options{})
	if err != nil {
		return nil, err
	}
	for _, c := range family.Comparisons {
		if _, twice := judged[c.Row]; twice {
			return nil, fmt.Errorf("two contests are called %q", c.Row)
		}
		judged[c.Row] = c
	}
	return judged, nil
}

// Values are those of all valid launches of a run.
type Values struct{ byCell map[[2]string][]float64 } // by name and unit

// ValuesOf returns the values of a run.
func ValuesOf(run record.Run) Values {
	v := Values{make(map[[2]string][]float64)}
	for _, l := range run.Recorded {
		if len(l.Invalid) > 0 {
			continue
		}
		name := l.Cell.Name()
		for _, m := range l.Metrics {
			key := [2]string{name, m.Unit}
			v.byCell[key] = append(v.byCell[key], m.Value)
		}
	}
	return v
}

// Median returns the median of a cell in a unit. It is not ok if there are no values.
func (v Values) Median(c Cell, unit string) (median float64, ok bool) {
	name, err := c.Name()
	if err != nil {
		return 0, false
	}
	values := v.byCell[[2]string{name, unit}]
	if len(values) == 0 {
		return 0, false
	}
	return compare.Median(values), true
}
