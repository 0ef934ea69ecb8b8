//go:build simulate

package simulated

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/workload"
	files "github.com/idlebench/idlebench/simulate/machine"
)

// A file that bench calibrate wrote is a machine on which workloads run, and what they
// show comes from the file: with the futex parker a wake-up takes about what a bare
// futex took there after the same gap, with a condition variable about what that took.
func TestCalibratedMachine(t *testing.T) {
	f, err := files.Load("../../simulate/machine/testdata/calibrated.toml")
	if err != nil {
		t.Fatal(err)
	}
	w, _ := workload.Find(workload.All(), "wake")
	values, err := w.Values(map[string]string{"gap": "100us"})
	if err != nil {
		t.Fatal(err)
	}
	bare := 0.0 // in nanoseconds
	for _, wake := range f.Calibration.Wakes {
		if wake.Gap == 100_000_000 { // ps
			bare = float64(wake.Sleeper.Value) / 1000
		}
	}
	for parker, want := range map[string]float64{
		"futex": bare,
		"cond":  float64(f.Calibration.Figures["cond-sleeper"].Value) / 1000,
	} {
		kind, _ := park.Find(park.Kinds(), parker)
		r, err := Run(Spec{
			Machine: f.All(), Seed: 1, Impl: builtin.Implementations()[0], Parker: kind,
			Workload: w, Values: values, Workers: 1, WarmUp: 5 * time.Millisecond, Length: 50 * time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		got := float64(r.Samples.ValueAtQuantile(50))
		if r.Samples.TotalCount() < 100 || got < want/1.5 || got > want*1.5 {
			t.Errorf("%s: median %.1f µs of %d samples, the file has %.1f µs", parker, got/1000, r.Samples.TotalCount(), want/1000)
		}
		t.Logf("%s: median %.1f µs, the file has %.1f µs", parker, got/1000, want/1000)
	}
}

// Every preset runs wake on a few workers.
func TestPresets(t *testing.T) {
	w, _ := workload.Find(workload.All(), "wake")
	values, err := w.Values(nil)
	if err != nil {
		t.Fatal(err)
	}
	kind, _ := park.Find(park.Kinds(), "futex")
	for _, name := range files.Presets() {
		f, err := files.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Run(Spec{
			Machine: f.All(), Seed: 1, Impl: builtin.Implementations()[0], Parker: kind,
			Workload: w, Values: values, Workers: 8, Length: 2 * time.Millisecond,
		})
		if err != nil || r.Ops == 0 {
			t.Errorf("%s: %d operations, %v", name, r.Ops, err)
		}
	}
}
