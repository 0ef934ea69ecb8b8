package cli_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/cli"
	"github.com/idlebench/idlebench/bench/selftest"
	"github.com/idlebench/idlebench/record"
)

// An interrupted self-test keeps what was measured, with evidence, and can be resumed.
func TestInterruptSelftest(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted by another here")
	}
	folder := filepath.Join(t.TempDir(), "st")
	cmd, stderr := bench(t, "selftest", "-o", folder, "-quick", "-rounds", "1", "-time", "1ms", "-warmup", "0s")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	started := cmd.Process
	kill := time.AfterFunc(time.Minute, func() { started.Kill() })
	defer kill.Stop()
	waitForLaunches(t, folder, 3)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != cli.Interrupted {
		t.Errorf("exit status %d (%v), want %d; stderr:\n%s", code, err, cli.Interrupted, stderr.String())
	}
	if want := `"bench selftest -resume ` + folder + `" measures the rest`; !strings.Contains(stderr.String(), want) {
		t.Errorf("stderr does not say %s:\n%s", want, stderr.String())
	}
	f, err := selftest.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if f.Evidence == nil || f.Evidence.State != record.Interrupted || f.Evidence.Launches < 3 {
		t.Errorf("the evidence is %+v", f.Evidence)
	}
	kill.Stop()
	cmd, stderr = bench(t, "selftest", "-resume", folder)
	if err := cmd.Run(); err != nil {
		t.Fatalf("going on: %v; stderr:\n%s", err, stderr.String())
	}
	if f, err = selftest.Read(folder); err != nil || f.Evidence.State != record.Complete {
		t.Errorf("after going on the run is %s, %v", f.Evidence.State, err)
	}
}

// A self-test with launches of a machine that cannot be trusted fails.
func TestSelftestFails(t *testing.T) {
	d, err := selftest.New(catalog.Default(), true, 2)
	if err != nil {
		t.Fatal(err)
	}
	d.Block = 8
	primary := make(map[string]string)
	for i := range d.Rows {
		row := &d.Rows[i]
		primary[row.Cell.Workload] = row.Unit
		if row.Delayed {
			row.Inject([]float64{10_000})
		}
	}
	rng := rand.New(rand.NewPCG(1, 0))
	d.Plant()
	plan := record.Plan{Cells: d.Cells(), Rounds: d.Rounds(), Order: d.Order(1)}
	folder := filepath.Join(t.TempDir(), "st")
	w, err := record.Create(folder, record.Header{Start: time.Unix(0, 0), Plan: plan, Units: record.Units(), Primary: primary})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(0, 0)
	for round, row := range plan.Order {
		for _, i := range row {
			cell := plan.Cells[i]
			value := 10_000 * math.Exp(0.01*rng.NormFloat64())
			if strings.HasSuffix(cell.Impl, "-again") {
				value *= 1.1
			}
			at = at.Add(time.Second)
			err := w.Append(record.Launch{Cell: cell, Round: round, N: 1, Start: at,
				Metrics: []record.Metric{{Value: value, Unit: primary[cell.Workload]}}})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(record.Complete); err != nil {
		t.Fatal(err)
	}
	if err := selftest.Write(folder, d, nil); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := cli.Main(catalog.Default(), []string{"selftest", "-resume", folder}, &stdout, &stderr); code != cli.Failed {
		t.Errorf("exit status %d, want %d", code, cli.Failed)
	}
	if !strings.Contains(stdout.String(), "\nfailed      A/A: 20 of 20 ") {
		t.Errorf("stdout:\n%s", stdout.String())
	}
	if !strings.Contains(stderr.String(), "the self-test failed") {
		t.Errorf("stderr:\n%s", stderr.String())
	}
}
