//go:build linux

package simulation

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/record"
)

// charging builds the program that simulates as "make bin/simulate" does: plain memory is
// charged, and its lines are kept.
func charging(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	program := filepath.Join(dir, "simulate")
	for _, args := range [][]string{
		{"run", "../../loadgen/simulated/overlay", "-o", filepath.Join(dir, "overlay")},
		{"build", "-buildvcs=false", "-tags", "simulate", "-overlay", filepath.Join(dir, "overlay", "overlay.json"), "-o", program, ".."},
	} {
		if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
			b.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
	return program
}

// BenchmarkMemory reports the peak memory of the launches of a curve at its largest size,
// 255 workers and the submitter, each a process of its own, over all designs of the catalogue: the
// most that one takes. A run has a few of them at a time.
//
//	go test ./bench/simulation -run '^$' -bench Memory -benchtime 1x
func BenchmarkMemory(b *testing.B) {
	program := charging(b)
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		b.Fatal(err)
	}
	for _, w := range []struct{ name, param, value string }{{"skynet", "depth", "4"}, {"spawn_many_remote_idle", "tasks", "1000"}} {
		b.Run(w.name, func(b *testing.B) {
			cells, _, err := Cells(catalog.Default(), load(b, "made-up-1024"), Selection{
				Workloads: []string{w.name}, Impls: []string{"all"}, Workers: []int{255}, Params: []record.Param{{Name: w.param, Value: w.value}},
			})
			if err != nil {
				b.Fatal(err)
			}
			var most int64
			for b.Loop() {
				for _, c := range cells {
					r := Request{Cell: c, Seed: 1, Machine: "made-up-1024", Warmup: Usual.Warmup, Time: Usual.Time, Window: window}
					cmd := exec.Command(program, r.Args()...)
					var stderr bytes.Buffer
					cmd.Stderr = &stderr
					if err := cmd.Run(); err != nil {
						b.Fatalf("%v: %v\n%s", cmd, err, &stderr)
					}
					most = max(most, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
				}
			}
			if most <= own.Maxrss {
				b.Logf("a process begins with the peak memory of the one that starts it, here %d KB: it is no more than that", own.Maxrss)
			}
			b.ReportMetric(float64(most)*1024, "peak-bytes")
			b.ReportMetric(float64(len(cells)), "designs")
		})
	}
}
