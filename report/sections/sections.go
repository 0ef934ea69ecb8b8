package sections

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

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
func Document(r *format.Report) page.Document {
	b := newBuilder(r)
	return page.Document{
		Title: b.title(),
		Lead:  b.lead(),
		Facts: b.facts(),
		Sections: []page.Section{
			b.verdicts(),
			b.validity(),
			b.latency(),
			b.cost(),
			b.scaling(),
			b.contention(),
			b.stages(),
			b.order(),
			b.reading(),
			b.method(),
		},
	}
}

// A builder makes the sections of one report.
type builder struct {
	*format.Report
	inputs  []*source.Input // those with measurements
	labels  map[*source.Input]string
	scenes  []scene
	palette *plot.Palette
	ids     map[string]int
	units   map[string]bool            // that are shown
	varying map[string]map[string]bool // by workload: the parameters with several values, "workers" among them
}

func newBuilder(r *format.Report) *builder {
	b := &builder{Report: r, labels: map[*source.Input]string{}, ids: map[string]int{}, units: map[string]bool{}}
	for _, in := range r.Source.Inputs {
		if len(in.Cells) > 0 {
			b.inputs = append(b.inputs, in)
		}
	}
	seen := map[string]int{}
	for _, in := range b.inputs {
		seen[filepath.Base(in.Name)]++
	}
	for _, in := range b.inputs {
		b.labels[in] = filepath.Base(in.Name)
		if seen[b.labels[in]] > 1 {
			b.labels[in] = in.Name
		}
	}
	var names []string
	b.findVarying()
	b.scenes, names = b.makeScenes()
	b.palette = plot.NewPalette(names...)
	return b
}

// id returns a new ID with a prefix.
func (b *builder) id(prefix string) string {
	b.ids[prefix]++
	if n := b.ids[prefix]; n > 1 {
		return fmt.Sprintf("%s-%d", prefix, n)
	}
	return prefix
}

// caption is that of a figure of the scene, or of several if it is nil.
func (b *builder) caption(prefix, title string, s *scene) plot.Caption {
	if s != nil {
		title += ": " + s.title
	}
	return plot.Caption{ID: b.id(prefix), Title: title, Palette: b.palette}
}

func (b *builder) title() string {
	if len(b.inputs) == 1 {
		return "idlebench: " + plot.Label(b.labels[b.inputs[0]])
	}
	return fmt.Sprintf("idlebench: %s", count(len(b.Source.Inputs), "input"))
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
	parts := []string{count(cells, "cell"), count(launches, "launch")}
	if invalid > 0 {
		parts[1] += fmt.Sprintf(", %d of them invalid", invalid)
	}
	if failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", failed))
	}
	if n := len(b.Source.Profiles); n > 0 {
		parts = append(parts, count(n, "profile"))
	}
	if n := len(b.Source.NotUsed); n > 0 {
		parts = append(parts, count(n, "part")+" of the input not used")
	}
	return strings.Join(parts, ", ") + "."
}

// facts are what everybody looks for first. The rest is in the section on validity.
func (b *builder) facts() page.Facts {
	var facts page.Facts
	for _, f := range []struct{ name, key string }{
		{"CPU", "cpu"}, {"CPUs", "cpus"}, {"virtualised", "virtualised"}, {"kernel", "kernel"}, {"Go", "go"}, {"commit", "commit"}, {"date", "date"},
	} {
		var values []string
		for _, in := range b.inputs {
			for _, v := range config(in, f.key) {
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

// count writes a number with its noun.
func count(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case strings.HasSuffix(what, "ch"):
		what += "es"
	default:
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
