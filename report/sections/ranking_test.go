package sections

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/source/sourcetest"
)

// factors are those of seventeen designs: twice, half, and as long as bitmap takes, in turn.
var factors = []float64{2, 0.5, 1, 2, 0.5, 1, 2, 0.5, 1, 2, 0.5, 1, 2, 0.5, 1, 2, 0.5}

// Of many designs the page has a ranking, a table of who wins where for each parker, and
// folded a plot for each.
func TestManyDesigns(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := sourcetest.Designs("many", 20, factors...); err != nil {
		t.Fatal(err)
	}
	r := report(t, "*", "many")
	d := Document(r)
	tables := map[string]page.Table{}
	var folded, plots []string
	walk(d, func(s page.Section, b page.Block) {
		switch b := b.(type) {
		case page.Table:
			tables[b.ID] = b
		case page.Details:
			if s.ID == "verdicts" {
				folded = append(folded, b.Summary)
			}
		case page.Figure:
			if s.ID == "verdicts" {
				plots = append(plots, b.Title)
			}
		}
	})
	if d.Headline[1].Link.ID != "ranking" {
		t.Errorf("the headline leads to %q", d.Headline[1].Link.ID)
	}
	ranking := tables["ranking"]
	if n := len(ranking.Rows); n != len(factors)+1 || ranking.Rows[0][2].Text != "1" || ranking.Rows[0][2].Tone != page.Better || ranking.Rows[n-1][3].Tone != page.Worse {
		t.Errorf("%d rows of the ranking: %+v", n, ranking.Rows)
	}
	futex, cond := tables["matrix"], tables["matrix-2"]
	for _, m := range []page.Table{futex, cond} {
		if !m.Dense || len(m.Rows) != 1 || len(m.Columns) != len(factors)+1 {
			t.Errorf("%s: dense %t, %d rows, %d columns", m.Caption, m.Dense, len(m.Rows), len(m.Columns))
		}
	}
	// Columns are in the order of the ranking, and each field has its verdict.
	var columns, ranked []string
	for _, c := range futex.Columns[1:] {
		columns = append(columns, c.Title)
	}
	for _, row := range ranking.Rows {
		if name := row[0].Text; name != "bitmap (baseline)" {
			ranked = append(ranked, name)
		}
	}
	if !slices.Equal(columns, ranked) {
		t.Errorf("columns %q, ranking %q", columns, ranked)
	}
	tones := map[page.Tone]int{}
	for i, cell := range futex.Rows[0][1:] {
		tones[cell.Tone]++
		if half := strings.HasPrefix(cell.Text, "0.5"); half != (cell.Tone == page.Better) {
			t.Errorf("%s: %+v", columns[i], cell)
		}
	}
	if tones[page.Better] != 6 || tones[page.Worse] != 6 {
		t.Errorf("six designs are twice as fast and six half as fast: %v", tones)
	}
	for _, of := range []struct {
		what string
		list []string
		want string
	}{{"details", folded, "design1: 1 worse, 1 "}, {"plots", plots, "Ratio of design1 to bitmap"}} {
		if !slices.ContainsFunc(of.list, func(s string) bool { return strings.HasPrefix(s, of.want) }) {
			t.Errorf("%s: %q, want one with %q", of.what, of.list, of.want)
		}
	}
	// Absolute values have a table for each manager.
	if first := tables["beside"]; len(first.Columns) != 3 || len(first.Rows) != 1 || tables["beside-18"].ID == "" {
		t.Errorf("absolute values: %+v", first)
	}
	var html bytes.Buffer
	if err := page.Render(&html, d); err != nil { // links lead somewhere
		t.Error(err)
	}
}

// manyOf are cells of two workloads with as many designs besides bitmap as there are
// factors.
func manyOf() (cells []record.Cell) {
	for _, w := range []string{"wake", "yield_many"} {
		for i := range len(factors) + 1 {
			c := record.Cell{Workload: w, Impl: "bitmap", Park: "futex", Workers: 1}
			if i > 0 {
				c.Impl = fmt.Sprintf("design%d", i)
			}
			cells = append(cells, c)
		}
	}
	return cells
}

// With several workloads there is a grid of small panels, one for each, in which all
// designs have the places of the ranking. Yield_many has them in the other order.
func TestMultiples(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := sourcetest.RecordCells("many", manyOf(), 12, func(l *record.Launch) error {
		n := 0
		_, _ = fmt.Sscanf(l.Cell.Impl, "design%d", &n) // 0 is bitmap
		factor := 1 + float64(n)/10
		if l.Cell.Workload == "yield_many" {
			factor = 1 / math.Sqrt(factor)
		}
		for i := range l.Metrics {
			l.Metrics[i].Value *= factor
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var grid page.Figure
	walk(Document(report(t, "*", "many")), func(_ page.Section, b page.Block) {
		if f, ok := b.(page.Figure); ok && f.ID == "multiples" {
			grid = f
		}
	})
	if grid.Figure == nil {
		t.Fatal("there is no grid")
	}
	if len(grid.Table.Rows) != 2*len(factors) {
		t.Fatalf("%d rows, want 2 panels of %d", len(grid.Table.Rows), len(factors))
	}
	places := map[string]string{} // the same in both panels
	seen := map[string]bool{}
	for _, row := range grid.Table.Rows {
		panel, place, name, ratio := row[0], row[1], row[2], row[3]
		seen[panel+place] = true
		if was, ok := places[name]; ok && was != place {
			t.Errorf("%s has place %s and place %s", name, was, place)
		}
		places[name] = place
		r, err := strconv.ParseFloat(ratio, 64)
		if err != nil || (panel == "wake") != (r > 1) {
			t.Errorf("%q", row)
		}
	}
	if len(seen) != 2*len(factors) {
		t.Errorf("%d places, want %d in each panel", len(seen), len(factors))
	}
	if grid.HowAt != "" || !strings.Contains(grid.How, "order of the ranking") {
		t.Errorf("how to read it: %q", grid.How)
	}
}
