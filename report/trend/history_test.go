package trend

import (
	"bytes"
	stdcmp "cmp"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/record"
)

var update = flag.Bool("update", false, "write the golden files")

var (
	wake = record.Cell{Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 1}
	idle = record.Cell{Workload: "idle", Impl: "bitmap", Park: "futex", Workers: 1}
	rest = record.Cell{Workload: "rest", Impl: "bitmap", Park: "futex", Workers: 1}
	late = record.Cell{Workload: "wake", Impl: "channels", Park: "mailbox", Workers: 1}
)

// made makes the folders of the two machines. One gets slower by a tenth at its 9th
// commit, and a new kernel at its 12th. Folders are not in the order of commits.
func made() (folders []Folder) {
	rng := rand.New(rand.NewPCG(1, 0))
	run := func(machine string, i int, values map[string]float64) {
		day := time.Date(2026, 11, 1+i, 12, 0, 0, 0, time.UTC)
		kernel := "6.17"
		if i >= 11 {
			kernel = "6.18"
		}
		r := record.Run{Manifest: record.Manifest{
			State: record.Complete,
			Start: time.Date(2026, 12, 30-i, 0, 0, 0, 0, time.UTC), // the newest was measured first
			Config: []record.Pair{{Key: "cpu", Value: machine}, {Key: "kernel", Value: kernel},
				{Key: "commit", Value: fmt.Sprintf("%02x%038x", 0xa0+i, i)}, {Key: "commit-date", Value: day.Format(time.RFC3339)}},
			Units:   []record.Unit{{Name: "p50-ns/wake", Better: record.Lower}, {Name: "cost-ns/sec", Better: record.Lower}},
			Primary: map[string]string{"wake": "p50-ns/wake", "idle": "cost-ns/sec", "rest": ""},
		}}
		for _, cell := range []record.Cell{wake, idle, rest, late} {
			v, ok := values[cell.Name()]
			if !ok {
				continue
			}
			unit := stdcmp.Or(r.Primary[cell.Workload], "cost-ns/sec")
			for round := range 3 {
				noise := 1 + 0.02*rng.Float64()
				r.Recorded = append(r.Recorded, record.Launch{Cell: cell, Round: round, N: 1,
					Metrics: []record.Metric{{Value: v * noise, Unit: unit}, {Value: 5, Unit: "wakes/task"}}})
			}
			r.Recorded = append(r.Recorded, record.Launch{Cell: cell, Round: 3, N: 1, Invalid: []string{"steal"},
				Metrics: []record.Metric{{Value: 1e9, Unit: unit}}})
		}
		folders = append(folders, Folder{Name: fmt.Sprintf("%s/%02d", machine, i), Run: r})
	}
	for i := range 16 {
		v := map[string]float64{wake.Name(): 800, idle.Name(): 0, rest.Name(): float64(1 + i)}
		if i >= 8 {
			v[wake.Name()] = 880
		}
		if i >= 12 {
			v[late.Name()] = 90_000
		}
		run("AMD", i, v)
	}
	run("Intel", 3, map[string]float64{wake.Name(): 500})
	rng.Shuffle(len(folders), func(i, j int) { folders[i], folders[j] = folders[j], folders[i] })
	return folders
}

func TestHistories(t *testing.T) {
	all := Histories(made())
	if len(all) != 2 || len(all[0].Runs) != 16 || len(all[1].Runs) != 1 {
		t.Fatalf("histories %+v", all)
	}
	h := all[0]
	if !slices.IsSortedFunc(h.Runs, func(a, b Run) int { return a.Date.Compare(b.Date) }) {
		t.Error("runs are not in the order of their commits")
	}
	for i, r := range h.Runs {
		var want []string
		if i == 11 {
			want = []string{"kernel: 6.17 → 6.18"}
		}
		if diff := cmp.Diff(want, r.Differs); diff != "" {
			t.Errorf("run %d: %s", i, diff)
		}
	}
	byName := make(map[string]Metric)
	for _, m := range h.Metrics {
		byName[m.Cell] = m
	}
	m := byName[wake.Name()]
	if len(m.Values) != 16 || len(m.Changes) != 1 || m.Changes[0].At != 8 || !m.Worse(m.Changes[0]) {
		t.Errorf("%s: %+v", wake.Name(), m)
	}
	if m := byName[idle.Name()]; m.Missing == "" || len(m.Values) != 16 {
		t.Errorf("values of zero: %+v", m)
	}
	if m := byName[rest.Name()]; m.Missing != "reported, not judged" || m.Unit != "cost-ns/sec" || len(m.Values) != 16 || m.Changes != nil {
		t.Errorf("a workload that is reported only: %+v", m)
	}
	if m := byName[late.Name()]; m.Missing == "" || !slices.Equal(m.Runs, []int{12, 13, 14, 15}) {
		t.Errorf("a cell that is new: %+v", m)
	}
}

// A run that does not know its commit is put where it was measured, and says so.
func TestWithoutCommit(t *testing.T) {
	r := record.Run{Manifest: record.Manifest{Start: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}}
	h := Histories([]Folder{{Name: "x", Run: r}})
	if len(h) != 1 || h[0].Runs[0].Dated || !h[0].Runs[0].Date.Equal(r.Start) || h[0].Runs[0].Commit != "unknown" {
		t.Errorf("%+v", h)
	}
	if got, want := h[0].Runs[0].label(), "2026-01-02 (measured; its commit is unknown)"; got != want {
		t.Errorf("it is called %q, want %q", got, want)
	}
	if Histories(nil) != nil {
		t.Error("no runs have a history")
	}
}

func TestWorse(t *testing.T) {
	for _, test := range []struct {
		better record.Better
		ratio  float64
		want   bool
	}{{record.Lower, 1.1, true}, {record.Lower, 0.9, false}, {record.Higher, 1.1, false}, {record.Higher, 0.9, true}} {
		if got := (Metric{Better: test.better}).Worse(Change{Ratio: test.ratio}); got != test.want {
			t.Errorf("%s is better, ratio %v: worse is %v", test.better, test.ratio, got)
		}
	}
}

func TestFormats(t *testing.T) {
	for name, write := range map[string]func(io.Writer, []History) error{"txt": Text, "md": Markdown, "json": JSON, "csv": CSV} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b, Histories(made())); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "trend."+name)
			if *update {
				if err := os.WriteFile(golden, b.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("-want +got; -update accepts it:\n%s", diff)
			}
		})
	}
}

// A quantile of too few samples is marked, also if it was so in one of the runs only.
func TestAtMax(t *testing.T) {
	folders := made()[:3]
	for i := range folders[1].Run.Recorded {
		l := &folders[1].Run.Recorded[i]
		if l.Cell.Name() == late.Name() || l.Cell.Name() == wake.Name() {
			samples := map[string]string{wake.Name(): "1", late.Name(): "2"}[l.Cell.Name()]
			l.Conditions = append(l.Conditions, record.Pair{Key: "samples", Value: samples}) // enough for p50 are 2
		}
	}
	var b bytes.Buffer
	if err := Text(&b, Histories(folders)); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); strings.Count(got, "p50-sec/wake†") != 1 || !strings.Contains(got, "fewer than 2 for p50\n") {
		t.Errorf("one of the cells is to be marked:\n%s", got)
	}
}

// A machine is the same one if the kernel leaves a little more or less of its memory.
func TestMemoryOfMachine(t *testing.T) {
	var folders []Folder
	for i, size := range []string{"7.7 GiB", "7.8 GiB", "15.6 GiB", "7.7 GiB"} {
		folders = append(folders, Folder{Name: fmt.Sprint(i), Values: []Value{{Cell: "X", Unit: "ns/op", Median: 5}},
			Run: record.Run{Manifest: record.Manifest{Config: []record.Pair{{Key: "memory", Value: size}}}}})
	}
	var got []int
	for _, h := range Histories(folders) {
		got = append(got, len(h.Runs))
	}
	if !slices.Equal(got, []int{1, 3}) {
		t.Errorf("runs of the machines: %v", got)
	}
}
