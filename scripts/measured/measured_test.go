package measured

import (
	"os"
	"path/filepath"
	"testing"
)

// A run that is complete is not measured again, and one that is not is no whole one. The
// sample is complete.
func TestCompleteRun(t *testing.T) {
	const sample = "../../results/sample"
	if fresh, err := Folder(sample, nil); fresh || err != nil {
		t.Errorf("measured %v, %v: the sample is complete", fresh, err)
	}
	if err := Whole(sample); err != nil {
		t.Errorf("the sample: %v", err)
	}
	if err := Whole(t.TempDir()); err == nil {
		t.Error("an empty folder is whole")
	}
}

// What is no run is an error, and stays as it is.
func TestNoRun(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "run.json")
	if err := os.WriteFile(file, []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if fresh, err := Folder(dir, nil); fresh || err == nil {
		t.Errorf("measured %v, %v: want an error", fresh, err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "{" {
		t.Errorf("%q, %v", text, err)
	}
}
