package victim

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// What is done between the two times counts, and the work goes on before.
func TestRun(t *testing.T) {
	w := NewWorker(Meters{})
	now := int64(0)
	w.now = func() int64 { now += 10; return now } // a piece takes 10 ns
	if s := w.Run(35, 95); s.Pieces != 6 || s.Time != 60 || s.Metered != 6 || now != 100 {
		t.Errorf("%+v at %d", s, now)
	}
	if s := w.Run(0, 50); s.Pieces != 0 || s.Time != 50 { // the thread had no CPU until now
		t.Errorf("too late: %+v", s)
	}
}

// The time for which the thread has no CPU is the victim's loss, wherever it begins.
func TestRunWaits(t *testing.T) {
	for _, test := range []struct {
		at   int // the reading before which it waits for 40 ns
		want float64
	}{
		{2, 4},   // [10, 60] has 25 of its 50 ns inside
		{6, 2.4}, // [50, 100] has 45
		{100, 6},
	} {
		w := NewWorker(Meters{})
		now, n := int64(0), 0
		w.now = func() int64 {
			now += 10
			if n++; n == test.at {
				now += 40
			}
			return now
		}
		if s := w.Run(35, 95); math.Abs(s.Pieces-test.want) > 1e-9 {
			t.Errorf("a wait at reading %d: %+v, want %v pieces", test.at, s, test.want)
		}
	}
	w := NewWorker(Meters{})
	now := int64(0)
	w.now = func() int64 {
		now += 10
		if now == 30 {
			now = 1030
		}
		return now
	}
	if s := w.Run(35, 95); s.Pieces > 0.1 || s.Pieces == 0 {
		t.Errorf("a wait that is longer than the segment: %+v", s)
	}
}

// Every piece does the same work, and does it.
func TestPiece(t *testing.T) {
	a, b := NewWorker(Meters{}), NewWorker(Meters{})
	seen := map[uint64]bool{}
	for range 10 {
		a.piece()
		b.piece()
		if a.state != b.state || seen[a.state] {
			t.Fatalf("states %x and %x", a.state, b.state)
		}
		seen[a.state] = true
	}
}

// The slowdown is that of sums, not a mean of ratios.
func TestMetrics(t *testing.T) {
	var r Result
	r.Add(Segment{Pieces: 100, Time: 1000}, Segment{Pieces: 50, Time: 1000})
	r.Add(Segment{Pieces: 300, Time: 3000}, Segment{Pieces: 350, Time: 3000})
	got := map[string]float64{}
	for _, m := range r.Metrics() {
		got[m.Unit] = m.Value
	}
	want := map[string]float64{"slowdown/piece": 1, "alone-ns/piece": 10, "beside-ns/piece": 10}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if m := (Result{}).Metrics(); m != nil {
		t.Errorf("of nothing: %v", m)
	}
}

func zone(name string, energy, most any) fstest.MapFS {
	return fstest.MapFS{
		"name":                {Data: []byte(name + "\n")},
		"energy_uj":           {Data: fmt.Append(nil, energy, "\n")},
		"max_energy_range_uj": {Data: fmt.Append(nil, most, "\n")},
	}
}

func plant(zones map[string]fstest.MapFS) fstest.MapFS {
	root := fstest.MapFS{}
	for dir, files := range zones {
		for name, f := range files {
			root[powercap+"/"+dir+"/"+name] = f
		}
	}
	return root
}

// Whole chips only, with a count that begins again.
func TestEnergy(t *testing.T) {
	root := plant(map[string]fstest.MapFS{
		"intel-rapl:0":   zone("package-0", 990, 999),
		"intel-rapl:0:0": zone("core", 1, 999),
		"intel-rapl:1":   zone("package-1", 5, 999),
		"intel-rapl:2":   zone("psys", 7, 999),
	})
	m := OpenMeters(root)
	if !m.HasEnergy() || m.Energy() != "package-0,package-1" {
		t.Fatalf("%q", m.Energy())
	}
	before := m.readEnergy()
	root[powercap+"/intel-rapl:0/energy_uj"] = &fstest.MapFile{Data: []byte("9\n")}   // 19 more
	root[powercap+"/intel-rapl:1/energy_uj"] = &fstest.MapFile{Data: []byte("105\n")} // 100 more
	if got := m.energySince(before); got != 119 {
		t.Errorf("%d µJ, want 119", got)
	}
	r := Result{Meters: m}
	r.Add(Segment{Pieces: 10, Time: 1, Metered: 10, Energy: 100}, Segment{Pieces: 5, Time: 1, Metered: 5, Energy: 150})
	units := map[string]float64{}
	for _, m := range r.Metrics() {
		units[m.Unit] = m.Value
	}
	if units["alone-uJ/piece"] != 10 || units["beside-uJ/piece"] != 30 {
		t.Errorf("%v", units)
	}
}

// What a machine without energy counters says.
func TestNoEnergy(t *testing.T) {
	broken := plant(map[string]fstest.MapFS{"intel-rapl:0": zone("package-0", "x", 999)})
	endless := plant(map[string]fstest.MapFS{"intel-rapl:0": zone("package-0", 1, 999)})
	delete(endless, powercap+"/intel-rapl:0/max_energy_range_uj")
	for _, test := range []struct {
		root fs.FS
		want string
	}{
		{fstest.MapFS{}, "no powercap"},
		{plant(map[string]fstest.MapFS{"intel-rapl:0:0": zone("core", 1, 999)}), "no package zone"},
		{broken, "is no count"},
		{endless, "no max_energy_range_uj"},
		{forbidden{plant(map[string]fstest.MapFS{"intel-rapl:0": zone("package-0", 1, 999)})}, "root may"},
	} {
		m := OpenMeters(test.root)
		if got := m.Energy(); m.HasEnergy() || !strings.HasPrefix(got, "none:") || strings.Contains(got, " ") || !strings.Contains(m.noEnergy.Error(), test.want) {
			t.Errorf("%q, %v; want %q", got, m.noEnergy, test.want)
		}
	}
}

// forbidden is a tree in which energy may be seen and not read, as on most machines.
type forbidden struct{ fstest.MapFS }

func (f forbidden) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, "energy_uj") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.Open(name)
}

func (f forbidden) ReadFile(name string) ([]byte, error) {
	if strings.HasSuffix(name, "energy_uj") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.ReadFile(name)
}

// Which machines have counters of the processor that this process may use.
func TestCanCount(t *testing.T) {
	const devices = "sys/bus/event_source/devices/"
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text + "\n")} }
	for _, test := range []struct {
		root fstest.MapFS
		want string
	}{
		{fstest.MapFS{}, "no perf events"},
		{fstest.MapFS{devices + "software/type": file("1")}, "virtual machines"},
		{fstest.MapFS{devices + "cpu/type": file("4")}, ""},
		{fstest.MapFS{devices + "cpu/type": file("4"), "proc/sys/kernel/perf_event_paranoid": file("2")}, ""},
		{fstest.MapFS{devices + "cpu_core/type": file("4"), "proc/sys/kernel/perf_event_paranoid": file("4")}, "is 4"},
		{fstest.MapFS{devices + "armv8_pmuv3_0/type": file("8")}, ""},
	} {
		err := CanCount(test.root)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v, want %q", test.root, err, test.want)
		}
	}
}

// A counter that was shared is scaled to all the time.
func TestScaled(t *testing.T) {
	for _, test := range []struct {
		r    reading
		want float64
	}{{reading{100, 10, 10}, 100}, {reading{100, 10, 5}, 200}, {reading{0, 10, 0}, 0}} {
		if got := test.r.scaled(); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%+v: %v", test.r, got)
		}
	}
}

func TestNoCounters(t *testing.T) {
	m := OpenMeters(fstest.MapFS{})
	if got := m.Counters(); got != "none:no-perf-events" {
		t.Errorf("%q", got)
	}
	m.noCounter = errors.New("busy")
	if got := m.Counters(); got != "none" {
		t.Errorf("%q", got)
	}
}
