package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/curves"
	"github.com/idlebench/idlebench/stats/validate"
)

// The page has what the data that are committed say.
func TestPage(t *testing.T) {
	text, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	want, err := filled("../..", string(text))
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != want {
		t.Errorf("%s is not what the data say: go run ./scripts/validation -text", page)
	}
	for _, c := range theirs {
		if !strings.Contains(want, "<!-- validation:begin "+c.id+" -->") {
			t.Errorf("%s has no table of %s", page, c.id)
		}
	}
}

// planted returns data whose values are given by a function of the cell.
func planted(value func(c record.Cell) float64) data {
	d := data{}
	add := func(id string, c record.Cell) {
		v := value(c)
		d[id] = append(d[id], point{c, "ns/op", []float64{v, v * 1.1, v * 0.9}, []float64{1, float64(len(c.Impl)), 1000}})
	}
	for _, p := range published {
		name := map[int]string{1: "1", 2: "2", 4: "4", 8: "8", 16: "16", 32: "32", 64: "64"}[p.threads]
		add("tokio-8483", record.Cell{Workload: "remote_spawn", Impl: "multithread", Park: "futex", Workers: 64,
			Params: []record.Param{{Name: "producers", Value: name}}})
	}
	for _, n := range []int{2, 8, 32} {
		for _, w := range []string{"ping_pong", "skynet"} {
			for _, impl := range []string{"bitmap", "multithread"} {
				add("tokio-5823", record.Cell{Workload: w, Impl: impl, Park: "futex", Workers: n})
			}
		}
		add("dotnet-127484", record.Cell{Workload: "mixed", Impl: "semaphore", Park: "futex", Workers: n})
	}
	return d
}

// contains checks that a text has all of some parts.
func contains(t *testing.T, text string, err error, parts ...string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("it lacks %q:\n%s", p, text)
		}
	}
}

// A plateau is found where there is one, and only there.
func TestPlateau(t *testing.T) {
	at := func(per float64, most int) data {
		return planted(func(c record.Cell) float64 {
			return 1e6 * (1 + per*float64(min(most, point{Cell: c}.param("producers"))))
		})
	}
	text, err := at(1, 8).plateau()
	contains(t, text, err, "| 1 | 7.90 | 1.00 | 2.00 | 1.80 to 2.20 | 1.00 |", "| 64 | 27.85 | 3.53 | 9.00 |", "factor of 0.86, the simulated one by 1.00: the plateau is there", "grows 4.1-fold there, and 4.5-fold here")
	text, err = at(1, 1000).plateau()
	contains(t, text, err, "there is no plateau")
	if _, err := (data{}).plateau(); err == nil {
		t.Error("without data there is a table")
	}
}

// The ratios of the loads are averaged seed by seed, and cross where they do.
func TestCrossing(t *testing.T) {
	text, err := planted(func(c record.Cell) float64 {
		switch {
		case c.Impl == "multithread":
			return 100
		case c.Workload == "skynet":
			return 50 * float64(c.Workers) // 100 at 2, 400 at 8, 1600 at 32
		}
		return 50
	}).crossing()
	// sqrt(1 × 0.5), sqrt(4 × 0.5), sqrt(16 × 0.5)
	contains(t, text, err, "| 2 | about 0.9 | 0.71 | 0.71 to 0.71 | 0.50 | 1.00 |", "| 8 | about 0.9 | 1.41 |", "| 32 | above 1 | 2.83 |",
		"The largest ratio is 16.0, of skynet with 32 workers: there bitmap wakes 6 workers for each task, multithread 11.",
		"crosses 1 from below at 4.0 workers (4.0 to 4.0 with 3 of 3 seeds); published: about 16")
	text, err = planted(func(record.Cell) float64 { return 7 }).crossing()
	contains(t, text, err, "does not cross 1 from below")
	d := planted(func(record.Cell) float64 { return 7 })
	d["tokio-5823"] = slices.Delete(d["tokio-5823"], 3, 4)
	if _, err := d.crossing(); err == nil {
		t.Error("a ratio without one of its sides")
	}
	if text := crossingText([]curves.Crossing{{X: 4, Above: false}}); !strings.Contains(text, "does not cross") {
		t.Errorf("a crossing from above: %s", text)
	}
}

// Throughput is tasks by time.
func TestPeak(t *testing.T) {
	text, err := planted(func(c record.Cell) float64 { return map[int]float64{2: 1000, 8: 2000, 32: 16000}[c.Workers] }).peak()
	contains(t, text, err, "| 2 | less, not quoted | 62.00 |", "| 8 | less, not quoted | 124.00 |", "| 32 | 100 % | 62.00 |", "peak is at 8 workers, and 32 have 50 % of it")
	if _, err := (data{}).peak(); err == nil {
		t.Error("without data there is a table")
	}
}

// The judgement is shown once there is one.
func TestJudgement(t *testing.T) {
	file := filepath.Join(t.TempDir(), "validation.json")
	text, err := judgement(file)
	contains(t, text, err, "Not measured yet")
	out, err := json.Marshal(validate.Judgement{
		Machine: "m", Launches: 14, Seeds: 5, Cells: make([]validate.Cell, 3), HeldOut: validate.Half{Cells: 2, Median: 1.1, Worst: 1.4, Orders: 2, Right: 1},
		Targets: []validate.Target{{Text: "worst", Figure: "1.40 times, Wake/impl=a/park=b", Outcome: validate.Missed}}, NotJudged: make([]validate.NotJudged, 2),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out, 0o666); err != nil {
		t.Fatal(err)
	}
	text, err = judgement(file)
	contains(t, text, err, "3 cells", "| held out | 2 | 10.0 % | 1.40 times | 1 of 2 |", "| worst | **missed** | 1.40 times, `Wake/impl=a/park=b` |", "Not judged: 2 cells")
}

// Unknown and broken blocks are mistakes.
func TestBlocks(t *testing.T) {
	root := t.TempDir()
	if _, err := filled(root, ""); err == nil || !strings.Contains(err.Error(), "make curves") {
		t.Errorf("without data: %v", err)
	}
	if err := planted(func(record.Cell) float64 { return 1 }).write(filepath.Join(root, curvesFile)); err != nil {
		t.Fatal(err)
	}
	text, err := filled(root, "a\n<!-- validation:begin judgement -->\nold\n<!-- validation:end judgement -->\nb\n")
	if want := "a\n<!-- validation:begin judgement -->\nNot measured yet: `make validate` does it.\n<!-- validation:end judgement -->\nb\n"; err != nil || text != want {
		t.Errorf("%q, %v", text, err)
	}
	for _, page := range []string{
		"<!-- validation:begin none -->\n<!-- validation:end none -->",
		"<!-- validation:begin judgement -->\n<!-- validation:end tokio-8483 -->",
	} {
		if _, err := filled(root, page); err == nil {
			t.Errorf("%q is filled", page)
		}
	}
}
