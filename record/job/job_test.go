package job_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/internal/sums"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/job"
)

// folder makes a result folder in which nothing was measured, in a state.
func folder(t *testing.T, state record.State) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "m-j")
	cell := record.Cell{Workload: "wake", Impl: "bitmap", Park: "cond", Workers: 1}
	w, err := record.Create(dir, record.Header{Start: time.Unix(0, 0), Plan: record.Plan{Cells: []record.Cell{cell}, Rounds: 1, Order: [][]int{{0}}}})
	if err == nil {
		err = w.Fail(cell, 0, errors.New("made"))
	}
	if err == nil {
		err = w.Close(state)
	}
	if err == nil {
		err = job.Write(dir, job.Job{Version: job.Version, Pack: "p", Machine: "m", Job: "j", Starts: []job.Start{{CPUs: "0-1"}}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestSeal(t *testing.T) {
	dir := folder(t, record.Complete)
	if _, err := job.Check(dir); !errors.Is(err, job.ErrUnsealed) {
		t.Errorf("before: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, job.Page), []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := job.Seal(dir); err != nil {
		t.Fatal(err)
	}
	id, err := job.Check(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, job.Page), []byte("new"), 0o666); err != nil {
		t.Fatal(err)
	}
	if again, err := job.Check(dir); again != id || err != nil {
		t.Errorf("with another page: %s (was %s), %v", again, id, err)
	}
	for _, file := range []string{job.File, record.ManifestFile, record.BenchFile} {
		path := filepath.Join(dir, file)
		data, err := os.ReadFile(path)
		if err == nil {
			err = os.Truncate(path, int64(len(data)-1))
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := job.Check(dir); err == nil || !strings.Contains(err.Error(), file+" was changed or cut") {
			t.Errorf("a cut %s: %v", file, err)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, record.BenchFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := job.Check(dir); err == nil || !strings.Contains(err.Error(), "bench.txt is missing") {
		t.Errorf("a missing file: %v", err)
	}
}

// Only a run that is over is sealed, and a seal of another one does not hold.
func TestSealPartial(t *testing.T) {
	dir := folder(t, record.Interrupted)
	if err := job.Seal(dir); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("%v", err)
	}
	list, err := sums.List(os.DirFS(dir), nil)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, sums.File), list, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := job.Check(dir); err == nil || !strings.Contains(err.Error(), "its run is interrupted") {
		t.Errorf("%v", err)
	}
}

func TestRead(t *testing.T) {
	dir := folder(t, record.Complete)
	if j, err := job.Read(dir); err != nil || j.Machine != "m" || j.Starts[0].CPUs != "0-1" {
		t.Errorf("%+v, %v", j, err)
	}
	for text, want := range map[string]string{
		`{`:                          "unexpected end",
		`{"version": 2}`:             "has version 2",
		`{"version": 1, "pack": ""}`: "has no start",
	} {
		if err := os.WriteFile(filepath.Join(dir, job.File), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := job.Read(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := job.Read(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
