package sections

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// forestRows is how many comparisons without a significant difference a forest plot
// shows. Those with one are always drawn.
const forestRows = 40

// A forest is a forest plot of comparisons of a family, or none.
type forest struct {
	figure page.Figure
	moved  bool // some of its comparisons depend on the harness
	left   int  // comparisons that are not drawn, for lack of room
}

// id is the figure's; "" if there is none.
func (f forest) id() string {
	if f.figure.Figure == nil {
		return ""
	}
	return f.figure.ID
}

// blocks are the figure and what is said of it, with a link to the table of the same
// comparisons.
func (f forest) blocks(table page.Table) (blocks []page.Block) {
	if f.id() == "" {
		return nil
	}
	if len(table.Rows) > 0 {
		f.figure.Links = []page.Link{{Text: "the table", ID: table.ID}}
	}
	blocks = append(blocks, f.figure)
	if f.moved {
		blocks = append(blocks, page.Text(movedMark+" depends on the harness: the tables name the property and the factor."))
	}
	if f.left > 0 {
		blocks = append(blocks, page.Text(fmt.Sprintf("%d more comparisons are not drawn; the tables have all.", f.left)))
	}
	return blocks
}

// forests draws the judged ratios of a group that have an interval: the significant
// ones, and the others. Nothing is drawn of a family in which no ratio has one.
func (b *builder) forests(g verdict.Group) (significant, open forest) {
	decided, unresolved := ratios(g.Family)
	if !slices.ContainsFunc(slices.Concat(decided, unresolved), hasInterval) {
		return forest{}, forest{}
	}
	drawn := unresolved[:min(len(unresolved), forestRows)]
	named := func(c compare.Comparison) string { return ": " + c.New.Column }
	significant, open = b.forest(g, "forest", "Significant: ratio", named, decided), b.forest(g, "forest-open", "Not significant: ratio", named, drawn)
	open.left = len(unresolved) - len(drawn)
	return significant, open
}

// forestOf draws the judged ratios of one column of a group.
func (b *builder) forestOf(g verdict.Group, column string) forest {
	var of []compare.Comparison
	for _, c := range g.Family.Comparisons {
		if c.Judged && c.Effect != nil && c.New.Column == column {
			of = append(of, c)
		}
	}
	if !slices.ContainsFunc(of, hasInterval) {
		return forest{}
	}
	return b.forest(g, "forest", "Ratio of "+column, func(compare.Comparison) string { return "" }, of)
}

// forest draws some comparisons of a group. Named says how a row names its column, after
// its title.
func (b *builder) forest(g verdict.Group, id, title string, named func(compare.Comparison) string, of []compare.Comparison) (f forest) {
	if len(of) == 0 {
		return forest{}
	}
	var all []plot.Ratio
	var words []string
	for _, c := range of {
		r := plot.Ratio{Name: terse.Replace(b.comparedTitle(g, c)) + named(c) + mark(c) + harnessMark(g, c), Ratio: c.Effect.Ratio, Hi: math.Inf(1), Verdict: plot.Verdict(c.Verdict)}
		if i := c.Effect.Interval; i != nil {
			r.Lo, r.Hi = i.Lo, i.Hi
		}
		f.moved = f.moved || harnessMark(g, c) != ""
		all = append(all, r)
		words = addNew(words, c.New.Name)
	}
	caption := b.caption(prefix(g)+id, title+" to "+g.Baseline+belowIsBetter(g.Family), nil)
	f.figure = b.figure(plot.Forest(caption, plot.Quantity{Name: "ratio"}, g.Family.Margin, all...), howForest, strings.Join(words, " "))
	f.figure.ByRow = true
	return f
}

// ratios returns the judged comparisons that have a ratio, the significant and
// equivalent ones and the others.
func ratios(f compare.Family) (decided, open []compare.Comparison) {
	for _, c := range f.Comparisons {
		switch {
		case !c.Judged, c.Effect == nil:
		case c.Verdict == compare.Unresolved:
			open = append(open, c)
		default:
			decided = append(decided, c)
		}
	}
	return decided, open
}

func hasInterval(c compare.Comparison) bool { return c.Effect.Interval != nil }

// rounds says how many rounds a verdict takes, if some comparisons have too few, and
// what to do about it.
func (b *builder) rounds(g verdict.Group) []page.Block {
	needed := 0
	for _, c := range g.Family.Comparisons {
		if c.Judged && c.Verdict == compare.Unresolved && c.Pairs < c.Needed {
			needed = max(needed, c.Needed)
		}
	}
	if needed == 0 {
		return nil
	}
	what := fmt.Sprintf("Some comparisons have too few valid rounds: a family of this size needs at least %d.", needed)
	decided, open := ratios(g.Family)
	if !slices.ContainsFunc(slices.Concat(decided, open), hasInterval) {
		what += " There is no forest plot, since no ratio has an interval."
	}
	inputs := b.inputsOf(g)
	launches, invalid := 0, 0
	for _, in := range inputs {
		for _, l := range in.Launches {
			launches++
			if !l.Valid() {
				invalid++
			}
		}
	}
	var how []string
	share := float64(invalid) / float64(max(launches, 1))
	if share > verdict.ManyInvalid {
		what += fmt.Sprintf(" But %d of %d launches are invalid (%s), and of more rounds on this machine as many would be. Find a quieter machine first; bench doctor says what disturbs this one.", invalid, launches, percent(math.Round(100*share)/100))
		how = b.bench(inputs, "doctor")
	}
	return []page.Block{page.Missing{What: what, How: append(how, b.advise(inputs, "-count", fmt.Sprint(needed+2))...)}}
}

// mark is the dagger of a comparison, if it has one.
func mark(c compare.Comparison) string {
	if c.AtMax() {
		return compare.Dagger
	}
	return ""
}

// terse makes a title fit next to a row of a figure.
var terse = strings.NewReplacer(" workers", "w", " worker", "w", "submitter=", "")
