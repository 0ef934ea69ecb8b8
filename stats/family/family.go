package family

import (
	"cmp"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// The keys of benchmark names by which the families of a run compare.
const (
	ImplKey = "/impl"
	ParkKey = "/park"
)

// Canonical is the implementation that others are compared with, if it was measured.
const Canonical = "bitmap"

// UsualPark is the parker that others are compared with, if it was measured: the shortest
// way to sleep that a system has.
const UsualPark = "futex"

// A Family is a table whose comparisons share an error rate.
type Family struct {
	Column   string // the key by which it compares: ImplKey or ParkKey
	Baseline string // a value of it
	Impl     string // whose parkers are compared; "" if implementations are
	Table    compare.Table
}

// OfRun returns the families of a run. A family without comparisons is left out.
func OfRun(run record.Run) (families []Family) {
	t := compare.FromRun(run)
	if len(run.Units) == 0 {
		return nil
	}
	implementations, _ := Split(t)
	if len(implementations.Series) == 0 {
		return nil
	}
	baseline := Usual(implementations, ImplKey)
	if parkers, usual, ok := Parkers(implementations, baseline); ok {
		families = append(families, Family{Column: ParkKey, Baseline: usual, Impl: baseline, Table: parkers})
	}
	Beside(&implementations, baseline)
	if len(implementations.Columns()) > 1 {
		families = slices.Insert(families, 0, Family{Column: ImplKey, Baseline: baseline, Table: implementations})
	}
	return families
}

// Split takes the references out of a table of implementations, and what is not
// compared. The references have no units in which they would be judged.
func Split(t compare.Table) (implementations, references compare.Table) {
	implementations, references = t, compare.Table{Primary: map[string]string{}}
	implementations.Series = nil
	roles := map[string]record.Role{} // by name
	for _, s := range t.Series {
		references.Primary[s.Workload] = ""
		role, ok := roles[s.Name]
		if !ok {
			role = record.Implementation
			if c, err := record.ParseName(s.Name); err == nil {
				role = record.RoleOf(c)
			}
			roles[s.Name] = role
		}
		switch role {
		case record.Implementation:
			implementations.Series = append(implementations.Series, s)
		case record.Reference:
			references.Series = append(references.Series, s)
		}
	}
	return implementations, references
}

// Usual is the baseline of a table by implementation or another key, if no other is
// chosen. The table has at least one series.
func Usual(t compare.Table, column string) string {
	all := t.Columns()
	if usual := map[string]string{ImplKey: Canonical, ParkKey: UsualPark}[column]; slices.Contains(all, usual) {
		return usual
	}
	rows := map[string]map[string]bool{} // by column
	for _, s := range t.Series {
		if rows[s.Column] == nil {
			rows[s.Column] = map[string]bool{}
		}
		rows[s.Column][s.Row] = true
	}
	most := all[0]
	for _, name := range all {
		if len(rows[name]) > len(rows[most]) {
			most = name
		}
	}
	return most
}

// Only returns the series of a column.
func Only(t compare.Table, column string) (series []compare.Series) {
	for _, s := range t.Series {
		if s.Column == column {
			series = append(series, s)
		}
	}
	return series
}

// Parkers makes a table of the parkers of one implementation, from a table by
// implementation, and returns the baseline. It is not ok if there are fewer than two.
//
// Cells with different parkers have the same workload, parameters and number of
// workers, so their order within a round is random and the test holds, see package
// compare.
func Parkers(t compare.Table, impl string) (parkers compare.Table, baseline string, ok bool) {
	parkers.Primary = t.Primary
	for _, s := range Only(t, impl) {
		cell, err := record.ParseName(s.Name)
		if err != nil || cell.Impl != impl || cell.Park == "" || record.RoleOf(cell) != record.Implementation {
			continue
		}
		s.Row, s.Column = strings.TrimSpace(WithoutPark(s.Name, cell.Park)+" "+s.Config), cell.Park
		parkers.Series = append(parkers.Series, s)
	}
	if len(parkers.Columns()) < 2 {
		return parkers, "", false
	}
	return parkers, Usual(parkers, ParkKey), true
}

// Beside moves implementations with their own way to sleep into the row of the
// baseline's first parker whose workers are of the same kind, goroutines or pinned
// threads, or else of its first parker.
func Beside(t *compare.Table, baseline string) {
	type place struct{ row, kind string }
	const either = "either"
	rows := map[string]bool{}   // that the baseline has
	first := map[place]string{} // parker of the baseline, by row without one
	for _, s := range t.Series {
		if s.Column != baseline || rows[s.Row] {
			continue
		}
		rows[s.Row] = true
		if row, park, ok := withoutPark(s); ok {
			for _, kind := range []string{WorkersOf(park), either} {
				if _, ok := first[place{row, kind}]; !ok {
					first[place{row, kind}] = park
				}
			}
		}
	}
	for i, s := range t.Series {
		if s.Column == baseline || rows[s.Row] {
			continue
		}
		row, park, ok := withoutPark(s)
		if beside := cmp.Or(first[place{row, WorkersOf(park)}], first[place{row, either}]); ok && beside != "" {
			t.Series[i].Row = strings.Replace(s.Row, parkOf(park), parkOf(beside), 1)
			t.Series[i].Column += "/" + park
		}
	}
}

// WorkersOf is what workers are with a parker: goroutines, or pinned threads. The
// reference that is Go's scheduler has the parker go; an audit has its ratio to the
// baseline with goroutines, too.
func WorkersOf(park string) string {
	if park+"-" == record.GoPrefix || strings.HasPrefix(park, record.GoPrefix) {
		return "goroutines"
	}
	return "threads"
}

func parkOf(name string) string { return ParkKey + "=" + name }

// withoutPark takes the parker out of a row of the suite's.
func withoutPark(s compare.Series) (row, park string, ok bool) {
	c, err := record.ParseName(s.Name)
	if err != nil || !strings.Contains(s.Row, parkOf(c.Park)) {
		return "", "", false
	}
	return WithoutPark(s.Row, c.Park), c.Park, true
}

// WithoutPark takes the parker out of the name of a cell or a row.
func WithoutPark(name, park string) string { return strings.Replace(name, parkOf(park), "", 1) }
