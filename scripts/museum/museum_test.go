package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/scripts/museum/exhibits"
	"github.com/idlebench/idlebench/scripts/pairs"
	"github.com/idlebench/idlebench/stats/compare"
)

// Each exhibit has a source and can be measured: loads, units, designs and hosts exist.
func TestExhibits(t *testing.T) {
	ids, looks := map[string]bool{}, map[string]bool{}
	for _, e := range exhibits.All() {
		if ids[e.ID] || e.Title == "" || e.Said == "" || e.By == "" || !strings.HasPrefix(e.Link, "https://") {
			t.Errorf("%s: twice, or without a source", e.ID)
		}
		ids[e.ID] = true
		if e.Old.Peer == e.New.Peer || len(e.Looks) == 0 || e.Reported != exhibits.Worse && e.Reported != exhibits.Better {
			t.Errorf("%s: nothing to compare", e.ID)
		}
		for _, l := range e.Looks {
			if looks[id(e, l)] {
				t.Errorf("two looks are called %s", id(e, l))
			}
			looks[id(e, l)] = true
			old, new := sides(e, l)
			for _, c := range []pairs.Cell{old, new} {
				if _, err := c.Name(); err != nil {
					t.Errorf("%s: %v", e.ID, err)
				}
			}
			if !slices.ContainsFunc(record.Units(), func(u record.Unit) bool { return u.Name == l.Unit && u.Better == record.Lower }) {
				t.Errorf("%s: %s is no unit in which lower is better", e.ID, l.Unit)
			}
		}
		if e.Simulation == nil {
			continue
		}
		for _, c := range []pairs.Cell{e.Simulation.Old, e.Simulation.New} {
			c.Workers = 1
			name, err := c.Name()
			if err != nil {
				t.Fatal(err)
			}
			cell, err := record.ParseName(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := matrix.Spec(catalog.Default(), cell, nil); err != nil {
				t.Errorf("%s: %v", e.ID, err)
			}
			if w, _ := workload.Find(workload.All(), c.Workload); w.Primary == "" {
				t.Errorf("%s: %s has no primary unit", e.ID, c.Workload)
			}
		}
	}
}

// Each version is pinned: its lock file has the version of its dependency and its own name.
func TestLocks(t *testing.T) {
	t.Chdir("../..")
	var names []string
	for _, v := range exhibits.Versions() {
		if v.Toolchain != "" {
			continue
		}
		names = append(names, v.Peer+".lock")
		lock, err := os.ReadFile(filepath.Join("peers/museum/locks", v.Peer+".lock"))
		if err != nil {
			t.Error(err)
			continue
		}
		crate, _, _ := strings.Cut(v.Dependencies, " ")
		_, rest, _ := strings.Cut(v.Dependencies, `"=`)
		version, _, _ := strings.Cut(rest, `"`)
		for _, want := range []string{"name = \"peer-" + v.Peer + "\"\n", "name = \"" + crate + "\"\nversion = \"" + version + "\"\n"} {
			if !strings.Contains(string(lock), want) {
				t.Errorf("the lock file of %s lacks %q", v.Peer, want)
			}
		}
		text, err := manifest(v)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text, "@") || !strings.Contains(text, "\n"+v.Dependencies+"\n") {
			t.Errorf("the manifest of %s is not filled in:\n%s", v.Peer, text)
		}
		if _, err := os.Stat(filepath.Join("peers", v.Source)); err != nil {
			t.Error(err)
		}
	}
	files, err := filepath.Glob("peers/museum/locks/*.lock")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !slices.Contains(names, filepath.Base(f)) {
			t.Errorf("%s is of no version", f)
		}
	}
}

// What counts as seen.
func TestExamine(t *testing.T) {
	e := exhibits.Exhibit{ID: "x", Reported: exhibits.Worse, Looks: exhibits.All()[0].Looks[:2]}
	for _, test := range []struct {
		first, second compare.Verdict
		reported      exhibits.Direction
		want          result
	}{
		{compare.Worse, compare.Unresolved, exhibits.Worse, seen},
		{compare.Unresolved, compare.Worse, exhibits.Worse, seen},
		{compare.Better, compare.Equivalent, exhibits.Better, seen},
		{compare.Worse, compare.Better, exhibits.Worse, mixed},
		{compare.Unresolved, compare.Better, exhibits.Worse, opposite},
		{compare.Equivalent, compare.Unresolved, exhibits.Worse, notSeen},
	} {
		e.Reported = test.reported
		effect := &compare.Effect{Ratio: 1}
		judged := map[string]compare.Comparison{
			id(e, e.Looks[0]): {Verdict: test.first, Effect: effect},
			id(e, e.Looks[1]): {Verdict: test.second, Effect: effect},
		}
		if got, _, _ := examine(e, judged); got != test.want {
			t.Errorf("%v, reported as %s: %s, want %s", test, test.reported, got, test.want)
		}
	}
	if got, _, _ := examine(e, nil); got != notMeasured {
		t.Errorf("of nothing: %s", got)
	}
}

// A page without results has every exhibit.
func TestWriteNothing(t *testing.T) {
	text, err := write(pairs.Outcome{}, []exhibits.Simulated{{Exhibit: "tokio-1.51", CPUs: 9, Seed: 1, Ratio: 1.25}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range exhibits.All() {
		if !strings.Contains(text, "## "+e.Title) || strings.Count(text, "]("+e.Link+")") < 1 {
			t.Errorf("the page lacks %s", e.ID)
		}
	}
	if !strings.Contains(text, "1.25 with 9 CPUs") {
		t.Errorf("the page lacks the simulation:\n%s", text)
	}
}
