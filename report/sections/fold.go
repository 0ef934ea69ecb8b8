package sections

import (
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/report/page"
)

// mostOpen is how many figures of a cell are open in the whole page. With all of them
// open a page is forty screens long, and says the same about the first cells again and
// again.
const mostOpen = 2

// fold puts figures into details, with what is said about them, until no cell is in more
// than mostOpen figures that are open. The first figure of each section stays before
// others, since a section without one shows nothing, and then the first under each
// heading. Figures of no cell in particular, such as forest plots, stay.
func (b *builder) fold(sections []page.Section) {
	cells := map[string][]string{}
	for _, d := range b.drawn {
		cells[d.id] = d.own
	}
	open, count := map[string]bool{}, map[string]int{}
	try := func(id string) bool {
		if open[id] {
			return true
		}
		for _, c := range cells[id] {
			if count[c] >= mostOpen {
				return false
			}
		}
		open[id] = true
		for _, c := range cells[id] {
			count[c]++
		}
		return true
	}
	for _, s := range sections {
		for _, id := range figures(s.Blocks) {
			if try(id) {
				break
			}
		}
	}
	for _, s := range sections {
		for _, part := range underHeadings(s.Blocks) {
			if ids := figures(part); len(ids) > 0 {
				try(ids[0])
			}
		}
	}
	for i := range sections {
		for _, id := range figures(sections[i].Blocks) {
			try(id)
		}
		sections[i].Blocks = folded(sections[i].Blocks, open)
	}
}

// figures returns the IDs of the figures that are not in details.
func figures(blocks []page.Block) (ids []string) {
	for _, block := range blocks {
		if f, ok := block.(page.Figure); ok {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// underHeadings divides blocks before each heading.
func underHeadings(blocks []page.Block) (parts [][]page.Block) {
	from := 0
	for i, block := range blocks {
		if _, ok := block.(page.Heading); ok {
			parts = append(parts, blocks[from:i])
			from = i
		}
	}
	return append(parts, blocks[from:])
}

// folded puts figures that are not open into details. Text and tables that follow such a
// figure are about it, and go with it.
func folded(blocks []page.Block, open map[string]bool) (all []page.Block) {
	var closed []page.Block
	flush := func() {
		if len(closed) > 0 {
			all = append(all, page.Details{Summary: foldedTitle(closed), Blocks: closed})
		}
		closed = nil
	}
	for _, block := range blocks {
		switch block := block.(type) {
		case page.Figure:
			if !open[block.ID] {
				closed = append(closed, block)
				continue
			}
		case page.Text, page.Table:
			if len(closed) > 0 {
				closed = append(closed, block)
				continue
			}
		}
		flush()
		all = append(all, block)
	}
	flush()
	return all
}

// foldedTitle names the figures among the blocks. What the titles have in common, before
// or after a colon, is said once.
func foldedTitle(blocks []page.Block) string {
	var titles, whats, wheres []string
	for _, block := range blocks {
		if f, ok := block.(page.Figure); ok {
			what, where, _ := strings.Cut(f.Title, ": ")
			titles, whats, wheres = append(titles, f.Title), addNew(whats, what), addNew(wheres, where)
		}
	}
	if len(titles) == 1 {
		return "Figure: " + titles[0]
	}
	text := phrase.Count(len(titles), "figure") + ": "
	switch {
	case slices.Contains(wheres, ""):
		return text + strings.Join(titles, "; ")
	case len(wheres) == 1:
		return text + strings.Join(whats, "; ") + ": " + wheres[0]
	case len(whats) == 1:
		return text + whats[0] + ": " + strings.Join(wheres, "; ")
	}
	return text + strings.Join(titles, "; ")
}
