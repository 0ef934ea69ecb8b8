package sections

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// movedMark follows the name of a ratio in a figure that depends on the harness.
const movedMark = "‡"

// audited reports whether there is an audit of the group's results.
func audited(g verdict.Group) bool { return g.Audit != nil && g.Audit.Why == "" }

// audit says how many of a group's comparisons depend on the harness, and on which
// properties.
func (b *builder) audit(g verdict.Group) []page.Block {
	a := g.Audit
	switch {
	case a == nil:
		return nil
	case a.Why != "":
		return []page.Block{page.Missing{What: a.Why, How: b.bench(b.inputsOf(g), "audit")}}
	}
	blocks := []page.Block{page.Text(a.Summary())}
	var list page.List
	for _, line := range append(a.BetweenParkers(), a.About()...) {
		list = append(list, sentence(line))
	}
	if list != nil {
		blocks = append(blocks, page.Details{Summary: "On which properties of the harness comparisons depend, and what these are", Blocks: []page.Block{list}})
	}
	return blocks
}

// marked adds to the cell of a ratio what moves it, a line for each property.
func marked(cell page.Cell, m verdict.Mark) page.Cell {
	for _, move := range m.Moves {
		cell.Notes = append(cell.Notes, "depends on "+move.String())
	}
	return cell
}

// harness sums up the marks of a row. Factors are next to the ratios.
func harness(a verdict.Answer) page.Cell {
	text, status := a.Harness()
	cell := page.Cell{Text: text, Tone: page.Weak}
	if status == evidence.Moved {
		cell.Tone = page.Strong
	}
	return cell
}

// harnessMark is the mark of a comparison in a figure, if it depends on the harness.
func harnessMark(g verdict.Group, c compare.Comparison) string {
	if len(g.Mark(c).Moves) > 0 {
		return movedMark
	}
	return ""
}

// found are the results of an audit about cells of the input: of their values, and of
// ratios between parkers. The others are marked in the tables of verdicts.
func found(in *source.Input) (results []evidence.Result) {
	if in.Audit == nil {
		return nil
	}
	known := map[string]bool{}
	for _, c := range in.Cells {
		known[c.Name] = true
	}
	for _, r := range in.Audit.Results {
		switch {
		case !known[r.Cell.Name()], r.Unit == "":
		case r.Kind == evidence.Value, r.Parkers() && known[r.Against.Name()]:
			results = append(results, r)
		}
	}
	return results
}

// movedValues says how many cells of the table of absolute values have one that
// depends on the harness; "" if none is known to.
func movedValues(in *source.Input) string {
	cells, moved := map[string]bool{}, map[string]bool{}
	for _, r := range found(in) {
		if r.Kind != evidence.Value || !r.Primary {
			continue
		}
		cells[r.Cell.Name()] = true
		if r.Status == evidence.Moved {
			moved[r.Cell.Name()] = true
		}
	}
	if len(moved) == 0 {
		return ""
	}
	return fmt.Sprintf("The values of %d of %s move beyond ±%s with some property of the harness, and so do their ratios to references and floors. "+
		"Validity lists all of them.", len(moved), phrase.Count(len(cells), "audited cell"), percent(in.Audit.Margin))
}

// moves shows by what factor each property of the harness moves each value, those that
// it moves first. What is steady is counted only.
func (b *builder) moves(in *source.Input) []page.Block {
	results := found(in)
	if len(results) == 0 {
		return nil
	}
	order := map[evidence.Status]int{evidence.Moved: 0, evidence.Undecided: 1, evidence.Steady: 2}
	counts := map[evidence.Status]int{}
	for _, r := range results {
		counts[r.Status]++
	}
	shown := slices.DeleteFunc(results, func(r evidence.Result) bool { return r.Status == evidence.Steady })
	slices.SortStableFunc(shown, func(x, y evidence.Result) int {
		return cmp.Or(order[x.Status]-order[y.Status], cmp.Compare(distance(y.Ratio), distance(x.Ratio)))
	})
	summary := fmt.Sprintf("Audit of the harness: of %s of values and between parkers, %d moved, %d undecided, %d steady",
		phrase.Count(len(results), "result"), counts[evidence.Moved], counts[evidence.Undecided], counts[evidence.Steady])
	t := page.Table{
		ID: b.id("moves"), Caption: "Value with a property of the harness over the usual value; steady ones are omitted", Filter: true,
		Columns: []page.Column{{Title: "property", Code: true}, {Title: "workload"}, {Title: "subject"}, {Title: "unit", Code: true},
			{Title: "factor", Number: true}, {Title: "interval", Number: true}, {Title: "status"}, {Title: "remark"}},
	}
	for _, r := range shown {
		b.units[r.Unit] = true
		t.Rows = append(t.Rows, b.move(r))
	}
	about := page.Text(fmt.Sprintf("Each property was changed alone, in a run of its own with %s. Moved: the interval is entirely beyond ±%s. Steady: entirely within. Undecided: neither. Intervals are %s, uncorrected.",
		phrase.Count(in.Audit.Rounds, "round"), percent(in.Audit.Margin), percent(in.Audit.Confidence)))
	var properties page.List
	for _, p := range in.Audit.Properties {
		properties = append(properties, sentence(p.Name+": "+p.About))
	}
	blocks := []page.Block{about, properties}
	if len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	return []page.Block{page.Details{Summary: summary, Blocks: blocks}}
}

// move is a row of the table of moves.
func (b *builder) move(r evidence.Result) []page.Cell {
	where := r.Cell
	where.Impl, where.Park = "", ""
	subject := r.Cell.Impl + " " + r.Cell.Park
	if r.Parkers() {
		subject += " / " + r.Against.Park
	}
	by, interval := page.Cell{Text: "no ratio", Value: math.NaN(), Tone: page.Weak}, none()
	if r.Ratio > 0 {
		by = page.Cell{Text: "×" + verdict.Times(r.Ratio), Value: r.Ratio}
	}
	if r.Hi > 0 {
		interval = page.Cell{Text: verdict.Times(r.Lo) + " to " + verdict.Times(r.Hi), Value: r.Lo}
	}
	tone := page.Weak
	if r.Status == evidence.Moved {
		tone = page.Strong
	}
	reason, _, _ := strings.Cut(r.Reason, ":")
	return []page.Cell{{Text: r.Property}, {Text: b.short(where)}, {Text: subject}, {Text: r.Unit}, by, interval, {Text: string(r.Status), Tone: tone}, {Text: reason}}
}

// distance is how far a factor is from 1, in either direction.
func distance(ratio float64) float64 {
	if !(ratio > 0) {
		return 0
	}
	return math.Abs(math.Log(ratio))
}
