package sections

import (
	"fmt"
	"slices"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/report/page"
)

// simulatedDocument lays out a report of simulated runs. It has no verdicts: these are
// about differences that a machine can tell from its noise, and a model has none. What
// stands in their place are orders and crossings that hold over seeds and constants.
func (b *builder) simulatedDocument() page.Document {
	sections := []page.Section{b.cores(), b.where()}
	for _, s := range []page.Section{b.latency(), b.cost()} { // what they lack is for measurements to have
		if s.Blocks, _ = present(s.Blocks); len(s.Blocks) > 0 {
			sections = append(sections, s)
		}
	}
	b.headline = b.simulatedHeadline()
	b.fold(sections)
	return page.Document{
		Title:    b.title(),
		Lead:     "Simulated: " + b.lead(),
		Headline: b.headline,
		Facts:    b.facts(),
		Terms:    b.terms(),
		Home:     home,
		Sections: append(sections, b.reading(), b.method()),
	}
}

// simulatedHeadline says in up to three sentences what the curves show.
func (b *builder) simulatedHeadline() page.Statements {
	scenes := b.coreScenes()
	if len(scenes) == 0 {
		return nil
	}
	var all page.Statements
	widest, text := 1.0, ""
	for _, sc := range scenes {
		unit := b.primary(sc.series[0])
		most := slices.Max(workersOf(sc))
		designs := b.at(sc, unit, float64(most))
		if len(designs) < 2 {
			continue
		}
		first, last := designs[0], designs[len(designs)-1]
		ratio := ratioAt(last.points, first.points, float64(most))
		size := max(ratio.Mid, 1/ratio.Mid)
		if size > widest {
			widest = size
			text = fmt.Sprintf("The designs are farthest apart in %s: with %s, %s is ×%.2f of %s (×%.2f to ×%.2f over seeds).",
				sc.title, phrase.Count(most, "worker"), last.name, ratio.Mid, first.name, ratio.Low, ratio.High)
		}
	}
	if text != "" {
		all = append(all, page.Statement{Text: text, Link: page.Link{Text: "orders", ID: "order-at-most"}})
	}
	firm := slices.DeleteFunc(slices.Clone(b.crossed), func(c crossed) bool { return !c.firm() })
	slices.SortStableFunc(firm, func(c, d crossed) int { return d.machines - c.machines })
	switch {
	case len(b.crossed) == 0:
		all = append(all, page.Statement{Text: "No two designs change places as cores are added.", Link: page.Link{Text: "curves", ID: "cores"}})
	case len(firm) == 0:
		all = append(all, page.Statement{Text: fmt.Sprintf("%s, none of them with every seed.", phrase.Count(len(b.crossed), "crossing")), Link: page.Link{Text: "crossings", ID: "crossings"}})
	default:
		c := firm[0]
		everywhere := ""
		if c.all > 0 {
			n := 0
			for _, c := range firm {
				if c.everywhere() {
					n++
				}
			}
			everywhere = fmt.Sprintf(", %d of them on every varied machine", n)
			if n == 0 {
				everywhere = ", none of them on every varied machine"
			}
		}
		text := fmt.Sprintf("%s with every seed%s: for example, in %s %s is ahead below about %s workers and %s above.",
			phrase.Count(len(firm), "crossing"), everywhere, c.scene.title, c.below, cores(c.X), c.above)
		all = append(all, page.Statement{Text: text, Link: page.Link{Text: "crossings", ID: "crossings"}})
	}
	return append(all, page.Statement{
		Text: "This is a model and no measurement. Orders and crossings that hold with all seeds and constants may be claimed; times, and one parker against another, may not.",
		Link: page.Link{Text: "what was simulated", ID: "cores"},
	})
}
