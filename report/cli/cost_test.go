package cli_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
)

// BenchmarkCost makes a text report of 100,000 lines and has benchstat make the same
// table, each in a process of its own, one after the other. Besides the CPU time and the
// peak memory of the report it gives their ratios to benchstat's: x-cpu is the median of
// the ratios of pairs, x-rss the ratio of the medians. Take at least seven pairs:
//
//	go test ./report/cli -run=- -bench=Cost -benchtime=9x
func BenchmarkCost(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("the unit of a process's peak memory is known for Linux only")
	}
	stat, err := benchstat()
	if err != nil {
		b.Skipf("go tool benchstat cannot be had: %v", err)
	}
	report := filepath.Join(b.TempDir(), "report")
	if out, err := exec.Command("go", "build", "-o", report, "github.com/idlebench/idlebench/report").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, c := range []struct {
		name string
		text []byte
		col  string
	}{
		{"benchmarks=2500", lines(2500, 40), "/impl"},
		{"packages=1000", packages(1000, 10, 10), ".file"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.Chdir(b.TempDir())
			const file = "bench.txt"
			if err := os.WriteFile(file, c.text, 0o666); err != nil {
				b.Fatal(err)
			}
			var ours, theirs, ratios []float64 // CPU seconds
			var ourPeak, theirPeak []float64   // bytes
			for b.Loop() {
				cpu, peak := spend(b, report, "-col", c.col, file)
				ours, ourPeak = append(ours, cpu), append(ourPeak, peak)
				b.StopTimer()
				cpu, peak = spend(b, stat, "-col", c.col, file)
				theirs, theirPeak = append(theirs, cpu), append(theirPeak, peak)
				ratios = append(ratios, ours[len(ours)-1]/cpu)
				b.StartTimer()
			}
			b.ReportMetric(middle(ours), "cpu-s")
			b.ReportMetric(middle(theirs), "benchstat-cpu-s")
			b.ReportMetric(middle(ratios), "x-cpu")
			b.ReportMetric(middle(ourPeak), "peak-B")
			b.ReportMetric(middle(theirPeak), "benchstat-peak-B")
			b.ReportMetric(middle(ourPeak)/middle(theirPeak), "x-rss")
		})
	}
}

// spend runs a program and returns its CPU time in seconds and its peak memory in bytes.
func spend(b *testing.B, program string, args ...string) (cpu, peak float64) {
	b.Helper()
	cmd := exec.Command(program, args...)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil || out.Len() == 0 {
		b.Fatalf("%s printed %d bytes: %v\n%s", program, out.Len(), err, &stderr)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return float64(used) / float64(time.Second), float64(usage.Maxrss) * 1024
}

func middle(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	return v[len(v)/2]
}

// packages makes the output of go test -bench for packages with benchmarks of their own.
func packages(packages, benchmarks, times int) []byte {
	r := rand.New(rand.NewPCG(2, 1))
	var b bytes.Buffer
	b.WriteString("goos: linux\ngoarch: amd64\ncpu: AMD EPYC\n")
	for p := range packages {
		fmt.Fprintf(&b, "pkg: example.com/module/p%d\n", p)
		for i := range benchmarks {
			for range times {
				fmt.Fprintf(&b, "BenchmarkP%dCase%d/size=%d-8 100 %.4g ns/op %d B/op %d allocs/op\n",
					p, i, 1<<i, 1000*(1+0.1*r.Float64()), 512*i, i)
			}
		}
		b.WriteString("PASS\n")
	}
	return b.Bytes()
}
