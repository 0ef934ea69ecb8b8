package engine

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/record"
)

// A default run has as many comparisons as a report judges: every cell of another
// implementation, including those with their own parker, and no reference.
func TestByDefault(t *testing.T) {
	e := Engine{Catalog: catalog.Default()}
	use, err := Usable(nil)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := matrix.Cells(e.Catalog, matrix.Selection{CPUs: len(use)})
	if err != nil {
		t.Fatal(err)
	}
	want, rows := 0, map[string]bool{}
	for _, c := range cells {
		if (c.Impl == "mutexonly" || c.Impl == "channels") && c.Workload != "idle" { // which is not judged
			want++
			c.Impl, c.Park = "", ""
			rows[c.Name()] = true
		}
	}
	d := e.byDefault(record.Plan{Time: time.Second})
	if d == nil || d.Comparisons != want || len(d.Rows) != len(rows) || d.Rounds != Normal.Rounds || d.Time != Normal.Time {
		t.Errorf("%+v, want %d comparisons in %d rows, %+v", d, want, len(rows), Normal)
	}
	// A run says the same before it begins, and the report judges as many (scripts,
	// TestFamilyIsThatOfTheReport).
	if f := e.Families(record.Plan{Cells: cells}); len(f) == 0 || f[0].Comparisons != want {
		t.Errorf("a run announces %+v, want %d comparisons first", f, want)
	}
}
