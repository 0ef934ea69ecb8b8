package cli_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/cli"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/record"
)

func TestMain(m *testing.M) {
	// The race detector would wait for a second at the end of each process.
	if os.Getenv("GORACE") == "" {
		os.Setenv("GORACE", "atexit_sleep_ms=0")
	}
	testscript.Main(asBench{m}, map[string]func(){
		"bench": func() { os.Exit(cli.Main(catalog.Default(), os.Args[1:], os.Stdout, os.Stderr)) },

		// elderbench is a revision before -plan.
		"elderbench": func() {
			if slices.Contains(os.Args, "-plan") {
				fmt.Fprintln(os.Stderr, "bench: run: flag provided but not defined: -plan")
				os.Exit(cli.Usage)
			}
		},

		// silent is another program.
		"silent": func() {},

		// formerbench is a revision before -throttled.
		"formerbench": func() {
			if slices.Contains(os.Args, "-throttled") {
				fmt.Fprintln(os.Stderr, "bench: flag provided but not defined: -throttled")
				os.Exit(cli.Usage)
			}
			os.Exit(cli.Main(catalog.Default(), os.Args[1:], os.Stdout, os.Stderr))
		},

		// otherbench has an additional implementation, and lacks channels.
		"otherbench": func() {
			c := catalog.Default()
			c.Implementations = slices.DeleteFunc(c.Implementations, func(i impls.Implementation) bool { return i.Name == "channels" })
			more := c.Implementations[0]
			more.Name = "more"
			c.Implementations = append(c.Implementations, more)
			os.Exit(cli.Main(c, os.Args[1:], os.Stdout, os.Stderr))
		},

		"plantedbench": plantedBench,

		// noisybench is on a machine where each launch and each slice is disturbed. None
		// takes any time.
		"noisybench": func() {
			if os.Args[1] != launch.Command {
				os.Exit(cli.Main(catalog.Default(), os.Args[1:], os.Stdout, os.Stderr))
			}
			value := func(flag string) string { return os.Args[slices.Index(os.Args, flag)+1] }
			cell, err := record.ParseName(value("-cell"))
			round, invalid := strconv.Atoi(value("-round"))
			if slices.Contains(os.Args, "-sliced") {
				fmt.Println(`{"sliced":1,"spins":false}`)
				for lines := bufio.NewScanner(os.Stdin); lines.Scan() && lines.Text() != "end"; {
					fmt.Println(`{"exceeded":["others","steal"]}`)
				}
			}
			if err = errors.Join(err, invalid); err == nil {
				err = record.EncodeLaunch(os.Stdout, record.Launch{
					Cell: cell, Round: round, N: 1, Start: time.Unix(0, 0), Invalid: []string{"others", "steal"},
					Metrics: []record.Metric{{Value: 1, Unit: "ns/op"}},
				})
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(cli.Failed)
			}
		},

		// badbench has an implementation that cannot be measured.
		"badbench": func() {
			c := catalog.Default()
			c.Implementations = append(c.Implementations, impls.Implementation{
				Name:  "bad",
				About: "fails",
				New:   func(impls.Config) impls.Idle { panic("bad by design") },
			})
			os.Exit(cli.Main(c, os.Args[1:], os.Stdout, os.Stderr))
		},
	})
}

// asBench has tests call this program bench, as the scripts do.
type asBench struct{ *testing.M }

func (m asBench) Run() int {
	os.Args[0] = "bench"
	return m.M.Run()
}

// noneValid is the error of a run in which no launch was valid.
const noneValid = "bench: no launch was valid, so there is no result; "

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("GORACE", os.Getenv("GORACE"))
			trace, err := filepath.Abs("../convert/testdata/example.trace")
			if err != nil {
				return err
			}
			e.Setenv("TRACE", trace) // an execution trace of Go
			sample, err := filepath.Abs("../../results/sample")
			e.Setenv("SAMPLE", sample) // a run's result folder
			return err
		},
		Condition: func(cond string) (bool, error) {
			return cond == "pin" && runtime.GOOS == "linux", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// status N COMMAND... runs a command that has to end with status N.
			"status": func(ts *testscript.TestScript, neg bool, args []string) {
				err := ts.Exec(args[1], args[2:]...)
				var exit *exec.ExitError
				if !errors.As(err, &exit) || strconv.Itoa(exit.ExitCode()) != args[0] {
					ts.Fatalf("%q: %v, want exit status %s", args[1:], err, args[0])
				}
			},
			// edit FILE PATTERN TEXT replaces each match of a regular expression.
			"edit": func(ts *testscript.TestScript, neg bool, args []string) {
				re, err := regexp.Compile("(?m)" + args[1])
				ts.Check(err)
				was := ts.ReadFile(args[0])
				now := re.ReplaceAllString(was, args[2])
				if now == was {
					ts.Fatalf("edit: nothing in %s matches %s", args[0], args[1])
				}
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(now), 0o666))
			},
			// measure ARGUMENTS runs bench. If no launch was valid the machine was too
			// busy, which is not a failure of the program.
			"measure": func(ts *testscript.TestScript, neg bool, args []string) {
				if err := ts.Exec("bench", args...); err != nil && !strings.Contains(ts.ReadFile("stderr"), noneValid) {
					ts.Fatalf("%v", err)
				}
			},
			// decide ARGUMENTS runs bench compare to its end. A run this short usually
			// decides nothing, but chance may, so each decision will do.
			"decide": func(ts *testscript.TestScript, neg bool, args []string) {
				err := ts.Exec("bench", args...)
				var exit *exec.ExitError
				if err != nil && (!errors.As(err, &exit) || !slices.Contains([]int{1, 3, 4}, exit.ExitCode())) {
					ts.Fatalf("%v", err)
				}
			},
			// unseal FILE makes a run.json, and the bench.txt next to it, those of
			// version 2, which had no checksums and no primary units in bench.txt.
			"unseal": func(ts *testscript.TestScript, neg bool, args []string) {
				text := regexp.MustCompile(`"version": [345]`).ReplaceAllString(ts.ReadFile(args[0]), `"version": 2`)
				text = regexp.MustCompile(`,\s*"crc": \{[^}]*\}`).ReplaceAllString(text, "")
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
				bench := filepath.Join(filepath.Dir(ts.MkAbs(args[0])), record.BenchFile)
				text = regexp.MustCompile(` (primary|reported)=\S+`).ReplaceAllString(ts.ReadFile(bench), "")
				ts.Check(os.WriteFile(bench, []byte(text), 0o666))
			},
			// where VARIABLE COMMAND sets the variable to the path of a command.
			"where": func(ts *testscript.TestScript, neg bool, args []string) {
				for dir := range strings.SplitSeq(ts.Getenv("PATH"), string(filepath.ListSeparator)) {
					path := filepath.Join(dir, args[1])
					if runtime.GOOS == "windows" {
						path += ".exe"
					}
					if _, err := os.Stat(path); err == nil {
						ts.Setenv(args[0], path)
						return
					}
				}
				ts.Fatalf("where: there is no %s", args[1])
			},
			// tear FILE N cuts N bytes off the end.
			"tear": func(ts *testscript.TestScript, neg bool, args []string) {
				n, err := strconv.Atoi(args[1])
				ts.Check(err)
				text := ts.ReadFile(args[0])
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text[:len(text)-n]), 0o666))
			},
		},
	})
}

// An interrupted run keeps what was measured.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted by another here")
	}
	folder := filepath.Join(t.TempDir(), "run")
	// A run of minutes.
	cmd, stderr := bench(t, "run", "-o", folder, "-workload", "wake", "-time", "1ms", "-warmup", "0s", "-count", "500")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer kill.Stop()
	waitForLaunches(t, folder, 3)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != cli.Interrupted {
		t.Errorf("exit status %d (%v), want %d; stderr:\n%s", code, err, cli.Interrupted, stderr.String())
	}
	run, err := record.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Recorded) < 3 {
		t.Errorf("%d launches were kept, want at least 3", len(run.Recorded))
	}
	if run.State != record.Interrupted {
		t.Errorf("the run is %s, want %s", run.State, record.Interrupted)
	}
}

// A catalogue that is wrong is an error, whatever the command line.
func TestBadCatalog(t *testing.T) {
	c := catalog.Default()
	c.Implementations = append(c.Implementations, impls.Implementation{Name: "lazy"})
	for _, args := range [][]string{nil, {"list"}} {
		var stdout, stderr strings.Builder
		if status := cli.Main(c, args, &stdout, &stderr); status != cli.Failed || !strings.Contains(stderr.String(), `"lazy" has no New`) {
			t.Errorf("%q: status %d, %s", args, status, stderr.String())
		}
	}
}
