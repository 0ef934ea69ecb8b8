package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/cli"
	"github.com/idlebench/idlebench/report/fleet/fleettest"
	"github.com/idlebench/idlebench/report/source/sourcetest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"report": func() { os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// status N COMMAND... runs a command that has to end with status N.
			"status": func(ts *testscript.TestScript, neg bool, args []string) {
				err := ts.Exec(args[1], args[2:]...)
				var exit *exec.ExitError
				if !errors.As(err, &exit) || strconv.Itoa(exit.ExitCode()) != args[0] {
					ts.Fatalf("%q: %v, want exit status %s", args[1:], err, args[0])
				}
			},
			// record FOLDER ROUNDS [FACTOR [LATER]] makes a result folder, in which bitmap
			// with a futex takes as many times as long, and launches were so much later.
			"record": func(ts *testscript.TestScript, neg bool, args []string) {
				rounds, err := strconv.Atoi(args[1])
				ts.Check(err)
				factor := 1.0
				if len(args) > 2 {
					factor, err = strconv.ParseFloat(args[2], 64)
					ts.Check(err)
				}
				var later time.Duration
				if len(args) > 3 {
					later, err = time.ParseDuration(args[3])
					ts.Check(err)
				}
				ts.Check(sourcetest.Record(ts.MkAbs(args[0]), rounds, func(l *record.Launch) error {
					l.Start = l.Start.Add(later)
					for i := range l.Metrics {
						if l.Cell.Impl == "bitmap" && l.Cell.Park == "futex" {
							l.Metrics[i].Value *= factor
						}
					}
					return nil
				}))
			},
			// submitted FOLDER ROUNDS makes one with several submitters, and with a workload
			// that is not judged.
			"submitted": func(ts *testscript.TestScript, neg bool, args []string) {
				rounds, err := strconv.Atoi(args[1])
				ts.Check(err)
				ts.Check(sourcetest.RecordCells(ts.MkAbs(args[0]), sourcetest.Submitted(), rounds, nil))
			},
			// profile FILE makes a CPU profile.
			"profile": func(ts *testscript.TestScript, neg bool, args []string) {
				f := &profile.Function{ID: 1, Name: "main.f"}
				l := &profile.Location{ID: 1, Line: []profile.Line{{Function: f}}}
				p := &profile.Profile{
					SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
					Function:   []*profile.Function{f},
					Location:   []*profile.Location{l},
					Sample:     []*profile.Sample{{Location: []*profile.Location{l}, Value: []int64{7, 7e7}}},
				}
				var b bytes.Buffer
				ts.Check(p.Write(&b))
				file := ts.MkAbs(args[0])
				ts.Check(os.MkdirAll(filepath.Dir(file), 0o777))
				ts.Check(os.WriteFile(file, b.Bytes(), 0o666))
			},
			// job FOLDER MACHINE PACK makes the folder of a job in a folder.
			"job": func(ts *testscript.TestScript, neg bool, args []string) {
				dir := filepath.Join(ts.MkAbs("."), "run-of-job")
				ts.Check(os.RemoveAll(dir))
				ts.Check(sourcetest.Record(dir, 2, nil))
				run, err := record.ReadLaunches(dir)
				ts.Check(err)
				_, err = fleettest.Make(run, ts.MkAbs(args[0]), fleettest.Machine{Name: args[1], Pack: args[2]})
				ts.Check(err)
			},
			// model FOLDER MACHINE makes the folder of a simulated run in a folder.
			"model": func(ts *testscript.TestScript, neg bool, args []string) {
				_, err := fleettest.Simulate(ts.MkAbs(args[0]), fleettest.Model{Folder: args[1], Name: args[1], Workers: []int{1, 64}, Seeds: 2,
					Factor: func(int, int) float64 { return 1.2 }})
				ts.Check(err)
			},
			// archive FILE FOLDER makes an archive of a folder.
			"archive": func(ts *testscript.TestScript, neg bool, args []string) {
				cmd := exec.Command("tar", "-czf", args[0], args[1])
				cmd.Dir = ts.MkAbs(".")
				out, err := cmd.CombinedOutput()
				ts.Check(err)
				ts.Logf("%s", out)
			},
			// pack FOLDER packs a result folder.
			"pack": func(ts *testscript.TestScript, neg bool, args []string) {
				ts.Check(record.Pack(ts.MkAbs(args[0])))
			},
			// undate FILE takes out when a JSON report was made.
			"undate": func(ts *testscript.TestScript, neg bool, args []string) {
				text := regexp.MustCompile(`"made": "[^"]*"`).ReplaceAllString(ts.ReadFile(args[0]), "")
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
			},
			// replace FILE OLD NEW replaces text that is there.
			"replace": func(ts *testscript.TestScript, neg bool, args []string) {
				was := ts.ReadFile(args[0])
				now := strings.ReplaceAll(was, args[1], args[2])
				if now == was {
					ts.Fatalf("replace: %s has no %s", args[0], args[1])
				}
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(now), 0o666))
			},
			// downgrade FOLDER makes version 2 of a result folder, which had no checksums and
			// no primary units in bench.txt.
			"downgrade": func(ts *testscript.TestScript, neg bool, args []string) {
				edit := func(file, pattern, with string) {
					path := ts.MkAbs(filepath.Join(args[0], file))
					text := regexp.MustCompile(pattern).ReplaceAllString(ts.ReadFile(path), with)
					ts.Check(os.WriteFile(path, []byte(text), 0o666))
				}
				edit(record.ManifestFile, `"version": 5`, `"version": 2`)
				edit(record.ManifestFile, `"crc"`, `"none"`)
				edit(record.BenchFile, ` (primary|reported)=\S+`, "")
			},
			// tear FILE N cuts N bytes off the end.
			"tear": func(ts *testscript.TestScript, neg bool, args []string) {
				n, err := strconv.Atoi(args[1])
				ts.Check(err)
				text := ts.ReadFile(args[0])
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text[:len(text)-n]), 0o666))
			},
			// benchstat ARGS runs go tool benchstat into the file benchstat.
			"benchstat": func(ts *testscript.TestScript, neg bool, args []string) {
				program, err := benchstat()
				ts.Check(err)
				cmd := exec.Command(program, args...)
				cmd.Dir = ts.MkAbs(".")
				out, err := cmd.Output()
				ts.Check(err)
				ts.Check(os.WriteFile(ts.MkAbs("benchstat"), out, 0o666))
			},
			// within A B: the text of file A is in file B.
			"within": func(ts *testscript.TestScript, neg bool, args []string) {
				if strings.Contains(ts.ReadFile(args[1]), ts.ReadFile(args[0])) == neg {
					ts.Fatalf("%s in %s: %t", args[0], args[1], neg)
				}
			},
		},
	})
}

// benchstat returns the path of the command, which the go command builds.
func benchstat() (string, error) {
	out, err := exec.Command("go", "tool", "-n", "benchstat").Output()
	return strings.TrimSpace(string(out)), err
}

// BenchmarkReport makes a report of a file, and has benchstat read the same file
// at the same time of day. The metric x-benchstat is how much longer the report
// takes, wall-clock.
func BenchmarkReport(b *testing.B) {
	for _, c := range []struct {
		benchmarks, times int
		format            string
	}{{100, 10, "text"}, {10_000, 10, "text"}, {1000, 100, "text"}, {10_000, 10, "html"}, {1000, 100, "html"}} {
		b.Run(fmt.Sprintf("lines=%d/times=%d/format=%s", c.benchmarks*c.times, c.times, c.format), func(b *testing.B) {
			program, err := benchstat()
			if err != nil {
				b.Skipf("go tool benchstat cannot be had: %v", err)
			}
			b.Chdir(b.TempDir())
			const file = "bench.txt"
			if err := os.WriteFile(file, lines(c.benchmarks, c.times), 0o666); err != nil {
				b.Fatal(err)
			}
			var ours, theirs time.Duration
			for b.Loop() {
				start := time.Now()
				if status := cli.Main([]string{"-format", c.format, file}, io.Discard, os.Stderr); status != cli.Done {
					b.Fatalf("exit status %d", status)
				}
				ours += time.Since(start)
				b.StopTimer()
				start = time.Now()
				if out, err := exec.Command(program, file).Output(); err != nil || len(out) == 0 {
					b.Fatalf("benchstat printed %d bytes: %v", len(out), err)
				}
				theirs += time.Since(start)
				b.StartTimer()
			}
			var mem runtime.MemStats
			runtime.ReadMemStats(&mem)
			b.ReportMetric(float64(ours)/float64(theirs), "x-benchstat")
			b.ReportMetric(float64(mem.Sys), "B-sys")
		})
	}
}

// BenchmarkFolder makes a report of a result folder with 300 launches.
func BenchmarkFolder(b *testing.B) {
	folder := filepath.Join(b.TempDir(), "run")
	if err := sourcetest.Record(folder, 30, nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if status := cli.Main([]string{folder}, io.Discard, os.Stderr); status != cli.Done {
			b.Fatalf("exit status %d", status)
		}
	}
}

// lines makes benchmarks of four implementations with six metrics.
func lines(benchmarks, times int) []byte {
	var b bytes.Buffer
	writeLines(&b, benchmarks, times)
	return b.Bytes()
}

func writeLines(b io.Writer, benchmarks, times int) {
	r := rand.New(rand.NewPCG(1, 1))
	io.WriteString(b, "goos: linux\n")
	for range times {
		for i := range benchmarks {
			impl := []string{"bitmap", "mutexonly", "channels", "other"}[i%4]
			fmt.Fprintf(b, "BenchmarkWake/impl=%s/park=futex/workers=1/gap=%dus 100", impl, i/4)
			for _, unit := range []string{"ns/op", "p50-ns/wake", "p99-ns/wake", "cost-ns/task", "wakes/task", "B/op"} {
				fmt.Fprintf(b, " %.4g %s", 1000*(1+0.1*r.Float64()), unit)
			}
			io.WriteString(b, "\n")
		}
	}
}
