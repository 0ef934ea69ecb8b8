package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/cli"
	"github.com/idlebench/idlebench/bench/simulation"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/simulate/machine"
	"github.com/idlebench/idlebench/stats/validate"
)

// Ctrl-C keeps what a validation has, -resume measures and simulates the rest of the same
// cells and judges them, and once more only judges. What is judged of this machine is for
// no test to say.
func TestValidate(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	use, err := cpu.Allowed()
	if err != nil {
		t.Fatal(err)
	}
	if len(use) < 2 {
		t.Skip("the machine's file has two CPUs")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "simulate")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-tags", "simulate", "-o", program, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	folder := filepath.Join(dir, "run")
	measured, simulated := filepath.Join(folder, "measured"), filepath.Join(folder, "simulated")
	cmd, stderr := bench(t, "simulate", "-validate", "-machine", "../../simulate/machine/testdata/calibrated.toml", "-cpus", use[:2].String(), "-throttled",
		"-workload", "wake,skynet", "-param", "depth=2", "-param", "gap=200us", "-impl", "bitmap,bitmap-late-20000ns", "-workers", "1",
		"-count", "3", "-seeds", "2", "-warmup", "100us", "-time", "500us", "-program", program, "-o", folder)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitForLaunches(t, measured, 2)
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
		if err != nil || run.State != want || len(run.Failures) > 0 {
			t.Fatalf("%s: %v, %s, failures %v", folder, err, run.State, run.Failures)
		}
		return run
	}
	read(measured, record.Interrupted)
	if n := len(read(simulated, record.Interrupted).Recorded); n != 0 {
		t.Errorf("%d launches were simulated before all were measured", n)
	}

	resume := func() (string, int) {
		cmd, stderr := bench(t, "simulate", "-resume", folder, "-program", program)
		out, err := cmd.Output()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return string(out) + stderr.String(), cmd.ProcessState.ExitCode()
	}
	first, status := resume()
	m, s := read(measured, record.Complete), read(simulated, record.Complete)
	if m.Simulated() != "" || s.Simulated() == "" || len(m.Plan.Cells) < 4 || len(s.Recorded) != 8 {
		t.Errorf("simulated on %q and %q, %d measured cells, %d simulated launches", m.Simulated(), s.Simulated(), len(m.Plan.Cells), len(s.Recorded))
	}
	for i, c := range s.Plan.Cells {
		if m.Plan.Cells[i].Name() != c.Name() {
			t.Errorf("%s was measured, %s simulated", m.Plan.Cells[i].Name(), c.Name())
		}
	}
	// The file assumes what the code takes. It is fitted before anything is simulated, and once.
	file, err := machine.Load(filepath.Join(folder, "machine.toml"))
	if err != nil {
		t.Fatal(err)
	}
	both, err := machine.Load(filepath.Join(simulated, "machine.toml"))
	if err != nil || !bytes.Equal(file.Format(), both.Format()) {
		t.Errorf("%v; both parts have a machine of their own:\n%s\n%s", err, file.Format(), both.Format())
	}
	if fits := strings.Contains(first, "fitted: code is "); fits == simulation.Fits(file) || fits == strings.Contains(first, "nothing is fitted: no cell") {
		t.Errorf("the file is fitted: %v, and it says\n%s", !simulation.Fits(file), first)
	}
	again, statusAgain := resume()
	if strings.Contains(again, "fitted") || !strings.Contains(again, "nothing is left to measure") || !strings.Contains(again, "nothing is left to simulate") {
		t.Errorf("once more it says\n%s", again)
	}

	data, err := os.ReadFile(filepath.Join(folder, "validation.json"))
	if err != nil { // the machine is so busy that no launch is valid
		if !strings.Contains(first, "no cell was both measured and simulated") || status != cli.Failed || statusAgain != cli.Failed {
			t.Errorf("there is no judgement, status %d and %d:\n%s", status, statusAgain, first)
		}
		return
	}
	var j validate.Judgement
	if err := json.Unmarshal(data, &j); err != nil {
		t.Fatal(err)
	}
	if want := map[bool]int{true: cli.Done, false: cli.Failed}[j.Met()]; len(j.Cells)+len(j.NotJudged) != 4 || statusAgain != want {
		t.Errorf("%d cells, %d not judged; status %d, want %d", len(j.Cells), len(j.NotJudged), statusAgain, want)
	}
	if text, err := os.ReadFile(filepath.Join(folder, "validation.txt")); err != nil || !strings.Contains(again, string(text)) {
		t.Errorf("the judgement is not what was printed: %v\n%s\n%s", err, text, again)
	}
}
