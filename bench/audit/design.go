package audit

import (
	"errors"
	"runtime"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/calibrate"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
)

// headline has the workloads of a report's first section, with their usual parameters.
var headline = []string{"wake", "poisson", "spawn_many_remote_idle", "wakestorm", "ping_pong", "trickle", "idle"}

// A quick audit has one workload for latency and one for throughput, with one parker that
// uses Go's scheduler and one that does not.
var (
	quickWorkloads = []string{"wake", "spawn_many_remote_idle"}
	quickParks     = []string{loadgen.GoPrefix + "cond", "futex", "go"}
)

// canonical is the implementation that others are compared with, if the audit has it.
const canonical = "bitmap"

// A Selection is what the user asked for. An empty list means everything that an audit
// covers.
type Selection struct {
	Workloads, Impls, Parks []string

	Quick bool
	CPUs  int // to use
	Cores int // physical cores that they belong to; 0 for as many
}

// New designs an audit. Its errors are mistakes of the user, and list the alternatives.
func New(c catalog.Catalog, s Selection) (evidence.Design, error) {
	d := evidence.Design{Whole: !s.Quick && s.Workloads == nil && s.Impls == nil && s.Parks == nil}
	workloads, parks := s.Workloads, s.Parks
	if workloads == nil {
		list := headline
		if s.Quick {
			list = quickWorkloads
		}
		for _, w := range c.Workloads {
			if slices.Contains(list, w.Name) {
				workloads = append(workloads, w.Name)
			}
		}
	}
	c = c.With(slices.Concat(s.Impls, s.Parks)...)
	if s.Quick && parks == nil && s.Impls == nil {
		for _, subject := range c.Subjects() {
			if slices.Contains(quickParks, subject.Park) && !slices.Contains(parks, subject.Park) {
				parks = append(parks, subject.Park)
			}
		}
	}
	cells, err := matrix.Cells(c, matrix.Selection{
		Workloads: workloads,
		Impls:     s.Impls,
		Parks:     parks,
		Size:      matrix.Quick, // each parameter at its usual value
		CPUs:      s.CPUs,
		Cores:     s.Cores,
	})
	if err != nil {
		return d, err
	}
	subjects := c.Subjects()
	for _, cell := range cells {
		// A run always has yardsticks; an audit of a selection does not need them.
		if calibrate.Is(cell.Workload) || s.Impls != nil && !slices.Contains(s.Impls, cell.Impl) && !slices.Contains(s.Impls, catalog.All) {
			continue
		}
		w, _ := workload.Find(c.Workloads, cell.Workload)
		at := slices.IndexFunc(subjects, func(s loadgen.Subject) bool { return s.Impl == cell.Impl && s.Park == cell.Park })
		d.Subjects = append(d.Subjects, evidence.Subject{
			Cell:       cell,
			Reference:  !subjects[at].Hosted && !subjects[at].OneTask,
			Floor:      subjects[at].OneTask,
			Variations: variations(c, w, subjects, cell, subjects[at]),
		})
	}
	d.Baseline = baseline(d.Subjects)
	d.Properties = properties(d.Subjects)
	if len(d.Properties) == 0 {
		return d, errors.New("nothing to audit: the chosen cells have no property that can be varied")
	}
	return d, nil
}

// baseline returns the implementation that others are compared with: the canonical one,
// or else the first, "" if there are only references.
func baseline(subjects []evidence.Subject) (name string) {
	for _, s := range subjects {
		switch {
		case s.Reference || s.Floor:
		case s.Cell.Impl == canonical:
			return canonical
		case name == "":
			name = s.Cell.Impl
		}
	}
	return name
}

// variations returns the variations of a subject's cell.
func variations(c catalog.Catalog, w workload.Workload, subjects []loadgen.Subject, cell record.Cell, subject loadgen.Subject) []evidence.Variation {
	all := append(submitters(w, cell), holdings(subjects, cell)...)
	for _, h := range loadgen.Harnesses() {
		if h.Whole && !launch.CanSlice(c, cell) {
			continue // it is measured so anyway
		}
		if here(h) && h.Unfit(subject) == nil {
			all = append(all, evidence.Variation{Property: h.Name, Cell: matrix.Vary(cell, h.Name)})
		}
	}
	return all
}

// here reports whether this system supports the harness.
func here(h loadgen.Harness) bool {
	switch {
	case h.TimerSlack, h.ClockCall:
		return runtime.GOOS == "linux"
	case h.Mirrored, h.Unconfined:
		return cpu.CanPin
	}
	return true
}

// submitter is the parameter that says who submits, in workloads with a choice.
const submitter = "submitter"

// submitters returns the cell with each other submitter that the workload has.
func submitters(w workload.Workload, cell record.Cell) (all []evidence.Variation) {
	at := slices.IndexFunc(w.Params, func(p workload.Param) bool { return p.Name == submitter })
	if at < 0 {
		return nil
	}
	for _, value := range w.Params[at].Full {
		if value == cell.Params[at].Value {
			continue
		}
		other := cell
		other.Params = slices.Clone(cell.Params)
		other.Params[at].Value = value
		all = append(all, evidence.Variation{Property: submitter + "=" + value, Cell: other})
	}
	return all
}

// The properties that say whether workers are locked to threads.
const (
	locked     = "held=locked"
	goroutines = "held=goroutine"
)

// holdings returns the cell with goroutines instead of locked threads, or the other way
// round, if that exists.
func holdings(subjects []loadgen.Subject, cell record.Cell) []evidence.Variation {
	v := evidence.Variation{Property: goroutines, Cell: cell}
	v.Cell.Park = loadgen.GoPrefix + cell.Park
	if park, ok := strings.CutPrefix(cell.Park, loadgen.GoPrefix); ok {
		v.Property, v.Cell.Park = locked, park
	}
	if !slices.ContainsFunc(subjects, func(s loadgen.Subject) bool { return s.Impl == v.Cell.Impl && s.Park == v.Cell.Park }) {
		return nil
	}
	return []evidence.Variation{v}
}

// properties returns the properties that some subject has: submitters, goroutines or
// locked threads, and other properties of the harness.
func properties(subjects []evidence.Subject) (all []evidence.Property) {
	about := map[string]string{
		submitter + "=block": "a goroutine submits, and blocks afterwards",
		submitter + "=spin":  "a thread that never blocks submits",
		submitter + "=poll":  "a goroutine that the network poller wakes submits",
		locked:               "each worker is locked to a thread that is pinned",
		goroutines:           "workers are ordinary goroutines",
	}
	seen := make(map[string]bool)
	for _, s := range subjects {
		for _, v := range s.Variations {
			if _, err := loadgen.FindHarness(v.Property); err != nil && !seen[v.Property] {
				p := evidence.Property{Name: v.Property, About: about[v.Property]}
				if p.About == "" {
					p.About = "as the workload's parameter says"
				}
				all = append(all, p)
			}
			seen[v.Property] = true
		}
	}
	slices.SortStableFunc(all, func(a, b evidence.Property) int {
		kind := func(p evidence.Property) string { name, _, _ := strings.Cut(p.Name, "="); return name }
		return -strings.Compare(kind(a), kind(b))
	})
	for _, h := range loadgen.Harnesses() {
		if seen[h.Name] {
			all = append(all, evidence.Property{Name: h.Name, About: h.About})
		}
	}
	return all
}

// Order returns the order of the launches. A cell and its variations form a group: they
// stay together in each round, in a uniformly random permutation.
func Order(d evidence.Design, rounds int, seed uint64) [][]int {
	return order.Cells(places(d), rounds, seed)
}

// Groups returns the groups, in terms of package order.
func Groups(d evidence.Design) [][]int { return order.Groups(places(d)) }

// places returns the cells of the design as package order has to see them. For it, cells
// of a group differ only in implementation and parker. Here they differ in properties, so
// each gets the name of its group as its workload.
func places(d evidence.Design) (places []record.Cell) {
	group := make(map[string]string) // by cell
	for _, s := range d.Subjects {
		key := s.Cell
		// Goroutines and locked threads may both be subjects, and each a variation of
		// the other.
		key.Park = strings.TrimPrefix(key.Park, loadgen.GoPrefix)
		for _, c := range (evidence.Design{Subjects: []evidence.Subject{s}}).Cells() {
			if _, ok := group[c.Name()]; !ok {
				group[c.Name()] = key.Name()
			}
		}
	}
	for _, c := range d.Cells() {
		places = append(places, record.Cell{Workload: group[c.Name()]})
	}
	return places
}

// The properties of [Short].
const (
	Again   = "again"
	Planted = "planted"
)

// Short returns variations of one cell whose effects are known, for the self-test: the
// same again under another name, without effect; a planted artefact; and timer slack,
// without effect if no timer takes part in what is measured.
func Short(cell, again, planted record.Cell) evidence.Design {
	s := evidence.Subject{Cell: cell, Variations: []evidence.Variation{{Property: Again, Cell: again}, {Property: Planted, Cell: planted}}}
	d := evidence.Design{Baseline: cell.Impl, Properties: []evidence.Property{
		{Name: Again, About: "the same again under another name"},
		{Name: Planted, About: "the submitter holds the scheduler's lock for longer, each time before it wakes a worker"},
	}}
	for _, h := range loadgen.Harnesses() {
		if h.TimerSlack && here(h) {
			d.Properties = append(d.Properties, evidence.Property{Name: h.Name, About: h.About})
			s.Variations = append(s.Variations, evidence.Variation{Property: h.Name, Cell: matrix.Vary(cell, h.Name)})
		}
	}
	d.Subjects = []evidence.Subject{s}
	return d
}
