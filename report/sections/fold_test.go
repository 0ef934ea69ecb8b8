package sections

import (
	"errors"
	"slices"
	"testing"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source/sourcetest"
)

// At most two figures of a cell are open in the whole page. The others are folded, and
// none is lost; a section that has figures shows one.
func TestFold(t *testing.T) {
	made(t, 12)
	if err := errors.Join(sourcetest.RecordCells("submitted", sourcetest.Submitted(), 12, nil), sourcetest.Record("audited", 12, nil)); err != nil {
		t.Fatal(err)
	}
	for _, input := range []string{"run", "submitted", "audited"} {
		b := newBuilder(report(t, "*", input))
		d := b.document()
		count, there := map[string]int{}, map[string]bool{}
		walk(d, func(_ page.Section, block page.Block) {
			if f, ok := block.(page.Figure); ok {
				there[f.ID] = true
			}
		})
		for _, drawn := range b.drawn {
			if !there[drawn.id] {
				t.Errorf("%s: figure %s is lost", input, drawn.id)
			}
		}
		for _, s := range d.Sections {
			open, all := figures(s.Blocks), 0
			walk(page.Document{Sections: []page.Section{s}}, func(_ page.Section, block page.Block) {
				if _, ok := block.(page.Figure); ok {
					all++
				}
			})
			if all > 0 && len(open) == 0 && s.ID != "verdicts" {
				t.Errorf("%s: section %s has %d figures, and all are folded", input, s.ID, all)
			}
			for _, id := range open {
				if i := slices.IndexFunc(b.drawn, func(d drawing) bool { return d.id == id }); i >= 0 {
					for _, c := range b.drawn[i].own {
						count[c]++
					}
				}
			}
		}
		most := 0
		for cell, n := range count {
			most = max(most, n)
			if n > mostOpen {
				t.Errorf("%s: %d figures of %s are open", input, n, cell)
			}
		}
		if most != mostOpen {
			t.Errorf("%s: at most %d figures of a cell are open, where %d may be", input, most, mostOpen)
		}
	}
}

func TestFoldedTitle(t *testing.T) {
	for want, titles := range map[string][]string{
		"Figure: Tail: wake":                 {"Tail: wake"},
		"2 figures: Tail; Boxes: wake":       {"Tail: wake", "Boxes: wake"},
		"2 figures: Tail: wake; poisson":     {"Tail: wake", "Tail: poisson"},
		"2 figures: Tail: wake; Boxes: idle": {"Tail: wake", "Boxes: idle"},
		"2 figures: Tail; Boxes":             {"Tail", "Boxes"},
	} {
		var blocks []page.Block
		for _, title := range titles {
			blocks = append(blocks, page.Figure{Figure: &plot.Figure{Title: title}}, page.Text("about it"))
		}
		if got := foldedTitle(blocks); got != want {
			t.Errorf("%q: %q, want %q", titles, got, want)
		}
	}
}
