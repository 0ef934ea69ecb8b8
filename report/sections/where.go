package sections

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
)

// simulatedStates are the states of simulated CPUs, those of a worker that is busy; the tallest of a timeline
// first.
var simulatedStates = []string{"running", "searching", "spinning", "stalled", "waking"}

// simulatedUnit is the unit of the time in a state.
func simulatedUnit(state string) string { return state + "-ns/task" }

// where says where the time went on simulated cores.
func (b *builder) where() page.Section {
	s := page.Section{
		ID:    "where",
		Title: "Where the time went",
		Lead: "What the simulated CPUs of the workers did for each task, which lines of memory they waited for, and what a window of the execution looks like. " +
			"All at the largest number of workers, unless it says otherwise.",
	}
	has := func(s series) bool {
		return isSimulated(s.in) && s.cell.Parsed != nil && len(s.cell.Values(simulatedUnit("running"))) > 0
	}
	var scenes []*scene
	for _, sc := range b.merged(b.having(has), func(c *record.Cell) { c.Workers = 1 }) {
		sc = sc.with(has)
		most := slices.Max(workersOf(sc))
		sc = sc.with(func(s series) bool { return s.cell.Parsed.Workers == most })
		sc.cell.Workers = most
		sc.title = b.short(sc.cell)
		scenes = append(scenes, sc)
	}
	if len(scenes) == 0 {
		s.Blocks = append(s.Blocks, page.Missing{What: "No simulated launch is there."})
		return s
	}
	drawn := pick(scenes, mostCores)
	s.Blocks = append(s.Blocks, page.Heading("By state of the CPUs"))
	for _, sc := range drawn {
		s.Blocks = append(s.Blocks, b.statesFigure(sc))
	}
	s.Blocks = append(s.Blocks, b.left(drawn, scenes)...)
	s.Blocks = append(s.Blocks, page.Heading("By line of memory"))
	for i, sc := range drawn {
		s.Blocks = append(s.Blocks, b.linesFigure(sc, i == 0)...)
	}
	s.Blocks = append(s.Blocks, b.linesTable(scenes))
	return b.withTimelines(s)
}

// statesFigure has a bar for each design.
func (b *builder) statesFigure(sc *scene) page.Block {
	var bars []plot.StackedBar
	for _, s := range sc.series {
		bar := plot.StackedBar{Name: barName(s)}
		for _, state := range simulatedStates {
			b.units[simulatedUnit(state)] = true
			part := 0.0
			if values := s.cell.Values(simulatedUnit(state)); len(values) > 0 {
				part = median(values)
			}
			bar.Parts = append(bar.Parts, part)
		}
		bars = append(bars, bar)
	}
	f := plot.StackedBars(b.caption("states", "Time of the workers' CPUs", sc), plot.Quantity{Name: "time for each task", Unit: "ns"}, simulatedStates, bars...)
	return b.figure(f, howStates, sc.words())
}

// linesFigure has the dearest lines of each design. If it is to be open it is of no cell in
// particular, so that it is not folded.
func (b *builder) linesFigure(sc *scene, open bool) []page.Block {
	var sites []plot.CallSite
	for _, s := range sc.series {
		d, ok := s.in.Simulation.Details[s.cell.Name]
		if !ok {
			continue
		}
		for i, l := range d.Lines {
			if i == mostLineBars {
				break
			}
			sites = append(sites, plot.CallSite{Name: s.name, Site: lineName(l), Delay: float64(l.Waited+l.Moved) / 1000, Contentions: float64(l.Misses)})
		}
	}
	if len(sites) == 0 {
		return nil
	}
	c := plot.Caption{ID: b.id("lines"), Title: "Time spent on lines of memory: " + sc.title, Palette: b.palette}
	if !open {
		b.drawn = append(b.drawn, drawing{c.ID, sc.names(), sc.ownNames()})
	}
	f := plot.Contention(c, plot.Quantity{Name: "time", Unit: "ns"}, plot.Quantity{Name: "moves of the line", Unit: " moves"}, sites...)
	return []page.Block{b.figure(f, howLines, sc.words())}
}

// mostLineBars is how many lines of a design have a bar.
const mostLineBars = 6

// lineName names a line by the fields on it.
func lineName(l simulated.Line) string {
	const most = 3 // fields
	if l.Name == "" {
		return "other memory"
	}
	names := strings.Split(l.Name, ", ")
	for i := 1; i < len(names); i++ { // what two fields have in common is said once
		if at := strings.LastIndex(names[0], "."); at > 0 && strings.HasPrefix(names[i], names[0][:at+1]) {
			names[i] = names[i][at+1:]
		}
	}
	if n := len(names); n > most {
		names = append(names[:most], fmt.Sprintf("%d more", n-most))
	}
	return strings.Join(names, ", ")
}

// linesTable has the lines of all cells.
func (b *builder) linesTable(scenes []*scene) page.Block {
	t := page.Table{ID: b.id("lines-table"), Caption: "Lines of memory, with the first seed", Filter: true, Columns: []page.Column{
		{Title: "workload"}, {Title: "design", Code: true}, {Title: "fields", Code: true}, {Title: "lines", Number: true}, {Title: "accesses", Number: true},
		{Title: "moves", Number: true}, {Title: "waited for it", Number: true}, {Title: "on its way", Number: true}, {Title: "by searching workers", Number: true},
		{Title: "by the submitter", Number: true}, {Title: "taken from the submitter", Number: true}, {Title: "from a worker", Number: true}}}
	for _, sc := range scenes {
		for _, s := range sc.series {
			for _, l := range s.in.Simulation.Details[s.cell.Name].Lines {
				time := func(ps int64) page.Cell { return number(float64(ps)/1000, "ns") }
				by := [...]page.Cell{shareOf(l.Searching, l.Waited+l.Moved), none(), none(), none()}
				if o := l.Owners; o != nil {
					by = [...]page.Cell{by[0], shareOf(o.Waited, l.Waited+l.Moved), shareOf(o.Submitter, l.Misses), shareOf(o.Workers, l.Misses)}
				}
				t.Rows = append(t.Rows, append([]page.Cell{{Text: sc.title}, {Text: s.name}, {Text: lineName(l)}, whole(l.Lines), whole(l.Accesses), whole(l.Misses),
					time(l.Waited), time(l.Moved)}, by[:]...))
			}
		}
	}
	return page.Details{Summary: t.Caption, Blocks: []page.Block{
		page.Text("Who waited is a share of the time in the two columns before. Who owned a line is a share of its moves: for the others some CPUs shared it, or no cache had it."), t}}
}

// shareOf is a part of a whole in percent, none if there is no whole.
func shareOf(part, whole int64) page.Cell {
	if whole <= 0 {
		return none()
	}
	v := float64(part) / float64(whole)
	return page.Cell{Text: percent(v), Value: v}
}

// mostTimelines is how many timelines there are.
const mostTimelines = 6

// withTimelines adds the timelines of the cells that have a trace: of each workload in
// turn.
func (b *builder) withTimelines(s page.Section) page.Section {
	s.Blocks = append(s.Blocks, page.Heading("Timelines"))
	type traced struct {
		scene  *scene
		series series
		rank   int
	}
	var all []traced
	seen := map[string]int{}
	for i := range b.scenes {
		sc := &b.scenes[i]
		for _, series := range sc.series {
			if !isSimulated(series.in) {
				continue
			}
			if _, ok := series.in.Simulation.Traces[series.cell.Name]; ok {
				all = append(all, traced{sc, series, seen[sc.workload]})
				seen[sc.workload]++
			}
		}
	}
	if len(all) == 0 {
		s.Blocks = append(s.Blocks, page.Missing{What: "No cell left a trace."})
		return s
	}
	n := len(all)
	slices.SortStableFunc(all, func(a, b traced) int { return a.rank - b.rank })
	var files page.List
	for _, t := range all {
		files = append(files, simulated.TraceName(*t.series.cell.Parsed))
	}
	for _, t := range all[:min(n, mostTimelines)] {
		s.Blocks = append(s.Blocks, b.timeline(t.scene, t.series))
	}
	text := fmt.Sprintf("%s of the folder can be opened in ui.perfetto.dev", phrase.Count(n, "trace"))
	s.Blocks = append(s.Blocks, page.Details{Summary: text, Blocks: []page.Block{files}})
	return s
}

// timeline draws the trace of a cell.
func (b *builder) timeline(sc *scene, s series) page.Block {
	t := s.in.Simulation.Traces[s.cell.Name]
	var rows []string
	for i := range t.CPUs() {
		name := fmt.Sprintf("worker %d", i-1)
		if i == 0 {
			name = "submitter"
		}
		rows = append(rows, name)
	}
	var all []plot.Stretch
	for _, st := range t.Stretches() {
		if i := slices.Index(simulatedStates, st.State); i >= 0 {
			all = append(all, plot.Stretch{Row: st.CPU, State: i, From: float64(st.From) / 1000, To: float64(st.To) / 1000})
		}
	}
	c := plot.Caption{ID: b.id("timeline"), Title: fmt.Sprintf("What CPUs did at first: %s, %s", sc.title, s.name), Palette: b.palette}
	b.drawn = append(b.drawn, drawing{c.ID, []string{s.cell.Name}, []string{s.cell.Name}})
	f := plot.Timeline(c, plot.Quantity{Name: "time", Unit: "ns"}, rows, simulatedStates, all)
	return b.figure(f, howTimeline, sc.words())
}
