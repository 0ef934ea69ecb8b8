package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/cli"
	"github.com/idlebench/idlebench/record"
)

// Ctrl-C keeps what a simulation has, and -resume simulates the rest: of the run, and of
// its varied machines.
func TestSimulate(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "simulate")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-tags", "simulate", "-o", program, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	folder := filepath.Join(dir, "run")
	varied := filepath.Join(folder, "varied")
	cmd, stderr := bench(t, "simulate", "-machine", "epyc-rome", "-workload", "skynet", "-param", "depth=2", "-impl", "bitmap",
		"-workers", "2", "-seeds", "2", "-warmup", "0s", "-time", "50us", "-vary", "50%", "-program", program, "-o", folder)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitForLaunches(t, varied, 3)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != cli.Interrupted {
		t.Fatalf("interrupted: %v\n%s", err, stderr)
	}
	if !strings.Contains(stderr.String(), "simulate -resume "+folder+"\"") {
		t.Errorf("it does not say how to go on:\n%s", stderr)
	}
	read := func(folder string, want record.State) record.Run {
		t.Helper()
		run, err := record.Read(folder)
		if err != nil || run.State != want || run.Simulated() != "epyc-rome" || len(run.Failures) > 0 {
			t.Fatalf("%s: %v, %s, simulated on %q, failures %v", folder, err, run.State, run.Simulated(), run.Failures)
		}
		return run
	}
	if n := len(read(folder, record.Complete).Recorded); n != 2 {
		t.Errorf("%d launches", n)
	}
	before := read(varied, record.Interrupted)
	planned := len(before.Plan.Cells) * before.Plan.Rounds
	if n := len(before.Recorded); n < 3 || n >= planned || planned < 60 {
		t.Fatalf("%d varied launches of %d", n, planned)
	}

	cmd, stderr = bench(t, "simulate", "-resume", folder, "-program", program)
	var stdout strings.Builder
	cmd.Stdout = &stdout
	if err := cmd.Run(); err != nil {
		t.Fatalf("resumed: %v\n%s", err, stderr)
	}
	if n := len(read(varied, record.Complete).Recorded); n != planned {
		t.Errorf("resumed: %d launches of %d", n, planned)
	}
	if !strings.Contains(stdout.String(), folder+" is complete, with 2 launches: nothing is left to simulate.") {
		t.Errorf("resumed: it says\n%s", &stdout)
	}

	// The program that simulates does nothing else.
	out, err := exec.Command(program, "run").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "built to simulate") {
		t.Errorf("the program that simulates measures: %v\n%s", err, out)
	}
}
