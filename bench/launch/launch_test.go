package launch_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/cli"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/result"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/noise"
)

// measuring is set in the environment if a launch is to measure.
const measuring = "IDLEBENCH_LAUNCH_TEST"

// Started as a launch, the test's program is one, or says with which arguments.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == launch.Command {
		if os.Getenv(measuring) != "" {
			os.Exit(cli.Main(catalog.Default(), os.Args[1:], os.Stdout, os.Stderr))
		}
		fmt.Fprintln(os.Stderr, strings.Join(os.Args[1:], " "))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// All launches of a run have the same CPUs, or fail: one that was taken away
// meanwhile is not silently done without.
func TestExecSaysWhichCPUs(t *testing.T) {
	allowed, err := cpu.Allowed()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ cpus, want cpu.Set }{{nil, allowed}, {cpu.SetOf(3, 5), cpu.SetOf(3, 5)}} {
		_, err := launch.Request{CPUs: test.cpus}.Exec(t.Context())
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("-cpus %v", test.want)) {
			t.Errorf("CPUs %v: got error %v, want one with -cpus %v", test.cpus, err, test.want)
		}
	}
}

// What is measured can be written down: its units are known, and its conditions
// and violated limits have the form of a result's.
func TestMeasure(t *testing.T) {
	c := catalog.Default()
	cells, err := matrix.Cells(c, matrix.Selection{
		Workloads: []string{"wake", "poisson", "platform_clock", "platform_offset", "platform_hiccup"},
		Impls:     []string{"mutexonly", "goroutine", "platform"},
		Size:      matrix.Quick,
		CPUs:      2,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range cells {
		t.Run(cell.Slug(), func(t *testing.T) {
			l, err := launch.Request{Cell: cell, Time: 5 * time.Millisecond}.Measure(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			var line bytes.Buffer
			if err := result.EncodeLaunch(&line, l); err != nil {
				t.Error(err)
			}
			for _, m := range l.Metrics {
				if !slices.ContainsFunc(result.Units(), func(u result.Unit) bool { return u.Name == m.Unit }) {
					t.Errorf("unit %s is in no table", m.Unit)
				}
			}
			for _, name := range l.Invalid {
				if !slices.ContainsFunc(noise.Limits(), func(limit noise.Limit) bool { return limit.Name == name }) {
					t.Errorf("invalid by %s, which is no limit", name)
				}
			}
			var keys []string
			for _, p := range l.Conditions {
				keys = append(keys, p.Key)
			}
			for _, key := range []string{"migrations", "affinity", "steal", "others", "worker-switches", "generator-switches", "gc", "stops", "clock-step"} {
				if !slices.Contains(keys, key) {
					t.Errorf("condition %s is missing in %v", key, keys)
				}
			}
			if open := slices.Contains(keys, "saturated"); open != (cell.Workload == "poisson") {
				t.Errorf("saturated is there: %v", open)
			}
		})
	}
}
