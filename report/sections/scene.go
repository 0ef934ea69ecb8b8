package sections

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
)

// A scene is cells that are looked at side by side. See the package documentation.
type scene struct {
	title    string // "wake, futex": what distinguishes it from other scenes
	full     string // "wake, gap=200us, futex, 1 worker"
	workload string
	cell     record.Cell // without an implementation; zero if the name is not of the suite's form
	series   []series
}

// A series is a cell in a scene.
type series struct {
	name string // the same wherever the implementation is shown
	cell *source.Cell
	in   *source.Input
	role record.Role
	own  bool // it is in scenes of other parkers, with its parker in the name if need be
}

// words are those by which what is shown of the scene can be filtered: its title,
// and the implementations and parkers that it is about. References are in nearly
// every scene, and their parkers say nothing of it.
func (s *scene) words() string {
	words := []string{s.full}
	for _, series := range s.series {
		switch c := series.cell.Parsed; {
		case series.role != record.Implementation:
		case c == nil:
			words = addNew(words, series.cell.Name)
		default:
			words = addNew(addNew(words, c.Impl), c.Park)
		}
	}
	return strings.Join(words, " ")
}

// with returns the scene with the series only for which keep is true.
func (s *scene) with(keep func(series) bool) *scene {
	c := *s
	c.series = nil
	for _, series := range s.series {
		if keep(series) {
			c.series = append(c.series, series)
		}
	}
	return &c
}

// makeScenes returns the scenes in the order of their first cells, and the names of
// their series: implementations, then references and floors.
func (b *builder) makeScenes() (scenes []scene, names, references []string) {
	byKey := map[string]int{}
	add := func(key, short, full string, c record.Cell, s series) {
		i, ok := byKey[key]
		if !ok {
			i = len(scenes)
			byKey[key] = i
			scenes = append(scenes, scene{title: short, full: full, workload: c.Workload, cell: c})
		}
		scenes[i].series = append(scenes[i].series, s)
	}
	var besides []series
	for _, in := range b.inputs {
		own := ownParkers(in)
		for _, c := range in.Cells {
			s := series{cell: c, in: in, role: c.Role}
			switch {
			case c.Role == record.Calibration:
			case c.Parsed == nil:
				s.name = b.labels[in]
				head, _, _ := strings.Cut(c.Name, "/")
				add(c.Title(), plot.Label(c.Title()), plot.Label(c.Title()), record.Cell{Workload: head}, s)
			case own[subject{c.Parsed.Impl, c.Parsed.Park}] != "":
				s.name, s.own = b.named(in, own[subject{c.Parsed.Impl, c.Parsed.Park}]), true
				besides = append(besides, s)
			default:
				s.name = b.named(in, c.Parsed.Impl)
				at := *c.Parsed
				at.Impl = ""
				config := ""
				if c.Config != "" {
					config = ", " + plot.Label(c.Config)
				}
				add(at.Name()+config, b.short(at)+config, b.full(at)+config, at, s)
			}
		}
	}
	shown := len(scenes)
	for _, s := range besides {
		at, found := *s.cell.Parsed, false
		for i := range scenes[:shown] {
			to := scenes[i].cell
			if to.Workload == at.Workload && slices.Equal(to.Params, at.Params) && (to.Workers == at.Workers || s.role == record.Floor) {
				scenes[i].series = append(scenes[i].series, s)
				found = true
			}
		}
		if !found {
			at.Impl, at.Park = "", ""
			add(at.Name(), b.short(at), b.full(at), at, s)
		}
	}
	for _, s := range scenes {
		for _, series := range s.series {
			if series.role == record.Implementation {
				names = addNew(names, series.name)
			}
		}
	}
	for _, s := range besides {
		if s.role == record.Implementation {
			names = addNew(names, s.name)
		} else {
			references = addNew(references, s.name)
		}
	}
	return scenes, names, references
}

// named is the name of a series of an input.
func (b *builder) named(in *source.Input, name string) string {
	if len(b.inputs) > 1 {
		return name + ", " + b.labels[in]
	}
	return name
}

// A subject is an implementation with a parker.
type subject struct{ impl, park string }

// ownParkers returns, with their names, the subjects that are in scenes of other parkers,
// since no other implementation has their parker or since they are references.
func ownParkers(in *source.Input) map[subject]string {
	parks := map[string][]string{} // of an implementation
	impls := map[string][]string{} // with a parker, those under test
	roles := map[subject]record.Role{}
	shared := false
	for _, c := range in.Cells {
		if c.Parsed == nil || c.Role == record.Calibration {
			continue
		}
		s := subject{c.Parsed.Impl, c.Parsed.Park}
		roles[s] = c.Role
		parks[s.impl] = addNew(parks[s.impl], s.park)
		if c.Role == record.Implementation {
			impls[s.park] = addNew(impls[s.park], s.impl)
			shared = shared || len(impls[s.park]) > 1
		}
	}
	own := map[subject]string{}
	for s, role := range roles {
		if role == record.Implementation && (!shared || len(impls[s.park]) > 1 || len(parks[s.impl]) > 1) {
			continue
		}
		own[s] = s.impl
		// It appears in scenes of other parkers too, so its name says that its workers
		// are goroutines.
		if len(parks[s.impl]) > 1 || strings.HasPrefix(s.park, record.GoPrefix) {
			own[s] += " " + s.park
		}
	}
	return own
}

// title names a cell, or what several have in common.
func title(c record.Cell) string {
	words := []string{strings.ReplaceAll(c.Workload, "_", " ")}
	for _, p := range c.Params {
		words = append(words, p.Name+"="+p.Value)
	}
	if c.Impl != "" {
		words = append(words, c.Impl)
	}
	if c.Park != "" {
		words = append(words, c.Park)
	}
	if c.Workers > 0 {
		words = append(words, phrase.Count(c.Workers, "worker"))
	}
	return strings.Join(words, ", ")
}

// full is the title without the submitter where that goes without saying.
func (b *builder) full(c record.Cell) string {
	if usual := b.usual[c.Workload]; usual != "" {
		c.Params = slices.DeleteFunc(slices.Clone(c.Params), func(p record.Param) bool { return p.Name == verdict.Submitter && p.Value == usual })
	}
	return title(c)
}

// short is the title without what is the same in all cells of the workload.
func (b *builder) short(c record.Cell) string {
	vary := b.varying[c.Workload]
	c.Params = slices.DeleteFunc(slices.Clone(c.Params), func(p record.Param) bool { return !vary[p.Name] })
	if !vary["workers"] {
		c.Workers = 0
	}
	return title(c)
}

// findVarying notes, for each workload, which parameters have several values, and
// whether "workers" does. A parameter that is known in one folder only varies.
func (b *builder) findVarying() {
	values := map[string]map[string][]string{}
	var all []record.Cell
	for _, in := range b.inputs {
		for _, c := range in.Cells {
			if c.Parsed == nil || c.Role == record.Floor {
				continue
			}
			all = append(all, *c.Parsed)
			v := values[c.Parsed.Workload]
			if v == nil {
				v = map[string][]string{}
				values[c.Parsed.Workload] = v
			}
			v["workers"] = addNew(v["workers"], fmt.Sprint(c.Parsed.Workers))
			for _, p := range c.Parsed.Params {
				v[p.Name] = addNew(v[p.Name], p.Value)
			}
		}
	}
	b.usual = verdict.Usual(b.inputs, all)
	b.varying = map[string]map[string]bool{}
	for workload, v := range values {
		b.varying[workload] = map[string]bool{}
		for name, list := range v {
			b.varying[workload][name] = len(list) > 1
		}
	}
}

// preferred is the parker whose scenes are drawn first, where there are some: it is the
// shortest way to sleep that a system has, so it hides least of what an implementation
// does.
const preferred = "futex"

// pick chooses at most n of the scenes: one of each workload, then a second of each,
// and so on, first those with the preferred parker. They stay in their order.
func pick(scenes []*scene, n int) []*scene {
	rank := map[*scene]int{}
	seen := map[string]int{}
	for _, first := range []bool{true, false} {
		for _, s := range scenes {
			if (s.cell.Park == preferred) == first {
				rank[s] = seen[s.workload]
				seen[s.workload]++
			}
		}
	}
	order := slices.Clone(scenes)
	slices.SortStableFunc(order, func(a, b *scene) int { return rank[a] - rank[b] })
	chosen := map[*scene]bool{}
	for _, s := range order[:min(n, len(order))] {
		chosen[s] = true
	}
	return slices.DeleteFunc(slices.Clone(scenes), func(s *scene) bool { return !chosen[s] })
}

// having returns the scenes in which something is true of a series.
func (b *builder) having(is func(series) bool) (scenes []*scene) {
	for i := range b.scenes {
		if slices.ContainsFunc(b.scenes[i].series, is) {
			scenes = append(scenes, &b.scenes[i])
		}
	}
	return scenes
}

// merged combines the scenes that are equal once blur is applied, each under the title
// of what is left.
func (b *builder) merged(scenes []*scene, blur func(*record.Cell)) (all []*scene) {
	byKey := map[string]*scene{}
	for _, s := range scenes {
		if s.cell.Workers == 0 {
			continue
		}
		c := s.cell
		c.Params = slices.Clone(c.Params)
		blur(&c)
		key := c.Name()
		to := byKey[key]
		if to == nil {
			to = &scene{title: b.short(c), full: b.full(c), workload: c.Workload, cell: c}
			byKey[key] = to
			all = append(all, to)
		}
		for _, series := range s.series {
			if !slices.Contains(to.series, series) {
				to.series = append(to.series, series)
			}
		}
	}
	return all
}

// param returns the value of a parameter.
func param(c record.Cell, name string) (value string, ok bool) {
	for _, p := range c.Params {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// p50 finds the unit of a latency's median; the first is that of the histogram.
var p50 = regexp.MustCompile(`^p50-(?:ns|sec)/(.+)$`)

// latencyOf returns what the latency of a cell is counted per, such as "wake"; ""
// if it has none.
func latencyOf(c *source.Cell) string {
	for _, l := range c.Launches {
		for _, m := range l.Metrics {
			if found := p50.FindStringSubmatch(m.Unit); found != nil {
				return found[1]
			}
		}
	}
	return ""
}

// latencyName names the latency of a scene.
func latencyName(s *scene) string {
	for _, series := range s.series {
		if per := latencyOf(series.cell); per != "" {
			return latencyPer(per)
		}
	}
	return "latency"
}

// latencyPer names a latency by what it is counted per.
func latencyPer(per string) string {
	switch per {
	case "wake":
		return "wake-up latency"
	case "task":
		return "task latency"
	case "rest":
		return "time to rest"
	case "shutdown":
		return "time to shut down"
	}
	return "latency per " + per
}
