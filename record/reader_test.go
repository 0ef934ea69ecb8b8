package record

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ReadLaunches reads what Read does but histograms, whose files need not be there. A
// changed launch is an error all the same.
func TestReadLaunches(t *testing.T) {
	w, dir := create(t)
	appendAll(t, w, wakeLaunches()...)
	if err := w.Close(Interrupted); err != nil {
		t.Fatal(err)
	}
	want := read(t, dir)
	if err := os.RemoveAll(filepath.Join(dir, LatencyDir)); err != nil {
		t.Fatal(err)
	}
	got, err := ReadLaunches(dir)
	if err != nil {
		t.Fatal(err)
	}
	some := false
	for i := range want.Recorded {
		some = some || want.Recorded[i].Latency != nil
		want.Recorded[i].Latency = nil
	}
	if diff := diffLaunches(want.Recorded, got.Recorded); diff != "" || !some {
		t.Errorf("%s (a histogram was recorded: %t)", diff, some)
	}
	file := filepath.Join(dir, BenchFile)
	text, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, []byte(strings.Replace(string(text), "p50-ns/wake", "p51-ns/wake", 1)), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadLaunches(dir); err == nil {
		t.Error("a changed file was read")
	}
}
