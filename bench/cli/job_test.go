package cli_test

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/cli"
	"github.com/idlebench/idlebench/bench/pack"
	"github.com/idlebench/idlebench/internal/sums"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/job"
)

// quick are the flags of a run that takes a second.
var quick = []string{"-workload", "wake", "-impl", "bitmap", "-park", "cond", "-count", "1", "-time", "2ms", "-warmup", "0", "-param", "submitter=block", "-param", "gap=50us"}

// A packed is an unpacked pack whose program is that of the tests.
type packed struct {
	t      *testing.T
	folder string
	env    []string
}

func unpack(t *testing.T, run []string) packed {
	if runtime.GOOS != "linux" {
		t.Skip("a pack is for Linux")
	}
	t.Helper()
	dir := t.TempDir()
	platform := "linux/" + runtime.GOARCH
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	programs := filepath.Join(dir, "programs")
	if err := os.MkdirAll(filepath.Join(programs, pack.FolderOf(platform)), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(self, filepath.Join(programs, pack.FolderOf(platform), pack.Bench)); err != nil {
		copyFile(t, self, filepath.Join(programs, pack.FolderOf(platform), pack.Bench))
	}
	file := filepath.Join(dir, "pack.tar.gz")
	cmd := exec.Command(self, append([]string{"pack", "-built", "-programs", programs, "-platform", platform, "-o", file, "--"}, run...)...)
	cmd.Args[0] = "bench"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.Command("tar", "-xzf", file, "-C", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return packed{t, filepath.Join(dir, pack.Folder), []string{"PATH=" + os.Getenv("PATH"), "IDLEBENCH_MACHINE=m", "IDLEBENCH_JOB=j"}}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o777)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (p packed) command() *exec.Cmd {
	cmd := exec.Command("sh", filepath.Join(p.folder, pack.RunFile), "-o", p.path(""))
	cmd.Env = p.env
	return cmd
}

// path returns the path of a file in the folder of results.
func (p packed) path(name string) string { return filepath.Join(p.folder, "results", name) }

// start carries out the job, and wants an exit status and a text in what it prints.
func (p packed) start(status int, text string) {
	p.t.Helper()
	out, err := p.command().CombinedOutput()
	if got := exitStatus(err); got != status || !strings.Contains(string(out), text) {
		p.t.Fatalf("exit status %d, want %d and %q:\n%s", got, status, text, out)
	}
}

func exitStatus(err error) int {
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return exit.ExitCode()
	case err != nil:
		return -1
	}
	return 0
}

// finish carries out the job to its end. On a busy machine it may have no valid launch.
func (p packed) finish() {
	p.t.Helper()
	out, err := p.command().CombinedOutput()
	if got := exitStatus(err); got != cli.Done && got != cli.Failed || !strings.Contains(string(out), "Sealed:") {
		p.t.Fatalf("exit status %d:\n%s", got, out)
	}
}

func TestJob(t *testing.T) {
	p := unpack(t, quick)
	p.finish()
	if _, err := job.Check(p.path("m-j")); err != nil {
		t.Error(err)
	}
	j, err := job.Read(p.path("m-j"))
	if err != nil {
		t.Fatal(err)
	}
	status := cli.Done
	if j.Starts[0].Error != "" {
		status = cli.Failed
	}
	p.start(status, "nothing is left to measure")

	list, err := os.ReadFile(filepath.Join(p.folder, sums.File))
	if err != nil {
		t.Fatal(err)
	}
	if j.Pack != sums.ID(list) || j.Machine != "m" || j.Job != "j" || len(j.Starts) != 1 {
		t.Errorf("%+v", j)
	}

	// Only the seal is missing.
	if err := os.Remove(p.path("m-j/" + sums.File)); err != nil {
		t.Fatal(err)
	}
	p.start(status, "Sealed:")

	if err := os.WriteFile(p.path("m-j/"+record.BenchFile), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	p.start(cli.Stopped, "is sealed, and not as it was")
}

// The order of launches is that of this job, whenever it is carried out.
func TestJobSeed(t *testing.T) {
	seed := func(run []string, machine string) uint64 {
		p := unpack(t, run)
		p.env = append(p.env, "IDLEBENCH_MACHINE="+machine)
		p.finish()
		m, err := record.ReadManifest(p.path(machine + "-j"))
		if err != nil {
			t.Fatal(err)
		}
		return m.Plan.Seed
	}
	a, b := seed(quick, "a"), seed(quick, "b")
	if a == b || a != seed(quick, "a") {
		t.Error("the seed does not follow from the machine's name")
	}
	if got := seed(append(slices.Clone(quick), "-seed=7"), "a"); got != 7 {
		t.Errorf("seed %d, want that of the plan", got)
	}
}

// A job that is preempted leaves a folder that says so, and the next start goes on.
func TestJobPreempted(t *testing.T) {
	run := slices.Clone(quick)
	run[slices.Index(run, "-time")+1] = "300ms"
	p := unpack(t, run)
	cmd := p.command()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var seen bytes.Buffer
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		seen.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "cells: ") { // it measures
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := exitStatus(cmd.Wait()); got != cli.Interrupted {
		t.Fatalf("exit status %d:\n%s", got, &seen)
	}
	run1, err := record.Read(p.path("m-j"))
	if err != nil || run1.State != record.Interrupted {
		t.Errorf("state %s, %v", run1.State, err)
	}
	if _, err := job.Check(p.path("m-j")); !errors.Is(err, job.ErrUnsealed) {
		t.Errorf("%v, want no seal", err)
	}
	p.finish()
	if _, err := job.Check(p.path("m-j")); err != nil {
		t.Error(err)
	}
	if j, err := job.Read(p.path("m-j")); err != nil || len(j.Starts) != 2 || j.Starts[0].Error == "" {
		t.Errorf("%+v, %v", j, err)
	}
}

// A folder whose job was killed before it had a run.json is begun anew. One with
// something of a user's in it is not touched.
func TestJobKilledEarly(t *testing.T) {
	p := unpack(t, quick)
	if err := os.MkdirAll(p.path("m-j/latency"), 0o777); err != nil {
		t.Fatal(err)
	}
	p.finish()

	if err := os.MkdirAll(p.path("m-other"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.path("m-other/notes"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	p.env = append(p.env, "IDLEBENCH_JOB=other")
	p.start(cli.Stopped, "directory not empty")
}

func TestJobRefused(t *testing.T) {
	p := unpack(t, quick)
	fewer := p
	fewer.env = append(slices.Clone(p.env), "SLURM_JOB_ID=1", "SLURM_CPUS_PER_TASK=100000")
	fewer.start(cli.Unfit, "srun --exact --cpus-per-task=100000")

	unpack(t, append(slices.Clone(quick), "-cpus", "9999")).start(cli.Unfit, "9999")

	if err := os.WriteFile(filepath.Join(p.folder, pack.PlanFile), []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	p.start(cli.Damaged, "is damaged: pack.json was changed or cut")

	if err := os.RemoveAll(filepath.Join(p.folder, "linux-"+runtime.GOARCH)); err != nil {
		t.Fatal(err)
	}
	p.start(cli.Damaged, "this pack has no program for linux-"+runtime.GOARCH)
}

// Only as many CPUs are used as were granted, and the job says that they are not its own.
func TestJobUnbound(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("with one CPU there is nothing to choose")
	}
	p := unpack(t, quick)
	p.env = append(p.env, "IDLEBENCH_CPUS=1")
	p.finish()
	j, err := job.Read(p.path("m-j"))
	if err != nil {
		t.Fatal(err)
	}
	if s := j.Starts[0]; s.CPUs == "" || strings.ContainsAny(s.CPUs, ",-") || s.Remarks[0].Key != job.Unbound {
		t.Errorf("%+v", s)
	}
}

func TestPackRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-platform", "linux/amd32"}, "choose from linux/amd64, linux/arm64"},
		{[]string{"--", "-o", "x"}, "-o is not for a plan"},
		{[]string{"--", "-resume=x"}, "-resume is not for a plan"},
		{[]string{"--", "-impl", "bitmpa"}, "bitmap"},
		{[]string{"--", "stray"}, "stray"},
	} {
		var stdout, stderr bytes.Buffer
		if status := cli.Main(catalog.Default(), append([]string{"pack", "-o", filepath.Join(t.TempDir(), "x")}, c.args...), &stdout, &stderr); status != cli.Usage || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%q: exit status %d, want %d and %q: %s", c.args, status, cli.Usage, c.want, &stderr)
		}
	}
}
