//go:build linux

package cli_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
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
		name  string
		write func(io.Writer)
		col   string
	}{
		{"benchmarks=2500", func(w io.Writer) { writeLines(w, 2500, 40) }, "/impl"},
		{"packages=1000", func(w io.Writer) { writePackages(w, 1000, 10, 10) }, ".file"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.Chdir(b.TempDir())
			const file = "bench.txt"
			f, err := os.Create(file)
			if err != nil {
				b.Fatal(err)
			}
			w := bufio.NewWriter(f)
			c.write(w)
			if err := errors.Join(w.Flush(), f.Close()); err != nil {
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
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := os.Create("out")
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout = out
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v\n%s", program, err, &stderr)
	}
	if info, err := out.Stat(); err != nil || info.Size() == 0 {
		b.Fatalf("%s printed nothing: %v", program, err)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		b.Fatal(err)
	}
	if usage.Maxrss <= own.Maxrss {
		b.Fatalf("a process begins with the peak memory of the one that started it, and this one's is %d KB", own.Maxrss)
	}
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return float64(used) / float64(time.Second), float64(usage.Maxrss) * 1024
}

func middle(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	return v[len(v)/2]
}

// writePackages writes the output of go test -bench for packages with benchmarks of
// their own.
func writePackages(b io.Writer, packages, benchmarks, times int) {
	r := rand.New(rand.NewPCG(2, 1))
	io.WriteString(b, "goos: linux\ngoarch: amd64\ncpu: AMD EPYC\n")
	for p := range packages {
		fmt.Fprintf(b, "pkg: example.com/module/p%d\n", p)
		for i := range benchmarks {
			for range times {
				fmt.Fprintf(b, "BenchmarkP%dCase%d/size=%d-8 100 %.4g ns/op %d B/op %d allocs/op\n",
					p, i, 1<<i, 1000*(1+0.1*r.Float64()), 512*i, i)
			}
		}
		io.WriteString(b, "PASS\n")
	}
}
