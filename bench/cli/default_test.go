package cli

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/record"
)

// A default run has as many comparisons as a report judges: every cell of another
// implementation, also one that has a parker of its own, and none of a reference.
func TestByDefault(t *testing.T) {
	a := app{catalog: catalog.Default()}
	use, err := usable(nil)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := matrix.Cells(a.catalog, matrix.Selection{CPUs: len(use)})
	if err != nil {
		t.Fatal(err)
	}
	want, rows := 0, map[string]bool{}
	for _, c := range cells {
		if c.Impl == "mutexonly" || c.Impl == "channels" {
			want++
			c.Impl, c.Park = "", ""
			rows[c.Name()] = true
		}
	}
	d := a.byDefault("bitmap", record.Plan{Time: time.Second})
	if d == nil || d.Comparisons != want || len(d.Rows) != len(rows) || d.Rounds != normal.rounds || d.Time != normal.time {
		t.Errorf("%+v, want %d comparisons in %d rows, %+v", d, want, len(rows), normal)
	}
}
