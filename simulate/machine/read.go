package machine

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/simulate"
)

// version is that of the format. The first one had no go_handoff; a file of that time is
// read as the simulator was then, which took go_wake whatever the waker did next.
const (
	version      = 2
	firstVersion = 1
)

// maxSize is that of a file. One for 4,096 CPUs with the lines between all pairs would
// be larger; calibration stops at fewer.
const maxSize = 8 << 20

var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,63}$`)

// Read reads a machine from the content of a file, whose name is for errors. What is
// wrong with the content is returned as [Mistakes].
func Read(file string, data []byte) (*File, error) {
	if len(data) > maxSize {
		return nil, Mistakes{{file, 1, "", fmt.Sprintf("has %d bytes; want at most %d", len(data), maxSize)}}
	}
	root, err := parse(file, data)
	if err != nil {
		return nil, err
	}
	r := reader{used: make(map[string]bool)}
	f := r.file(root)
	if wrong := root.t.mistakes; len(wrong) > 0 {
		wrong.sort()
		return nil, wrong
	}
	return f, nil
}

// A reader turns a tree into a File. Mistakes are in the tree.
type reader struct {
	first   bool // the file is of the first version
	sources map[string]Source
	used    map[string]bool
}

func (r *reader) file(root node) *File {
	root.table("format", "name", "title", "description", "topology", "costs", "idle", "sources", "calibration")
	switch v := root.child("format"); {
	case !v.there():
		r.first = true // of the two mistakes one is enough
		v.fail("missing; want format = %d, before all tables", version)
	case v.value == int64(firstVersion):
		r.first = true
	case v.value != int64(version):
		v.fail("is %s; this program reads formats %d and %d", kindOf(v.value), firstVersion, version)
	}
	f := &File{Title: root.child("title").text("the maker and model, one line")}
	if strings.Contains(f.Title, "\n") {
		root.child("title").fail("has several lines; want one")
	}
	name := root.child("name")
	f.Name = name.text("a short name")
	if f.Name != "" && !validName.MatchString(f.Name) {
		name.fail("%q; want at most 64 lower-case letters, digits, dots and hyphens", f.Name)
	}
	if d := root.child("description"); d.there() {
		f.Description = d.text("text")
	}
	r.sources = r.readSources(root.child("sources"))
	f.Sources = r.sources
	topology, known := r.topology(root.child("topology"))
	f.Topology = topology
	f.Costs = r.costs(root.child("costs"), topology, known)
	f.Idle = r.idle(root.child("idle"))
	if c := root.child("calibration"); c.there() {
		f.Calibration = r.calibration(c)
	}
	if len(root.t.mistakes) == 0 {
		for _, key := range slices.Sorted(maps.Keys(r.sources)) {
			if !r.used[key] {
				root.child("sources").child(key).fail("no figure has this source; use it or remove it")
			}
		}
	}
	return f
}

func (r *reader) readSources(n node) map[string]Source {
	sources := make(map[string]Source)
	if !n.table() {
		return sources
	}
	const want = "one of measured = how, cited = where, assumed = why"
	for _, key := range n.keys() {
		s := n.child(key)
		sources[key] = Source{} // figures that refer to one that is wrong are not wrong themselves
		if !s.table("measured", "cited", "assumed") {
			continue
		}
		if len(s.keys()) != 1 {
			s.fail("has %d kinds; want %s", len(s.keys()), want)
			continue
		}
		for _, kind := range Kinds() {
			if text := s.child(string(kind)); text.there() {
				sources[key] = Source{kind, text.text("text")}
			}
		}
	}
	return sources
}

// source reads the name of a source.
func (r *reader) source(n node) string {
	if !n.there() {
		n.fail("missing; want the name of a source; each figure has one")
		return ""
	}
	name := n.text("the name of a source")
	if _, ok := r.sources[name]; name != "" && !ok {
		n.fail("there is no [sources.%s]; want %s", name, list(slices.Sorted(maps.Keys(r.sources))))
	}
	r.used[name] = true
	return name
}

func list(names []string) string {
	if len(names) == 0 {
		return "one that is there; there are none"
	}
	return "one of " + strings.Join(names, ", ")
}

func (r *reader) topology(n node) (t Topology, ok bool) {
	before := len(n.t.mistakes)
	regular := []string{"sockets", "caches", "cores", "threads"}
	if !n.table(append(regular, "cpus", "source")...) {
		return Topology{}, false
	}
	t.Source = r.source(n.child("source"))
	if places := n.child("cpus"); places.there() {
		for _, key := range regular {
			if n.child(key).there() {
				n.child(key).fail("is given as well as cpus; want one of the two")
			}
		}
		t.Places = readPlaces(places)
	} else {
		t.Sockets = n.child("sockets").integer(1, maxCPUs)
		t.Caches = n.child("caches").integer(1, maxCPUs)
		t.Cores = n.child("cores").integer(1, maxCPUs)
		t.Threads = n.child("threads").integer(1, 2)
		if cpus := int64(t.Sockets) * int64(t.Caches) * int64(t.Cores); cpus > maxCPUs || cpus*int64(t.Threads) > maxCPUs {
			n.fail("has %d CPUs; want at most %d", cpus*int64(t.Threads), maxCPUs)
		}
	}
	return t, len(n.t.mistakes) == before
}

// readPlaces reads the CPUs of an irregular machine.
func readPlaces(n node) (places []simulate.CPU) {
	const want = "the numbers of core, last-level cache and socket"
	elements := n.list("lists, each with " + want)
	if len(elements) == 0 || len(elements) > maxCPUs {
		n.fail("has %d CPUs; want 1 to %d", len(elements), maxCPUs)
		return nil
	}
	cache, socket, threads := map[int]int{}, map[int]int{}, map[int]int{}
	for _, e := range elements {
		numbers := e.list("numbers")
		if len(numbers) != 3 {
			e.fail("has %d numbers; want 3: %s", len(numbers), want)
			return nil
		}
		const most = 1 << 20
		p := simulate.CPU{Core: numbers[0].integer(0, most), Cache: numbers[1].integer(0, most), Socket: numbers[2].integer(0, most)}
		if of, known := cache[p.Core]; known && of != p.Cache {
			e.fail("core %d has cache %d here and %d before; a core has one last-level cache", p.Core, p.Cache, of)
		}
		if of, known := socket[p.Cache]; known && of != p.Socket {
			e.fail("cache %d is of socket %d here and of %d before; a cache belongs to one socket", p.Cache, p.Socket, of)
		}
		if threads[p.Core]++; threads[p.Core] > 2 {
			e.fail("core %d has %d threads; want at most 2", p.Core, threads[p.Core])
		}
		cache[p.Core], socket[p.Cache] = p.Cache, p.Socket
		places = append(places, p)
	}
	return places
}

// costs reads the constants. If the topology is not known, since there are mistakes in it,
// neither is whether one is needed that depends on it.
func (r *reader) costs(n node, t Topology, known bool) map[string]Constant {
	var keys []string
	for _, c := range constants {
		keys = append(keys, c.key)
	}
	if !n.table(keys...) {
		return nil
	}
	costs := make(map[string]Constant)
	for _, c := range constants {
		v := n.child(c.key)
		switch needed := c.needed == nil || known && c.needed(t) || !known && v.there(); {
		case r.first && c.key == handoff && !v.there():
		case needed && !v.there():
			v.fail("missing: %s; want { value = %q, source = … }", c.about, c.dimension.example())
		case needed:
			costs[c.key] = r.constant(v, c)
		case known && v.there():
			v.fail("no two CPUs of the topology are at that distance; remove it")
		}
	}
	return costs
}

// constant reads a figure within its limits.
func (r *reader) constant(n node, c constant) (v Constant) {
	if !n.there() {
		n.fail("missing; want { value = %q, source = … }", c.dimension.example())
		return v
	}
	if !n.table("value", "source", "low", "high") {
		return v
	}
	v.Value = c.read(n.child("value"))
	v.Source = r.source(n.child("source"))
	low, high := n.child("low"), n.child("high")
	if low.there() || high.there() {
		// A disturbed batch may be slower than any figure may be.
		spread := constant{dimension: c.dimension, most: max(c.most, 10*s)}
		v.Low, v.High = spread.read(low), spread.read(high)
		switch {
		case v.Low > v.High:
			low.fail("is more than high")
		case r.sources[v.Source].Kind != Measured:
			low.fail("is for figures that were measured; this one is %s", r.sources[v.Source].Kind)
		}
	}
	return v
}

func (c constant) read(n node) int64 {
	d := c.dimension
	text := n.text(d.allowed())
	if text == "" {
		return 0
	}
	value, err := d.parse(text)
	if err != nil {
		n.fail("%v", err)
		return 0
	}
	if value < c.least || value > c.most {
		n.fail("%s is out of range; want %s to %s", text, d.format(c.least), d.format(c.most))
	}
	return value
}

func (r *reader) idle(n node) (states []IdleState) {
	if !n.there() {
		return nil
	}
	for i, e := range n.list("tables with name, after and exit") {
		if i == 16 {
			n.fail("has more than 16 states")
		}
		if !e.table("name", "after", "exit") {
			continue
		}
		state := IdleState{
			Name:  e.child("name").text("the name of the state"),
			After: r.constant(e.child("after"), idleAfter),
			Exit:  r.constant(e.child("exit"), idleExit),
		}
		if i > 0 {
			before := states[len(states)-1]
			if state.After.Value <= before.After.Value {
				e.child("after").fail("is not later than that of %s; want states with the shallowest first", before.Name)
			}
			if state.Exit.Value < before.Exit.Value {
				e.child("exit").fail("is shorter than that of %s; want states with the shallowest first", before.Name)
			}
		}
		states = append(states, state)
	}
	return states
}
