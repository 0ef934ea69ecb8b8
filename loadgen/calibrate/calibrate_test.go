package calibrate

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
)

func TestBounds(t *testing.T) {
	type trip struct{ before, at, after int64 }
	for _, test := range []struct {
		name        string
		trips       []trip
		least, most int64
	}{
		{"equal clocks", []trip{{100, 150, 200}}, 0, 50},
		{"the closest of each side", []trip{{100, 110, 200}, {300, 380, 400}}, 0, 20},
		{"ahead by more than a trip", []trip{{100, 350, 200}}, 150, 250},
		{"behind by more than a trip", []trip{{1000, 700, 1100}}, 300, 400},
		{"ahead by exactly a trip", []trip{{100, 200, 200}}, 0, 100},
		{"no time at all", []trip{{100, 100, 100}}, 0, 0},
	} {
		b := noBounds
		for _, trip := range test.trips {
			b = b.with(trip.before, trip.at, trip.after)
		}
		if least, most := b.offset(); least != test.least || most != test.most {
			t.Errorf("%s: from %d to %d, want %d to %d", test.name, least, most, test.least, test.most)
		}
	}
}

func TestGaps(t *testing.T) {
	g := gaps{counted: true, time: int64(2 * time.Second), looks: 1000}
	for _, gap := range []struct {
		ns     int64
		used   cpu.Usage
		hiccup bool
	}{
		{1500, cpu.Usage{CPU: 700}, true},
		{4_000_000, cpu.Usage{Involuntary: 1}, false},
		{50_000, cpu.Usage{Voluntary: 1}, false},
		{90_000, cpu.Usage{Voluntary: 1, Involuntary: 2}, false}, // it gave way, and then had to wait
		{2500, cpu.Usage{}, true},
	} {
		if got := g.add(gap.ns, gap.used); got != gap.hiccup {
			t.Errorf("%d ns, %+v: a hiccup: %v", gap.ns, gap.used, got)
		}
	}
	want := []workload.Metric{
		{Value: 1, Unit: "hiccups/sec"},
		{Value: 2000, Unit: "lost-ns/sec"},
		{Value: 2_000_000, Unit: "preempted-ns/sec"},
		{Value: 70_000, Unit: "runtime-ns/sec"},
	}
	got := g.totals()
	if diff := cmp.Diff(want, got.Metrics()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Ops != 1000 || got.Time != 2*time.Second || got.Tasks != 0 {
		t.Errorf("%d looks in %v, %d tasks", got.Ops, got.Time, got.Tasks)
	}
	// Where the cause is unknown, it does not claim that there was none.
	if untold := (&gaps{time: 1}).totals(); len(untold.Figures) != 2 {
		t.Errorf("got %v", untold.Figures)
	}
}

func TestIs(t *testing.T) {
	for _, w := range Workloads() {
		if !Is(w.Name) || w.About == "" || w.Doc == "" || w.Primary == "" || w.New(nil) == nil {
			t.Errorf("%+v", w)
		}
	}
	for _, w := range workload.All() {
		if Is(w.Name) {
			t.Errorf("%s is no calibration", w.Name)
		}
	}
}
