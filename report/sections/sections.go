package sections

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/label"
	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

// HTML writes the report as a page.
func HTML(w io.Writer, r *format.Report) error {
	return page.Render(w, Document(r))
}

// Document lays the report out.
func Document(r *format.Report) page.Document { return newBuilder(r).document() }

func (b *builder) document() page.Document {
	if b.onlySimulated() {
		return b.simulatedDocument()
	}
	measured := []page.Section{b.validity(), b.latency(), b.cost(), b.scaling(), b.contention(), b.stages(), b.order()}
	if slices.ContainsFunc(b.inputs, isSimulated) {
		measured = append(measured, b.cores(), b.where())
	}
	verdicts := b.verdicts() // last, since verdicts lead to figures
	for i := range measured {
		b.linkFigures(measured[i].Blocks)
	}
	if !b.hasFolder() {
		measured = b.collapse(measured)
	}
	b.fold(measured)
	return page.Document{
		Title:    b.title(),
		Lead:     b.lead(),
		Headline: b.headline,
		Facts:    b.facts(),
		Terms:    b.terms(),
		Home:     home,
		Sections: slices.Concat(b.advice(), []page.Section{verdicts}, measured, []page.Section{b.reading(), b.method()}),
	}
}

// hasFolder reports whether one of the inputs is a result folder.
func (b *builder) hasFolder() bool {
	return slices.ContainsFunc(b.Source.Inputs, func(in *source.Input) bool { return in.Kind == source.Folder })
}

// collapse puts what is missing into one list: a file of "go test -bench" or a profile
// is no run of the suite, and the reader looks for what is there.
func (b *builder) collapse(sections []page.Section) (kept []page.Section) {
	var missing page.List
	for _, s := range sections {
		var lacks []page.Missing
		if s.Blocks, lacks = present(s.Blocks); len(s.Blocks) > 0 {
			kept = append(kept, s)
		}
		for _, m := range lacks {
			missing = append(missing, m.What)
		}
	}
	if len(missing) == 0 {
		return kept
	}
	return append(kept, page.Section{
		ID:    "missing",
		Title: "What these inputs do not show",
		Lead:  "A result folder of \"bench run\" has most of this.",
		Blocks: []page.Block{
			missing,
			page.Commands{About: "To measure, and make a page of it:", Lines: append(b.bench(nil, "run", "-o", "results/run"), b.anywhere("report -o report.html results/run"))},
		},
	})
}

// present divides blocks into what is there and what is missing. Headings with nothing
// below them go.
func present(all []page.Block) (blocks []page.Block, missing []page.Missing) {
	trim := func() {
		if last := len(blocks) - 1; last >= 0 {
			if _, empty := blocks[last].(page.Heading); empty {
				blocks = blocks[:last]
			}
		}
	}
	for _, block := range all {
		switch block := block.(type) {
		case page.Missing:
			missing = append(missing, block)
			continue
		case page.Heading:
			trim()
		}
		blocks = append(blocks, block)
	}
	trim()
	return blocks, missing
}

// A builder makes the sections of one report.
type builder struct {
	*format.Report
	inputs   []*source.Input // those with measurements
	labels   map[*source.Input]string
	scenes   []scene
	palette  *plot.Palette
	ids      map[string]int
	hows     map[string]string      // the figures that say how their kind is read
	drawn    []drawing              // figures with the cells in them
	judgeds  map[string][]page.Link // by cell: the rows of verdicts about it
	headline page.Statements
	units    map[string]bool // that are shown
	varied   map[*source.Input]map[string]map[simulated.Variation][]*source.Launch
	crossed  []crossed                  // the crossings that the page shows
	usual    map[string]string          // by workload: the submitter that goes without saying
	varying  map[string]map[string]bool // by workload: the parameters with several values, "workers" among them
}

func newBuilder(r *format.Report) *builder {
	b := &builder{Report: r, labels: map[*source.Input]string{}, ids: map[string]int{}, hows: map[string]string{}, judgeds: map[string][]page.Link{}, units: map[string]bool{},
		varied: map[*source.Input]map[string]map[simulated.Variation][]*source.Launch{}}
	for _, in := range r.Source.Inputs {
		if len(in.Cells) > 0 {
			b.inputs = append(b.inputs, in)
		}
	}
	var names []string
	for _, in := range b.inputs {
		names = append(names, in.Name)
	}
	for i, short := range label.Apart(names...) {
		b.labels[b.inputs[i]] = short
	}
	b.findVarying()
	var references []string
	b.scenes, names, references = b.makeScenes()
	b.palette = plot.NewPalette(names...)
	b.palette.References(references...)
	return b
}

// figure is a block. Only the first of its kind says how to read it.
func (b *builder) figure(f *plot.Figure, how, words string) page.Figure {
	fig := page.Figure{Figure: f, Cell: words}
	if at, ok := b.hows[how]; ok {
		fig.HowAt = at
	} else {
		fig.How = how
		b.hows[how] = f.ID
	}
	return fig
}

// id returns a new ID with a prefix.
func (b *builder) id(prefix string) string {
	b.ids[prefix]++
	if n := b.ids[prefix]; n > 1 {
		return fmt.Sprintf("%s-%d", prefix, n)
	}
	return prefix
}

// caption is the caption of a figure of the scene, or of several if it is nil.
func (b *builder) caption(prefix, title string, s *scene) plot.Caption {
	c := plot.Caption{ID: b.id(prefix), Title: title, Palette: b.palette}
	if s != nil {
		c.Title += ": " + s.title
		b.drawn = append(b.drawn, drawing{c.ID, s.names(), s.ownNames()})
	}
	return c
}

func (b *builder) title() string {
	if len(b.inputs) == 1 {
		return "idlebench: " + plot.Label(b.labels[b.inputs[0]])
	}
	return fmt.Sprintf("idlebench: %s", phrase.Count(len(b.Source.Inputs), "input"))
}

// lead is how much was measured.
func (b *builder) lead() string {
	var cells, launches, invalid, failed int
	for _, in := range b.inputs {
		cells += len(in.Cells)
		launches += len(in.Launches)
		for _, l := range in.Launches {
			if !l.Valid() {
				invalid++
			}
		}
		for _, c := range in.Cells {
			failed += len(c.Failures)
		}
	}
	parts := []string{phrase.Count(cells, "cell"), phrase.Count(launches, "launch")}
	if invalid > 0 {
		parts[1] += fmt.Sprintf(", %d of them invalid", invalid)
	}
	if failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", failed))
	}
	if n := len(b.Source.Profiles); n > 0 {
		parts = append(parts, phrase.Count(n, "profile"))
	}
	if n := len(b.Source.NotUsed); n > 0 {
		parts = append(parts, phrase.Count(n, "part")+" of the input not used")
	}
	return strings.Join(parts, ", ") + "."
}

// facts are those that a reader looks for first. The rest is in the section on validity.
func (b *builder) facts() page.Facts {
	var facts page.Facts
	for _, f := range []struct{ name, key string }{
		{"CPU", "cpu"}, {"CPUs", "cpus"}, {"virtualised", "virtualised"}, {"kernel", "kernel"}, {"Go", "go"}, {"commit", "commit"}, {"date", "date"},
	} {
		var values []string
		for _, in := range b.inputs {
			for _, v := range config(in, f.key) {
				if f.key == "commit" && len(v) > 12 {
					v = v[:12] // as git writes it; the whole one is in the section on validity
				}
				values = addNew(values, v)
			}
		}
		if len(values) > 0 {
			facts = append(facts, page.Fact{Name: f.name, Value: strings.Join(values, "; ")})
		}
	}
	return facts
}

// config returns the values of a key.
func config(in *source.Input, key string) (values []string) {
	for _, p := range in.Config {
		if p.Key == key {
			values = addNew(values, p.Value)
		}
	}
	return values
}

func addNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}
