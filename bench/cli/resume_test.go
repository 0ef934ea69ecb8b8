package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/cli"
	"github.com/idlebench/idlebench/record"
)

// bench returns the command, which is this program by another name (TestMain).
func bench(t *testing.T, args ...string) (cmd *exec.Cmd, stderr *strings.Builder) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(self)
	cmd.Args = append([]string{"bench"}, args...)
	stderr = new(strings.Builder)
	cmd.Stderr = stderr
	return cmd, stderr
}

// waitForLaunches returns when the folder has n launches.
func waitForLaunches(t *testing.T, folder string, n int) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		data, err := os.ReadFile(filepath.Join(folder, record.BenchFile))
		if err == nil && strings.Count(string(data), "\n# round=") >= n {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("no %d launches after a minute: %v\n%s", n, err, data)
		}
	}
}

// checkGroups checks that of each group all launches of a round are there, or none is: it
// is recorded at once.
func checkGroups(t *testing.T, run record.Run) {
	t.Helper()
	groups := run.Plan.GroupOf()
	if len(groups) == 0 {
		t.Fatal("nothing is measured in slices")
	}
	found := make(map[[2]int]int) // by round and group
	for _, l := range run.Recorded {
		i := slices.IndexFunc(run.Plan.Cells, func(c record.Cell) bool { return c.Name() == l.Cell.Name() })
		if g, ok := groups[i]; ok {
			found[[2]int{l.Round, g}]++
		}
	}
	for at, n := range found {
		if want := len(run.Plan.Groups[at[1]]); n != want {
			t.Errorf("round %d has %d of %d launches of group %d", at[0], n, want, at[1])
		}
	}
}

// A run that is killed repeatedly loses no launch and makes none twice.
func TestKill(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	args := []string{"run", "-o", folder, "-workload", "ping_pong", "-impl", "bitmap,mutexonly", "-park", "cond", "-param", "pings=10",
		"-time", "5ms", "-warmup", "0s", "-count", "6", "-seed", "7"}
	var kept []record.Launch
	for _, launches := range []int{1, 3, 6} {
		cmd, stderr := bench(t, args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitForLaunches(t, folder, launches)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		run, err := record.Read(folder)
		if err != nil {
			t.Fatalf("%v; it said:\n%s", err, stderr)
		}
		if run.State != record.Running || len(run.Recorded) < launches {
			t.Fatalf("the run is %s with %d launches, want it running with at least %d; it said:\n%s", run.State, len(run.Recorded), launches, stderr)
		}
		for i, l := range kept {
			if now := run.Recorded[i]; !now.Start.Equal(l.Start) || now.Cell.Name() != l.Cell.Name() {
				t.Fatalf("launch %d was %s at %v, is %s at %v", i, l.Cell.Name(), l.Start, now.Cell.Name(), now.Start)
			}
		}
		checkGroups(t, run)
		kept = run.Recorded
		args = []string{"run", "-resume", folder}
	}
	cmd, stderr := bench(t, args...)
	if err := cmd.Run(); err != nil && !strings.Contains(stderr.String(), noneValid) {
		t.Fatalf("%v\n%s", err, stderr)
	}
	run, err := record.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	// Only the first attempt in each slot is compared: how often one is
	// repeated depends on the machine.
	var got, want []string
	for _, l := range run.Recorded {
		if l.Attempt == 0 {
			got = append(got, l.Cell.Name())
		}
	}
	for _, cells := range run.Plan.Order {
		for _, i := range cells {
			want = append(want, run.Plan.Cells[i].Name())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("not the launches of the plan: %s", diff)
	}
	var states []record.State
	for _, s := range run.Sessions {
		states = append(states, s.State)
	}
	if diff := cmp.Diff([]record.State{record.Killed, record.Killed, record.Killed, record.Complete}, states); diff != "" {
		t.Error(diff)
	}
	if run.Plan.Time != 5*time.Millisecond || run.Plan.Seed != 7 || run.Primary["ping_pong"] == "" || !strings.HasPrefix(run.Program, "sha256:") {
		t.Errorf("time %v, seed %d, primary %v, program %q", run.Plan.Time, run.Plan.Seed, run.Primary, run.Program)
	}

	for _, tt := range []struct {
		args []string
		want int
	}{
		{args, cli.Done}, // complete
		{append(args, "-count", "2"), cli.Usage},
		{[]string{"run", "-resume", t.TempDir()}, cli.Usage},
	} {
		cmd, stderr := bench(t, tt.args...)
		_ = cmd.Run()
		if got := cmd.ProcessState.ExitCode(); got != tt.want {
			t.Errorf("%q: exit status %d, want %d; it said:\n%s", tt.args, got, tt.want, stderr)
		}
	}
}
