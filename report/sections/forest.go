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

// forestRows is how many comparisons a forest plot shows, unless more are
// significant: those are always drawn.
const forestRows = 40

// forest draws the judged ratios, if one of them has an interval. It returns the ID of
// the figure, "" if there is none.
func (b *builder) forest(g verdict.Group) (blocks []page.Block, id string) {
	f := g.Family
	var ratios []plot.Ratio
	needed, intervals := 0, false
	var words []string
	for _, c := range f.Comparisons {
		if c.Judged {
			needed = max(needed, c.Needed)
		}
	}
	drawn, judged := forestOf(f)
	for _, c := range drawn {
		r := plot.Ratio{Name: terse.Replace(b.comparedTitle(g, c)) + ": " + c.New.Column + mark(c) + harnessMark(g, c), Ratio: c.Effect.Ratio, Hi: math.Inf(1), Verdict: plot.Verdict(c.Verdict)}
		if i := c.Effect.Interval; i != nil {
			r.Lo, r.Hi = i.Lo, i.Hi
			intervals = true
		}
		ratios = append(ratios, r)
		words = addNew(words, c.New.Name)
	}
	if !intervals {
		missing := page.Missing{What: "There is no forest plot: no ratio has an interval."}
		if needed > 0 {
			missing.What = fmt.Sprintf("There is no forest plot: no ratio has an interval. A family of this size needs at least %d valid rounds.", needed)
			missing.How = fmt.Sprintf("bench run -count %d", needed+2)
		}
		return []page.Block{missing}, ""
	}
	fig := plot.Forest(b.caption(prefix(g)+"forest", "Ratio to "+f.Baseline+belowIsBetter(f), nil), plot.Quantity{Name: "ratio"}, f.Margin, ratios...)
	blocks = append(blocks, b.figure(fig, howForest, strings.Join(words, " ")))
	if moved := slices.IndexFunc(drawn, func(c compare.Comparison) bool { return harnessMark(g, c) != "" }); moved >= 0 {
		blocks = append(blocks, page.Text(movedMark+" depends on the harness: the tables name the property and the factor."))
	}
	if judged > len(ratios) {
		blocks = append(blocks, page.Text(fmt.Sprintf("%d of %d judged comparisons are drawn, the significant ones first; the table below has all.", len(ratios), judged)))
	}
	return blocks, fig.ID
}

// forestOf returns the judged comparisons with a ratio that are drawn, the significant
// ones first, and how many are judged in all.
func forestOf(f compare.Family) (drawn []compare.Comparison, judged int) {
	var decided, open []compare.Comparison
	for _, c := range f.Comparisons {
		if !c.Judged {
			continue
		}
		judged++
		switch {
		case c.Effect == nil:
		case c.Verdict == compare.Unresolved:
			open = append(open, c)
		default:
			decided = append(decided, c)
		}
	}
	return append(decided, open[:min(len(open), max(0, forestRows-len(decided)))]...), judged
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
