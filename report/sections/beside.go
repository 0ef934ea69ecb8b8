package sections

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

// mostBeside is how many workloads are shown, and openBeside how many are not folded:
// those of a default run, some of them with several submitters.
const (
	mostBeside = 100
	openBeside = 24
)

// widest is how many managers with their parkers a table has side by side. With more there
// is a table for each manager, and those after the first are folded.
const widest = 10

// beside shows absolute values, without verdicts: implementations with all parkers,
// references and floors. It has a row for each workload and a column for each
// implementation and parker.
func (b *builder) beside(in *source.Input) []page.Block {
	type row struct {
		cell   record.Cell // without implementation and parker
		unit   string
		judged bool
		cells  map[subject]*source.Cell
	}
	var rows []*row
	byName := map[string]*row{}
	var subjects [3][]subject // implementations, references, floors
	floors := map[string][]*source.Cell{}
	// Floors have no other number of workers than one.
	at := func(c record.Cell) string { return record.Cell{Workload: c.Workload, Params: c.Params}.Name() }
	for _, c := range in.Cells {
		if c.Parsed == nil || c.Role == record.Calibration || len(c.Valid()) == 0 {
			continue
		}
		if _, known := in.Primary[c.Parsed.Workload]; !known {
			continue // a benchmark file does not name a primary unit
		}
		if c.Role == record.Floor {
			floors[at(*c.Parsed)] = append(floors[at(*c.Parsed)], c)
			continue
		}
		bare := *c.Parsed
		bare.Impl, bare.Park = "", ""
		r := byName[bare.Name()]
		if r == nil {
			unit, judged := in.Shown(c)
			r = &row{bare, unit, judged, map[subject]*source.Cell{}}
			byName[bare.Name()] = r
			rows = append(rows, r)
		}
		s, group := subject{c.Parsed.Impl, c.Parsed.Park}, 0
		if c.Role == record.Reference {
			group = 1
		}
		r.cells[s] = c
		if !slices.Contains(subjects[group], s) {
			subjects[group] = append(subjects[group], s)
		}
	}
	slices.SortStableFunc(subjects[0], func(a, b subject) int {
		first := func(s subject) int {
			return slices.IndexFunc(subjects[0], func(o subject) bool { return o.impl == s.impl })
		}
		return first(a) - first(b)
	})
	if len(subjects[0])+len(subjects[1]) < 2 {
		return nil
	}
	// A peer is a row like others; there may be many, and each would be one more multiple.
	yardsticks := slices.DeleteFunc(slices.Clone(subjects[1]), func(s subject) bool { return record.IsPeer(record.Cell{Park: s.park}) })
	t := page.Table{
		ID: b.id("beside"), Filter: true, Columns: []page.Column{{Title: "workload"}},
		Caption: "Median over launches with its 95 % interval, and as a multiple of " + against(yardsticks) + "the floor",
	}
	columns := slices.Concat(subjects[0], subjects[1])
	for _, s := range columns {
		t.Columns = append(t.Columns, page.Column{Title: s.impl + " " + s.park, Number: true})
	}
	if len(floors) > 0 {
		t.Columns = append(t.Columns, page.Column{Title: "floors", Number: true})
	}
	for _, r := range rows[:min(len(rows), mostBeside)] {
		b.units[r.unit] = true
		cells := []page.Cell{{Text: b.short(r.cell), Notes: []string{r.unit}}}
		if !r.judged {
			cells[0].Notes = append(cells[0].Notes, record.NotJudged)
		}
		of := floors[at(r.cell)]
		for _, s := range columns {
			cell := none()
			if c := r.cells[s]; c != nil {
				cell = value(c, r.unit)
				for _, reference := range yardsticks {
					if other := r.cells[reference]; other != nil && s != reference {
						cell.Notes = append(cell.Notes, times(c, other, r.unit, reference.park)...)
					}
				}
				if floor := floorOf(of, s.park, r.unit); floor != nil {
					cell.Notes = append(cell.Notes, times(c, floor, r.unit, "floor")...)
				}
			}
			cells = append(cells, cell)
		}
		if len(floors) > 0 {
			cell := none()
			for i, f := range of {
				v := value(f, r.unit)
				if i == 0 {
					cell = page.Cell{Text: f.Parsed.Park + " " + v.Text, Value: v.Value}
				} else {
					cell.Notes = append(cell.Notes, f.Parsed.Park+" "+v.Text)
				}
			}
			cells = append(cells, cell)
		}
		t.Rows = append(t.Rows, cells)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	title := "Parkers and references"
	if len(b.inputs) > 1 {
		title += ": " + plot.Label(b.labels[in])
	}
	blocks := []page.Block{
		page.Heading(title),
		page.Text("All managers, parkers and references in absolute values, not judged: intervals are 95 %, uncorrected. The floor is the same measurement without an idle manager: a bare futex, or for the parker spin a bare loop. CPU time is always compared with the futex. " + aboutParkers),
	}
	if text := movedValues(in); text != "" {
		blocks = append(blocks, page.Text(text))
	}
	if n := len(rows); n > mostBeside {
		t.Caption += fmt.Sprintf("; the first %d of %d workloads, use -filter for others", mostBeside, n)
	}
	if len(subjects[0]) > widest {
		return append(blocks, b.byManager(t, subjects[0])...)
	}
	if len(t.Rows) > openBeside {
		return append(blocks, page.Details{Summary: phrase.Count(len(t.Rows), "workload"), Blocks: []page.Block{t}})
	}
	return append(blocks, t)
}

// byManager divides a table whose columns after the first are subjects, and then others:
// each manager has a table with its parkers and the others.
func (b *builder) byManager(t page.Table, subjects []subject) (blocks []page.Block) {
	var managers []string
	for _, s := range subjects {
		managers = addNew(managers, s.impl)
	}
	for _, m := range managers {
		pick := func(i int) bool { return i == 0 || i > len(subjects) || subjects[i-1].impl == m }
		of := page.Table{ID: t.ID, Filter: t.Filter, Caption: plot.Label(m) + ": " + strings.ToLower(t.Caption[:1]) + t.Caption[1:]}
		for i, c := range t.Columns {
			if pick(i) {
				of.Columns = append(of.Columns, c)
			}
		}
		for _, row := range t.Rows {
			var cells []page.Cell
			for i, c := range row {
				if pick(i) {
					cells = append(cells, c)
				}
			}
			of.Rows = append(of.Rows, cells)
		}
		if len(blocks) > 0 {
			of.ID = b.id(t.ID)
		}
		if len(blocks) == 0 && len(of.Rows) <= openBeside {
			blocks = append(blocks, of)
		} else {
			blocks = append(blocks, page.Details{Summary: plot.Label(m) + " and references", Blocks: []page.Block{of}})
		}
	}
	return blocks
}

// against names the references; cells name them by their parkers.
func against(references []subject) (text string) {
	for _, s := range references {
		text += fmt.Sprintf("%s (%s) and ", s.impl, s.park)
	}
	return text
}

// value is the median of a cell in a unit, with its interval if there is one.
func value(c *source.Cell, unit string) page.Cell {
	median, lo, hi := estimate(c.Values(unit))
	if len(c.Values(unit)) == 0 {
		return none()
	}
	cell := markedCell(number(median, unit), c.AtMax(unit))
	if lo != 0 || hi != 0 {
		from, to := quantity("", unit).Format(lo), quantity("", unit).Format(hi)
		if number, prefix, ok := strings.Cut(from, "\u00a0"); ok && strings.HasSuffix(to, "\u00a0"+prefix) {
			from = number // the unit is the same
		}
		cell.Notes = []string{from + "–" + to}
	}
	return cell
}

// times is the median of one cell as a multiple of another's.
func times(c, of *source.Cell, unit, name string) []string {
	a, b := median(c.Values(unit)), median(of.Values(unit))
	if !(a > 0 && b > 0) {
		return nil
	}
	if a/b >= 10 {
		return []string{fmt.Sprintf("%.0f× %s", a/b, name)}
	}
	return []string{fmt.Sprintf("%.2g× %s", a/b, name)}
}

// floorOf chooses the floor for a parker and a unit; nil if it was not measured.
func floorOf(floors []*source.Cell, park, unit string) *source.Cell {
	want := record.FloorPark(park, unit)
	for _, f := range floors {
		if f.Parsed.Park == want && len(f.Values(unit)) > 0 {
			return f
		}
	}
	return nil
}
