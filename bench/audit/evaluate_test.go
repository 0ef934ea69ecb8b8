package audit

import (
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
)

var update = flag.Bool("update", false, "write the golden files")

// parse returns a cell of the workload wake.
func parse(t testing.TB, rest string) record.Cell {
	t.Helper()
	c, err := record.ParseName("Wake/" + rest)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A machine makes launches of a design's cells.
type machine struct {
	cells  map[string]float64 // factors, by what is in the cell's name; others have 1
	noise  float64            // standard deviation of a launch's logarithm
	drift  float64            // factor from round to round, of all cells
	rounds int
	skip   func(name string, round int) bool // nil for nothing; a launch that is invalid
}

func (m machine) run(d evidence.Design) record.Run {
	rng := rand.New(rand.NewPCG(1, 2))
	run := record.Run{Manifest: record.Manifest{
		State:   record.Complete,
		Start:   time.Unix(0, 0),
		Units:   record.Units(),
		Primary: map[string]string{"wake": "p50-ns/wake"},
		Config:  []record.Pair{{Key: "cpu", Value: "Made up"}, {Key: "go", Value: "go1.26"}},
		Plan:    record.Plan{Cells: d.Cells(), Rounds: m.rounds, Order: Order(d, m.rounds, 1)},
	}}
	for round, order := range run.Plan.Order {
		for _, i := range order {
			c := run.Plan.Cells[i]
			value := 20_000 * math.Pow(1+m.drift, float64(round)) * math.Exp(m.noise*rng.NormFloat64())
			for part, factor := range m.cells {
				if has(c.Name(), part) {
					value *= factor
				}
			}
			l := record.Launch{Cell: c, Round: round, N: 1, Start: time.Unix(int64(len(run.Recorded)), 0),
				Metrics: []record.Metric{{Value: value, Unit: "p50-ns/wake"}, {Value: 3 * value, Unit: cost}}}
			if m.skip != nil && m.skip(c.Name(), round) {
				l.Invalid = []string{"steal"}
			}
			run.Recorded = append(run.Recorded, l)
		}
	}
	return run
}

// has reports whether a name has all parts of a pattern such as "bitmap&spin".
func has(name, pattern string) bool {
	for part := range strings.SplitSeq(pattern, "&") {
		if !strings.Contains(name+"/", part) {
			return false
		}
	}
	return true
}

// newDesign has two implementations with two parkers, one that sleeps in its own
// way, Go's scheduler and the floors.
func newDesign(t testing.TB) evidence.Design {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the expected design has a futex and all properties")
	}
	d, err := New(catalog.Default(), Selection{Workloads: []string{"wake"}, Parks: []string{"go-cond", "futex", "go-mailbox", "go"}, CPUs: 2})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func evaluate(t testing.TB, d evidence.Design, m machine) evidence.Evidence {
	t.Helper()
	e, err := Evaluate(d, m.run(d))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// find returns the result of a cell and property in the primary unit; of its ratio
// to another cell, if one is given.
func find(t testing.TB, e evidence.Evidence, property, cell, against string) evidence.Result {
	t.Helper()
	for _, r := range e.Results {
		if r.Property != property || !r.Primary || !has(r.Cell.Name(), cell) {
			continue
		}
		if against == "" && r.Kind == evidence.Value || against != "" && r.Against != nil && has(r.Against.Name(), against) {
			return r
		}
	}
	t.Fatalf("nothing is said of %s: %s %s", property, cell, against)
	return evidence.Result{}
}

const (
	bitmapCond  = "impl=bitmap/&park=go-cond/"
	bitmapFutex = "impl=bitmap/&park=futex/"
	mutexCond   = "impl=mutexonly/&park=go-cond/"
	mutexFutex  = "impl=mutexonly/&park=futex/"
	channels    = "impl=channels/"
	spin        = "submitter=spin"
)

func TestEvaluate(t *testing.T) {
	quiet := machine{noise: 0.01, rounds: 10}
	with := func(cells map[string]float64) machine { m := quiet; m.cells = cells; return m }
	for _, c := range []struct {
		name                    string
		machine                 machine
		property, cell, against string
		status                  evidence.Status
		ratio                   float64 // 0 for any
	}{
		{"nothing moves", quiet, spin, bitmapFutex, "", evidence.Steady, 1},
		{"a small move is steady", with(map[string]float64{spin + "/": 1.05}), spin, bitmapFutex, "", evidence.Steady, 1.05},
		{"slower", with(map[string]float64{spin + "/": 2}), spin, bitmapFutex, "", evidence.Moved, 2},
		{"faster", with(map[string]float64{spin + "/": 0.5}), spin, bitmapFutex, "", evidence.Moved, 0.5},
		{"at the margin", with(map[string]float64{spin + "/": 1.1}), spin, bitmapFutex, "", evidence.Undecided, 1.1},
		{"at the margin, faster", with(map[string]float64{spin + "/": 1 / 1.1}), spin, bitmapFutex, "", evidence.Undecided, 1 / 1.1},
		{"noise hides it", machine{noise: 1, rounds: 10, cells: map[string]float64{spin + "/": 1.2}}, spin, bitmapFutex, "", evidence.Undecided, 0},
		{"drift is no noise", machine{noise: 0.01, drift: 0.5, rounds: 10}, spin, bitmapFutex, "", evidence.Steady, 1},
		{"too few rounds", machine{noise: 0.01, rounds: 5, cells: map[string]float64{spin + "/": 2}}, spin, bitmapFutex, "", evidence.Undecided, 2},

		{"all move, no verdict", with(map[string]float64{spin + "/": 3}), spin, mutexFutex, bitmapFutex, evidence.Steady, 1},
		{"a design moves", with(map[string]float64{"mutexonly&" + spin + "/": 2}), spin, mutexFutex, bitmapFutex, evidence.Moved, 2},
		{"the baseline moves", with(map[string]float64{"impl=bitmap/&" + spin + "/": 2}), spin, mutexFutex, bitmapFutex, evidence.Moved, 0.5},
		{"its difference stays", with(map[string]float64{"mutexonly": 5}), spin, mutexFutex, bitmapFutex, evidence.Steady, 1},
		{"with the same parker", with(map[string]float64{"mutexonly&park=futex/&" + spin + "/": 2}), spin, mutexCond, bitmapCond, evidence.Steady, 1},
		{"on the baseline's first parker", with(map[string]float64{bitmapCond + "&" + spin + "/": 2}), spin, channels, bitmapCond, evidence.Moved, 0.5},
		{"Go's scheduler", with(map[string]float64{"impl=goroutine/&" + spin + "/": 2}), spin, "impl=goroutine/", bitmapCond, evidence.Moved, 2},

		{"a parker", with(map[string]float64{"park=go-cond/&" + spin + "/": 8}), spin, bitmapCond, bitmapFutex, evidence.Moved, 8},
		{"parkers and designs", with(map[string]float64{"park=go-cond/&" + spin + "/": 8}), spin, mutexCond, bitmapCond, evidence.Steady, 1},
		{"a property that a futex has not", with(map[string]float64{"park=cond/": 3}), locked, bitmapCond, bitmapFutex, evidence.Moved, 3},
		{"a property that goroutines have not", with(map[string]float64{"unconfined": 0.2}), "unconfined", bitmapCond, bitmapFutex, evidence.Moved, 5},

		{"some rounds are missing", machine{noise: 0.01, rounds: 12, cells: map[string]float64{spin + "/": 2},
			skip: func(name string, round int) bool { return round < 4 && has(name, "bitmap&"+spin+"/") }},
			spin, bitmapFutex, "", evidence.Moved, 2},
		{"too many are", machine{noise: 0.01, rounds: 12, cells: map[string]float64{spin + "/": 2},
			skip: func(name string, round int) bool { return round < 7 && has(name, "bitmap&"+spin+"/") }},
			spin, bitmapFutex, "", evidence.Undecided, 2},
		{"of four different cells", machine{noise: 0.01, rounds: 12, cells: map[string]float64{"mutexonly&" + spin + "/": 2},
			skip: func(name string, round int) bool {
				return round < 3 && has(name, bitmapFutex) || round > 8 && has(name, mutexFutex+"&"+spin+"/")
			}},
			spin, mutexFutex, bitmapFutex, evidence.Moved, 2},
		{"the other subject was never measured", machine{noise: 0.01, rounds: 10,
			skip: func(name string, round int) bool { return has(name, bitmapFutex) }},
			spin, mutexFutex, bitmapFutex, evidence.Undecided, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := find(t, evaluate(t, newDesign(t), c.machine), c.property, c.cell, c.against)
			if r.Status != c.status || c.ratio != 0 && math.Abs(r.Ratio/c.ratio-1) > 0.03 {
				t.Errorf("%s ×%.3f [%.3f, %.3f] from %d rounds, want %s ×%v", r.Status, r.Ratio, r.Lo, r.Hi, r.Pairs, c.status, c.ratio)
			}
			if (r.Ratio == 0) != (r.Reason != "") {
				t.Errorf("the ratio is %v, the reason for none %q", r.Ratio, r.Reason)
			}
		})
	}
}

// What is moved jointly is moved by intervals that are wider.
func TestJointly(t *testing.T) {
	d := newDesign(t)
	for rounds, want := range map[int]bool{8: false, 30: true} {
		r := find(t, evaluate(t, d, machine{noise: 0.01, rounds: rounds, cells: map[string]float64{spin + "/": 2}}), spin, bitmapFutex, "")
		if r.Status != evidence.Moved || r.Jointly != want {
			t.Errorf("%d rounds: %s, jointly %v, want %v", rounds, r.Status, r.Jointly, want)
		}
	}
}

// If a property does nothing, few results are moved, and few miss.
func TestLevel(t *testing.T) {
	e := evaluate(t, newDesign(t), machine{noise: 0.2, rounds: 10})
	missed := 0
	for _, r := range e.Results {
		if r.Lo > 1 || r.Hi < 1 {
			missed++
		}
		if r.Jointly {
			t.Errorf("jointly moved: %+v", r)
		}
	}
	// Results share launches, so this is no binomial number.
	if n := len(e.Results); missed > n/5 {
		t.Errorf("%d of %d intervals miss", missed, n)
	}
}

// Latencies of a load that was too much keep their ratio, with a remark.
func TestSaturated(t *testing.T) {
	d := newDesign(t)
	run := machine{noise: 0.01, rounds: 8, cells: map[string]float64{spin + "/": 2}}.run(d)
	for i := range run.Recorded {
		if has(run.Recorded[i].Cell.Name(), bitmapFutex+"&"+spin+"/") {
			run.Recorded[i].Conditions = []record.Pair{{Key: "saturated", Value: "yes"}}
		}
	}
	e, err := Evaluate(d, run)
	if err != nil {
		t.Fatal(err)
	}
	if r := find(t, e, spin, bitmapFutex, ""); r.Status != evidence.Moved || r.Reason != Saturated {
		t.Errorf("%s, %q", r.Status, r.Reason)
	}
	if r := find(t, e, spin, mutexFutex, ""); r.Reason != "" {
		t.Errorf("another cell: %q", r.Reason)
	}
	if r := find(t, e, spin, mutexFutex, bitmapFutex); r.Reason != Saturated {
		t.Errorf("its ratio: %q", r.Reason)
	}
	if text := Text(e, "x"); !strings.Contains(text, ": bitmap futex with submitter=spin.") {
		t.Error(text)
	}
}

// A run that was begun from another design is refused, and one with nothing in it
// is not.
func TestEvaluateRefuses(t *testing.T) {
	d := newDesign(t)
	run := machine{rounds: 1}.run(d)
	other := d
	other.Subjects = append(slices.Clone(d.Subjects), evidence.Subject{Cell: parse(t, "impl=other/park=futex/workers=1/gap=200us/submitter=block")})
	if _, err := Evaluate(other, run); err == nil || !strings.Contains(err.Error(), "impl=other") {
		t.Errorf("error %v", err)
	}
	run.Recorded = nil
	e, err := Evaluate(d, run)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range e.Results {
		if r.Status != evidence.Undecided || r.Reason == "" {
			t.Fatalf("nothing was measured, and %+v", r)
		}
	}
}

func TestDesign(t *testing.T) {
	d := newDesign(t)
	if d.Baseline != "bitmap" || d.Whole {
		t.Errorf("baseline %s, whole %v", d.Baseline, d.Whole)
	}
	var names []string
	for _, v := range d.Subjects[slices.IndexFunc(d.Subjects, func(s evidence.Subject) bool { return has(s.Cell.Name(), bitmapCond) })].Variations {
		names = append(names, v.Property+" "+v.Cell.Name())
	}
	const cond, usual = "Wake/impl=bitmap/park=go-cond/workers=1/gap=200us", "/submitter=block"
	want := []string{
		"submitter=spin " + cond + "/submitter=spin",
		"submitter=poll " + cond + "/submitter=poll",
		"held=locked Wake/impl=bitmap/park=cond/workers=1/gap=200us" + usual,
		"slack-1ns " + cond + usual + "/harness=slack-1ns",
		"spare-proc " + cond + usual + "/harness=spare-proc",
		"spare-worker " + cond + usual + "/harness=spare-worker",
		"mirrored " + cond + usual + "/harness=mirrored",
		"whole " + cond + usual + "/harness=whole",
		"clock-call " + cond + usual + "/harness=clock-call",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A cell that is measured in one piece anyway has no variation for that.
func TestWholeAnyway(t *testing.T) {
	c := catalog.Default()
	d, err := New(c, Selection{Workloads: []string{"wake", "idle"}, Impls: []string{"bitmap"}, Parks: []string{"futex"}, CPUs: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range d.Subjects {
		varies := slices.ContainsFunc(s.Variations, func(v evidence.Variation) bool { return v.Property == "whole" })
		if want := launch.CanSlice(c, s.Cell); varies != want || want != (s.Cell.Workload == "wake") {
			t.Errorf("%s: varied %v, can be sliced %v", s.Cell.Name(), varies, want)
		}
	}
}

// The groups of an audit are next to each other in each round.
func TestGroups(t *testing.T) {
	d := newDesign(t)
	p := record.Plan{Cells: d.Cells(), Rounds: 3, Order: Order(d, 3, 1), Slices: 1, Time: 1, Groups: Groups(d)}
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
	if n := len(p.GroupOf()); n != len(p.Cells) {
		t.Errorf("%d of %d cells are in a group", n, len(p.Cells))
	}
}

// What an audit has by itself: everything, or with Quick some of it.
func TestSelections(t *testing.T) {
	c := catalog.Default()
	all, err := New(c, Selection{CPUs: 2})
	if err != nil {
		t.Fatal(err)
	}
	quick, err := New(c, Selection{Quick: true, CPUs: 2})
	if err != nil {
		t.Fatal(err)
	}
	if !all.Whole || quick.Whole {
		t.Errorf("whole: %v, quick: %v", all.Whole, quick.Whole)
	}
	var workloads []string
	for _, s := range all.Subjects {
		if !slices.Contains(workloads, s.Cell.Workload) {
			workloads = append(workloads, s.Cell.Workload)
		}
		for _, p := range s.Cell.Params {
			w, _ := workload.Find(c.Workloads, s.Cell.Workload)
			at := slices.IndexFunc(w.Params, func(o workload.Param) bool { return o.Name == p.Name })
			if p.Value != w.Params[at].Default {
				t.Errorf("%s: %s is not as usual", s.Cell.Name(), p.Name)
			}
		}
	}
	slices.Sort(workloads)
	if diff := cmp.Diff(slices.Sorted(slices.Values(headline)), workloads); diff != "" {
		t.Errorf("workloads (-want +got)\n%s", diff)
	}
	if a, q := len(all.Cells()), len(quick.Cells()); q == 0 || q > a/3 {
		t.Errorf("%d cells, quickly %d", a, q)
	}
	for _, d := range []evidence.Design{all, quick} {
		p := record.Plan{Cells: d.Cells(), Rounds: 2, Order: Order(d, 2, 1)}
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
	}
}

// A cell and its variations follow each other in each round, in any order.
func TestOrder(t *testing.T) {
	d, err := New(catalog.Default(), Selection{Workloads: []string{"wake"}, Impls: []string{"bitmap", "mutexonly"}, Parks: []string{"go-cond", "cond", "go-chan"}, CPUs: 2})
	if err != nil {
		t.Fatal(err)
	}
	const rounds = 200
	cells := d.Cells()
	index := make(map[string]int)
	for i, c := range cells {
		index[c.Name()] = i
	}
	first := make(map[string]int)
	for _, order := range Order(d, rounds, 1) {
		place := make([]int, len(cells))
		for at, i := range order {
			place[i] = at
		}
		for _, s := range d.Subjects {
			for _, v := range s.Variations {
				a, b := place[index[s.Cell.Name()]], place[index[v.Cell.Name()]]
				if distance := max(a-b, b-a); distance > 2*len(s.Variations)+1 {
					t.Fatalf("%s is %d launches from %s", s.Cell.Name(), distance, v.Cell.Name())
				}
				if a < b {
					first[s.Cell.Name()+v.Property]++
				}
			}
		}
	}
	for pair, n := range first {
		if n < rounds/3 || n > rounds*2/3 {
			t.Errorf("%s: as usual first in %d of %d rounds", pair, n, rounds)
		}
	}
}

// The text is narrow enough for a terminal, and the same for the same run.
func TestText(t *testing.T) {
	d := newDesign(t)
	for name, m := range map[string]machine{
		"moved":     {noise: 0.03, rounds: 20, cells: map[string]float64{"park=go-cond/&" + spin + "/": 8, "mutexonly&mirrored": 1.3, "park=cond/": 0.004}},
		"nothing":   {rounds: 3, skip: func(string, int) bool { return true }},
		"two_round": {noise: 0.03, rounds: 2},
	} {
		e := evaluate(t, d, m)
		if name == "two_round" {
			e.State = record.Interrupted
		}
		got := Text(e, "results/x")
		path := filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.MkdirAll("testdata", 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		for line := range strings.Lines(got) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 100 {
				t.Errorf("%s: a line of %d columns: %s", name, n, line)
			}
		}
	}
}
