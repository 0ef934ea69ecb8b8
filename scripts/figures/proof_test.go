package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/stats/gate"
)

// The planted program is this source with a few lines more, which make each operation slower
// by the share, by an exact clock.
func TestPlant(t *testing.T) {
	folder := t.TempDir()
	overlay, err := plant(root, folder)
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		t.Skip("builds a package")
	}
	text, err := os.ReadFile(overlay)
	if err != nil {
		t.Fatal(err)
	}
	var files struct{ Replace map[string]string }
	if err := json.Unmarshal(text, &files); err != nil {
		t.Fatal(err)
	}
	test, err := filepath.Abs("testdata/planted_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for source := range files.Replace {
		files.Replace[filepath.Join(filepath.Dir(source), "planted_test.go")] = test
		break
	}
	if text, err = json.Marshal(files); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, text, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "test", "-overlay", overlay, "-run", "^TestPlanted$", "-v", "./loadgen/workload")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestPlanted") {
		t.Errorf("%v\n%s", err, out)
	}
}

// A line that is to be slower and is no longer there is noticed.
func TestPlantOutdated(t *testing.T) {
	repository := t.TempDir()
	if err := os.CopyFS(repository+"/loadgen/workload", os.DirFS(root+"/loadgen/workload")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(repository+"/loadgen/workload/wake.go", []byte("package workload\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := plant(repository, t.TempDir()); err == nil || !strings.Contains(err.Error(), "wake.go has 0 times") {
		t.Errorf("%v", err)
	}
}

// Ten comparisons have slower cells of all kinds, and thirty have each of fifteen twice.
func TestSpreadOver(t *testing.T) {
	var cells []string
	for _, w := range []string{"a", "b", "c", "d", "e"} {
		for _, i := range []string{"1", "2", "3"} {
			cells = append(cells, w+i)
		}
	}
	for n, want := range map[int][]string{
		5:  {"a1", "b1", "c1", "d1", "e1"},
		10: {"a1", "a2", "b1", "b3", "c1", "c2", "d1", "d3", "e1", "e2"},
		30: slices.Concat(cells, cells),
	} {
		var got []string
		for i := range n {
			got = append(got, spreadOver(cells, i, n))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d comparisons, -want +got:\n%s", n, diff)
		}
	}
}

func TestCellsOf(t *testing.T) {
	d := gate.Decision{Findings: []gate.Finding{
		{Row: "Wake/impl=bitmap/park=futex/workers=1/gap=200us"}, {Row: "Wake/impl=mutexonly/park=futex"}, {Row: "Wake/impl=bitmap/park=cond"}, {Row: "x"},
	}}
	want := []string{"Wake/impl=bitmap/", "Wake/impl=mutexonly/", "x"}
	if got := cellsOf(d); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What is quoted is what the file says.
func TestProofText(t *testing.T) {
	folder := t.TempDir()
	if _, err := readProof(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a file: %v", err)
	}
	d := proofData{Commit: "abc", Budget: 2 * time.Minute, Runs: 2, Share: 0.1, Cells: []string{"Wake/impl=bitmap/"}, Done: []proofRun{
		{Exit: 0, Took: 90 * time.Second, Seed: 1 << 63, Status: map[gate.Status]int{gate.Bounded: 13, gate.Within: 2}},
		{Exit: 1, Took: 100 * time.Second, Planted: "Wake/impl=bitmap/", Status: map[gate.Status]int{gate.Regressed: 1, gate.Within: 14},
			Change: &gate.Change{Estimate: 0.11, Interval: &[2]float64{0.02, 0.2}}},
		{Exit: 4, Took: 2 * time.Minute, Status: map[gate.Status]int{gate.Unresolved: 1, gate.Bounded: 14}},
	}}
	if err := writeProof(folder, d); err != nil {
		t.Fatal(err)
	}
	back, err := readProof(folder)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, back); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
	text := strings.Join(strings.Fields(back.text()), " ")
	for _, want := range []string{
		"Not finished: 3 of 4 comparisons.",
		"2 of 3 comparisons of 2 minutes were right: the same code passed in 1 of 2, and a slowdown of 10 % in one cell was found in 1 of 1.",
		"The slower cells were estimated at +11.0 % (median).",
		"| 1 | none | 0 | 0, 0, 0, 13, 2 | | 1m30s |",
		"| 2 | `Wake/impl=bitmap` | 1 | 1, 0, 0, 0, 14 | +11.0 % [+2.0 %, +20.0 %] | 1m40s |",
		"| 3 | none | 4 (wrong) | 0, 1, 0, 14, 0 | | 2m0s |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, back.text())
		}
	}
	if got := (*proofData)(nil).text(); !strings.Contains(got, "Not run yet") {
		t.Errorf("without a proof: %q", got)
	}
}

// A proof that is over makes room for the next, finished or given up.
func TestProofOver(t *testing.T) {
	for want, d := range map[bool][]proofData{
		true:  {{Runs: 1, Done: make([]proofRun, 2)}, {Runs: 2, Done: make([]proofRun, 3), Ended: "it hung"}},
		false: {{Runs: 2, Done: make([]proofRun, 3)}, {Runs: 1}},
	} {
		for _, d := range d {
			if d.over() != want {
				t.Errorf("%d of %d, ended %q: over is %v", len(d.Done), 2*d.Runs, d.Ended, d.over())
			}
			if given := strings.Contains(d.text(), "Given up, because it hung: 3 of 4"); given != (d.Ended != "") {
				t.Errorf("ended %q: the text is %s", d.Ended, d.text())
			}
		}
	}
	for _, args := range [][]string{{"-runs", "0"}, {"-budget", "0s"}, {"-share", "-1"}} {
		if err := proof(args); err == nil || !strings.Contains(err.Error(), "positive") {
			t.Errorf("%q: %v", args, err)
		}
	}
}
