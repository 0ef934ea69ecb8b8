package sections

import (
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/source/sourcetest"
)

// What a pool does to others is in the cost section, with the units that were measured
// only, and not there if nothing was.
func TestVictims(t *testing.T) {
	t.Chdir(t.TempDir())
	cell := func(park, victim string) record.Cell {
		return record.Cell{Workload: "idle", Impl: "bitmap", Park: park, Workers: 1, Params: []record.Param{{Name: "victim", Value: victim}}}
	}
	change := func(l *record.Launch) error {
		slow := 1.001
		if l.Cell.Park == "cond" {
			slow = 2
		}
		l.Metrics = append(l.Metrics, record.Metric{Value: slow, Unit: "slowdown/piece"}, record.Metric{Value: 50_000, Unit: "alone-ns/piece"},
			record.Metric{Value: 50_000 * slow, Unit: "beside-ns/piece"})
		return nil
	}
	if err := sourcetest.RecordCells("run", []record.Cell{cell("futex", "same"), cell("cond", "same")}, 8, change); err != nil {
		t.Fatal(err)
	}
	d := Document(report(t, "*", "run"))
	rows := tables(d)["victims"]
	if len(rows) != 2 || !strings.Contains(strings.Join(rows, "\n"), "×2.000") || !strings.Contains(rows[0]+rows[1], "×1.001") {
		t.Errorf("%q", rows)
	}
	walk(d, func(s page.Section, b page.Block) {
		if table, ok := b.(page.Table); ok && table.ID == "victims" {
			if s.ID != "cost" || len(table.Columns) != 5 {
				t.Errorf("in section %s with columns %v", s.ID, table.Columns)
			}
		}
	})

	if err := sourcetest.RecordCells("usual", sourcetest.Cells(), 8, nil); err != nil {
		t.Fatal(err)
	}
	if rows := tables(Document(report(t, "*", "usual")))["victims"]; rows != nil {
		t.Errorf("a run without a victim has %q", rows)
	}
}
