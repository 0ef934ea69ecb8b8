package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

// Every cell of a matrix is in one of the tables that a run ends with, and nothing makes
// benchstat warn.
func TestTableHasEveryCell(t *testing.T) {
	c := catalog.Default()
	// All workloads; the usual submitter and a few parkers are enough.
	cells, err := matrix.Cells(c, matrix.Selection{Size: matrix.Full, CPUs: 2,
		Parks: []string{"spin", "futex", "go", "none", "go-cond", "go-mailbox"}, Params: []record.Param{{Name: "submitter", Value: "block"}}})
	if err != nil {
		t.Fatal(err)
	}
	plan := record.Plan{Cells: cells, Rounds: 6, Order: order.Cells(cells, 6, 1)}
	folder := filepath.Join(t.TempDir(), "run")
	w, err := record.Create(folder, record.Header{Start: time.Unix(0, 0), Plan: plan, Units: record.Units(),
		Config: []record.Pair{{Key: "goos", Value: "test"}}})
	if err != nil {
		t.Fatal(err)
	}
	for round, list := range plan.Order {
		for _, i := range list {
			l := record.Launch{Cell: cells[i], Round: round, N: 1, Start: time.Unix(0, 0)}
			load, _ := workload.Find(c.Workloads, cells[i].Workload)
			for _, unit := range shown(load) {
				l.Metrics = append(l.Metrics, record.Metric{Value: float64(100*i + round + 1), Unit: unit})
			}
			if err := w.Append(l); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(record.Complete); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr strings.Builder
	app{c, &stdout, &stderr}.table(plan, folder, record.Complete)
	if stderr.Len() > 0 {
		t.Errorf("stderr: %s", stderr.String())
	}
	// benchstat puts its warnings below the tables, such as that benchmarks vary.
	if strings.Contains(stdout.String(), "¹ ") {
		t.Errorf("benchstat warns")
	}
	for _, cell := range cells {
		var row []string
		for _, p := range cell.Params {
			if slices.ContainsFunc(cells, func(c record.Cell) bool {
				return c.Workload == cell.Workload && slices.ContainsFunc(c.Params, func(q record.Param) bool {
					return q.Name == p.Name && q.Value != p.Value
				})
			}) {
				row = append(row, p.Value)
			}
		}
		row = append(row, cell.Impl, cell.Park)
		found := 0
		for line := range strings.Lines(stdout.String()) {
			if strings.HasPrefix(line, strings.Join(row, " ")+" ") {
				found++
			}
		}
		if found < 1 {
			t.Errorf("%s: %d rows %q in the tables, want its metric", cell.Name(), found, row)
		}
	}
	if t.Failed() {
		t.Log(stdout.String())
	}
}

// Cells with a setting of the kernel and without it are in one table, whichever comes
// first: this once was an index out of range.
func TestTableOfVariations(t *testing.T) {
	cell := func(params ...record.Param) record.Cell {
		return record.Cell{Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 1, Params: append([]record.Param{{Name: "gap", Value: "20us"}}, params...)}
	}
	slack, host := record.Param{Name: "slack", Value: "1ns"}, record.Param{Name: "host", Value: "tokio"}
	for _, cells := range [][]record.Cell{
		{cell(), cell(slack), cell(host), cell(slack, host)},
		{cell(slack, host), cell(host), cell(slack), cell()},
		{cell(host), cell(slack, host)},
	} {
		if got := tableOptions(workload.Workload{Primary: "p50-ns/wake"}, cells).Row; !strings.Contains(got, "/slack ") || strings.Contains(got, "gap") {
			t.Errorf("%d cells: rows by %s", len(cells), got)
		}
	}
}

// A page that cannot be written is a failure. A page that was written is not, even if
// the program reports problems.
func TestReportPage(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	dir := t.TempDir()
	folder := filepath.Join(dir, "run")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(folder, "report.html")
	for _, tt := range []struct {
		script string
		shown  string
		fails  bool
	}{
		{"exit 1", "", true},
		{`echo page > "$2"`, "Report: " + page + "\n", false},
		{"exit 1", "", true}, // the old page is still there
		{`echo page > "$2.tmp" && mv "$2.tmp" "$2"; exit 1`, "Report: " + page + "\n", false},
	} {
		program := filepath.Join(dir, "report")
		if err := os.WriteFile(program, []byte("#!/bin/sh\n"+tt.script+"\n"), 0o777); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr strings.Builder
		err := app{catalog.Default(), &stdout, &stderr}.report(program, folder)
		if (err != nil) != tt.fails || stdout.String() != tt.shown {
			t.Errorf("%s: error %v, shown %q", tt.script, err, stdout.String())
		}
		if err != nil && !strings.Contains(err.Error(), page+" could not be made: exit status 1; \"bench run -resume "+folder+"\" tries again") {
			t.Errorf("%s: error %v", tt.script, err)
		}
	}
	var stdout strings.Builder // without the program it says how to make one
	if err := (app{stdout: &stdout}).report("", folder); err != nil || !strings.HasPrefix(stdout.String(), "To make the page:\n  go run ") {
		t.Errorf("%v\n%s", err, stdout.String())
	}
}

func TestProgressWithoutTerminal(t *testing.T) {
	var w strings.Builder
	p := newProgress(&w, 4*time.Second)
	p.start = p.start.Add(-40 * time.Second)
	p.said = p.start
	p.step(time.Second, "round 1 of 2")
	p.step(time.Second, "round 1 of 2") // too soon for another line
	p.say("%d failed", 1)
	p.end()
	want := "round 1 of 2: 25 %, 2m0s left\n1 failed\n"
	if w.String() != want {
		t.Errorf("got %q, want %q", w.String(), want)
	}
}

func TestProgressOnTerminal(t *testing.T) {
	var w strings.Builder
	p := newProgress(&w, 4*time.Second)
	p.width = 40
	p.start = time.Now().Add(-40 * time.Second)
	p.said = p.start
	p.step(time.Second, "round 1 of 2, 3 invalid")
	p.step(time.Second, "round 1 of 2") // too soon to write again
	p.say("%d failed", 1)
	want := "\r\x1b[K[=====               ] 25 %, 2m0s left,\r\x1b[K1 failed\n"
	if w.String() != want {
		t.Errorf("got %q, want %q", w.String(), want)
	}
}
