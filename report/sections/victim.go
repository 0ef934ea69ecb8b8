package sections

import (
	"fmt"

	"github.com/idlebench/idlebench/report/page"
)

// victimUnits are the units of what a pool does to others, with their columns.
var victimUnits = []struct{ unit, title string }{
	{"slowdown/piece", "slowdown"},
	{"alone-ns/piece", "a piece alone"},
	{"beside-ns/piece", "beside the pool"},
	{"alone-uJ/piece", "energy alone, µJ"},
	{"beside-uJ/piece", "energy beside, µJ"},
	{"alone-cycles/piece", "cycles alone"},
	{"beside-cycles/piece", "cycles beside"},
	{"alone-cache-misses/piece", "cache misses alone"},
	{"beside-cache-misses/piece", "cache misses beside"},
	{"cost-ns/sec", "CPU time of the pool, per second"},
}

// victims shows what pools do to others, if that was measured.
func (b *builder) victims() []page.Block {
	var all []series
	for _, s := range b.byWorkload(func(s series) bool { return len(s.cell.Values("slowdown/piece")) > 0 }) {
		all = append(all, s.series...)
	}
	if len(all) == 0 {
		return nil
	}
	t := page.Table{
		ID:      b.id("victims"),
		Caption: "A fixed piece of another process's work beside an idle pool: medians of launches, the slowdown with its interval at 95 %",
		Columns: []page.Column{{Title: "cell"}},
	}
	var units []string
	for _, u := range victimUnits {
		for _, s := range all {
			if len(s.cell.Values(u.unit)) > 0 {
				units = append(units, u.unit)
				b.units[u.unit] = true
				t.Columns = append(t.Columns, page.Column{Title: u.title, Number: true})
				break
			}
		}
	}
	for _, s := range all {
		row := []page.Cell{{Text: barName(s)}}
		if s.cell.Parsed != nil {
			row[0].Text = title(*s.cell.Parsed)
		}
		for _, unit := range units {
			cell := none()
			if values := s.cell.Values(unit); len(values) > 0 {
				median, lo, hi := estimate(values)
				cell = number(median, unit)
				if unit == "slowdown/piece" {
					cell.Text = "×" + fmt.Sprintf("%.3f", median)
					if lo < hi {
						cell.Notes = []string{fmt.Sprintf("%.3f to %.3f", lo, hi)}
					}
				}
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return []page.Block{
		page.Heading("What others lose"),
		page.Text("CPU time does not show what a pool does to others. Here another process does a fixed piece of work again and again, on the CPU that the cell's name says, in turns with the pool stopped and with the pool running. ×1 is no slowdown, ×2 is half the speed."),
		t,
	}
}
