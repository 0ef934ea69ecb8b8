package sections

import (
	"slices"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// A drawing is a figure with the names of the cells in it.
type drawing struct {
	id    string
	cells []string
	own   []string // without those that are there for scale, in scenes of other parkers too
}

// ownNames are the names of the cells that the scene is about.
func (s *scene) ownNames() []string {
	return s.with(func(s series) bool { return s.role == record.Implementation && !s.own }).names()
}

// names are those of the scene's cells.
func (s *scene) names() (names []string) {
	for _, series := range s.series {
		names = addNew(names, series.cell.Name)
	}
	return names
}

// linkVerdict makes a cell of a table the place of the verdict on some comparisons. It
// leads to the figure that has the most of their cells, the first of several, and that
// figure leads back; without one it leads to otherwise, which may be empty.
func (b *builder) linkVerdict(cell *page.Cell, name, otherwise string, of []compare.Comparison) {
	cell.ID, cell.To = b.id("verdict"), otherwise
	var names []string
	for _, c := range of {
		names = addNew(addNew(names, c.Old.Name), c.New.Name)
	}
	most := 0
	for _, d := range b.drawn {
		n := 0
		for _, name := range names {
			if slices.Contains(d.cells, name) {
				n++
			}
		}
		if n > most {
			most, cell.To = n, d.id
		}
	}
	for _, cellName := range names {
		b.judgeds[cellName] = append(b.judgeds[cellName], page.Link{Text: name, ID: cell.ID})
	}
}

// linkFigures gives figures the links to the verdicts on their cells.
func (b *builder) linkFigures(blocks []page.Block) {
	for i, block := range blocks {
		switch block := block.(type) {
		case page.Details:
			b.linkFigures(block.Blocks)
		case page.Figure:
			at := slices.IndexFunc(b.drawn, func(d drawing) bool { return d.id == block.ID })
			if at < 0 {
				continue
			}
			for _, name := range b.drawn[at].cells {
				for _, l := range b.judgeds[name] {
					if !slices.Contains(block.Links, l) {
						block.Links = append(block.Links, l)
					}
				}
			}
			block.Links = block.Links[:min(len(block.Links), mostLinks)]
			blocks[i] = block
		}
	}
}

// mostLinks is how many verdicts a figure links to: a sweep has many.
const mostLinks = 8

// headlined adds a group in three sentences, each with a link to what it is based on,
// to the head of the page.
func (b *builder) headlined(g verdict.Group, managers, parkers string) {
	for _, of := range []struct{ text, link, id string }{
		{g.Headline.Parker, "Parkers", parkers}, {g.Headline.Subject, "Comparisons", managers}, {g.Headline.Trust, "Validity", "validity"},
	} {
		if of.text == "" {
			continue
		}
		if len(b.Groups) > 1 {
			of.text = groupTitle(g) + ": " + of.text
		}
		b.headline = append(b.headline, page.Statement{Text: of.text, Link: page.Link{Text: of.link, ID: of.id}})
	}
}

// verdictName names the verdict on a row for the figures that lead to it.
func verdictName(g verdict.Group, a verdict.Answer) string {
	switch {
	case g.Impl != "":
		return "parkers of " + plot.Label(g.Impl)
	case g.Column == "/impl" && a.Park != "":
		return "managers with " + plot.Label(a.Park)
	}
	return "verdict"
}
