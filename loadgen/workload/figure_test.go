package workload

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// The figures of two runs are those of one run that did the operations of both. What
// only one of them has counts as it is.
func TestTotalsAdd(t *testing.T) {
	lag := record(100, 200)
	first := Totals{Ops: 1, Time: 5, Tasks: 10, Lag: []*latency.Recorder{lag}, Figures: []Figure{
		Ratio(300, 1, "a-ns/op"), AtMost(7, "max-ns/b"), AtLeast(7, "min-ns/c"),
	}}
	second := Totals{Ops: 3, Time: 7, Tasks: 30, Figures: []Figure{
		AtMost(9, "max-ns/b"), AtLeast(9, "min-ns/c"), Ratio(300, 3, "a-ns/op"), Ratio(1, 4, "d/op"),
	}}
	var sum Totals
	sum.Add(first)
	lag.Reset() // the load uses it again
	lag.Record(300)
	second.Lag = first.Lag
	sum.Add(second)
	if sum.Ops != 4 || sum.Time != 12 || sum.Tasks != 40 {
		t.Errorf("%+v", sum)
	}
	want := []Metric{
		{150, "a-ns/op"}, {9, "max-ns/b"}, {7, "min-ns/c"}, {0.25, "d/op"},
		{200, "p50-ns/lag"}, {300, "p99-ns/lag"}, {300, "max-ns/lag"},
	}
	if diff := cmp.Diff(want, sum.Metrics()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(first.Figures) != 3 || first.Figures[0].Amount != 300 {
		t.Errorf("the first run's figures are now %v", first.Figures)
	}
}

// arrivals runs a load on a pool with an exact clock, and returns when each of its tasks
// came, after the beginning of the run, and how long it took.
func arrivals(t *testing.T, p *clockPool, g *Generator, l Load, limit time.Duration) (all [][2]int64) {
	t.Helper()
	start := p.now
	first := len(p.times)
	ran := 0
	p.onRun = func(task host.Task) {
		if open, ok := task.(*openTask); ok {
			all = append(all, [2]int64{open.at - start, open.service})
		} else {
			d := task.(*debtTask)
			all = append(all, [2]int64{d.gap, d.service})
		}
		ran++
	}
	run(t, l, g, limit)
	if n := len(p.times) - first; n != ran {
		t.Fatalf("%d tasks were submitted, %d ran", n, ran)
	}
	return all
}

// A part of a schedule is the same whatever was run before, and for how long; and parts
// differ.
func TestSeek(t *testing.T) {
	const limit = 500 * time.Microsecond
	for _, test := range []struct {
		workload Workload
		given    map[string]string
	}{
		{poisson, map[string]string{"service": "5us"}},
		{poisson, map[string]string{"service": "5us", "submitter": "spin"}},
		{burst, map[string]string{"tasks": "3", "period": "20us", "dist": "exp"}},
	} {
		part := func(before time.Duration, parts ...int) (all [][2]int64) {
			p := &clockPool{now: 1000}
			g := p.generator()
			l := load(t, test.workload, test.given).(Scheduled)
			arrivals(t, p, g, l, before) // the warm-up
			for _, n := range parts {
				l.Seek(n)
				all = arrivals(t, p, g, l, limit)
			}
			return all
		}
		want := part(0, 3)
		if len(want) < 10 {
			t.Fatalf("%s: %d tasks in %v", test.workload.Name, len(want), limit)
		}
		if diff := cmp.Diff(want, part(limit, 0, 1, 2, 2, 3)); diff != "" {
			t.Errorf("%s: part 3 depends on what was before (-want +got):\n%s", test.workload.Name, diff)
		}
		if diff := cmp.Diff(want, part(0, 4)); diff == "" {
			t.Errorf("%s: parts 3 and 4 are the same", test.workload.Name)
		}
	}
}

// An arrival has its service times, whether or not those before it were sent.
func TestServiceBelongsToArrival(t *testing.T) {
	pool := new(keeper)
	g := poolGenerator(pool, 1)
	s := newSource(2, true)
	s.schedule = schedule{gaps: []int64{10, 10, 10, 10}, services: []int64{1, 2, 3, 4, 5, 6, 7, 8}}
	// The first arrival is sent, the second is over its time, and the third is the first
	// of the next run.
	if err := s.run(g, g.own(), -100, -75); err != nil {
		t.Fatal(err)
	}
	if a := s.account; a.sent != 2 || a.unsent != 2 {
		t.Fatalf("%+v", a)
	}
	if err := s.run(g, g.own(), -100, -100); err != nil {
		t.Fatal(err)
	}
	var got []int64
	for _, task := range pool.tasks {
		got = append(got, task.(*openTask).service)
	}
	if want := []int64{1, 2, 5, 6}; !slices.Equal(got, want) {
		t.Errorf("service times %v, want %v", got, want)
	}
}

// However many parts there are, their beginnings are spread out.
func TestPartsAreSpread(t *testing.T) {
	const parts = 100
	seen := map[int]bool{0: true} // where the warm-up begins
	for part := range parts {
		seen[partStart(part)] = true
	}
	nearest := scheduleLength
	for a := range seen {
		for b := range seen {
			if d := (a - b + scheduleLength) % scheduleLength; a != b {
				nearest = min(nearest, d)
			}
		}
	}
	if len(seen) != parts+1 || nearest < scheduleLength/(3*parts) {
		t.Errorf("%d beginnings, two of them %d apart", len(seen), nearest)
	}
}

// What nearly does nothing, or has no pool that lasts, is measured in one go.
func TestWhole(t *testing.T) {
	for _, w := range All() {
		if must := w.MostlyIdle || w.OwnSchedulers; must != (w.Whole != "") {
			t.Errorf("%s: in one go: %q", w.Name, w.Whole)
		}
		v, err := w.Values(nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := w.New(v).(Scheduled); ok != w.Draws {
			t.Errorf("%s has a schedule: %v; it samples: %v", w.Name, ok, w.Draws)
		}
	}
}
