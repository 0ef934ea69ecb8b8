package simulated

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
)

func TestDetailAndTrace(t *testing.T) {
	dir := t.TempDir()
	c := record.Cell{Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 2}
	d := Detail{Cell: c.Name(), Seed: 1 << 60, From: 3, To: 5,
		States: []State{{"idle", 1, 2}, {"running", 3, 4}}, Lines: []Line{{Name: "bitmap.Idle.state", Waited: 7}}}
	stretches := []Stretch{{0, "running", 1_000_000, 1_000_500}, {1, "idle", 1_000_000, 1_000_700}, {2, "stalled", 1_000_500, 2_000_001}}
	trace := NewTrace("a title", 3, 1_000_000, stretches)
	conditions, err := Write(dir, c, d, trace)
	if err != nil {
		t.Fatal(err)
	}
	l := &record.Launch{Cell: c, Conditions: conditions}
	files, err := record.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if got, err := ReadDetail(files, l); err != nil || !reflect.DeepEqual(got, d) {
		t.Errorf("read %+v, %v", got, err)
	}
	got, err := ReadTrace(files, l)
	if err != nil || got.CPUs() != 3 {
		t.Fatalf("%d CPUs, %v", got.CPUs(), err)
	}
	want := []Stretch{{0, "running", 0, 500}, {2, "stalled", 500, 1_000_001}}
	if all := got.Stretches(); !reflect.DeepEqual(all, want) {
		t.Errorf("stretches %v, want %v", all, want)
	}

	if _, err := ReadTrace(files, &record.Launch{Cell: c}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a launch without a trace: %v", err)
	}
	file := filepath.Join(dir, Dir, c.Slug()+".json")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(data), "7", "8", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadDetail(files, l); err == nil || !strings.Contains(err.Error(), "not what the launch wrote") {
		t.Errorf("an edited file: %v", err)
	}
}

func TestVariation(t *testing.T) {
	c := record.Cell{Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 2}
	for _, v := range []Variation{{"same_cache", 50}, {"hit", -50}, {"idle_exit", 1}} {
		varied := v.With(c)
		if err := varied.Validate(); err != nil {
			t.Error(err)
		}
		back, got, err := Split(varied)
		if err != nil || got == nil || *got != v || back.Name() != c.Name() {
			t.Errorf("%v: %v, %v, %v", v, back.Name(), got, err)
		}
	}
	if _, v, err := Split(c); v != nil || err != nil {
		t.Errorf("a cell without one: %v, %v", v, err)
	}
	for _, text := range []string{"", "hit", "hit+%", "hit+0%", "Hit+5%", "hit-100%", "hit+50", "hit*2%"} {
		if v, err := ParseVariation(text); err == nil {
			t.Errorf("%q is %v", text, v)
		}
	}
}
