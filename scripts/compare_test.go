package scripts_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// measuring is set in the environment if verdicts are wanted, which takes minutes
// on a quiet machine: "make compare-proof".
const measuring = "IDLEBENCH_COMPARE_PROOF"

// late is a delay in the wake-up of bitmap, as somebody might commit it.
const late = `
	for start := time.Now(); time.Since(start) < 200*time.Microsecond; {
	}
`

// A repository is a copy of this module with its own history.
type repository struct {
	t   *testing.T
	dir string
}

func newRepository(t *testing.T) repository {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the benchmark")
	}
	if runtime.GOOS == "windows" {
		t.Skip("a shell script")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skipf("there is no git: %v", err)
	}
	r := repository{t, t.TempDir()}
	for _, name := range []string{"go.mod", "go.sum", "bench", "impls", "internal", "loadgen", "report", "scripts"} {
		from := filepath.Join("..", name)
		info, err := os.Stat(from)
		if err != nil {
			t.Fatal(err)
		}
		if info.IsDir() {
			err = os.CopyFS(filepath.Join(r.dir, name), os.DirFS(from))
		} else {
			var text []byte
			if text, err = os.ReadFile(from); err == nil {
				err = os.WriteFile(filepath.Join(r.dir, name), text, 0o666)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	r.git("init", "-q", "-b", "main")
	r.commit("first")
	return r
}

func (r repository) git(args ...string) {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = r.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func (r repository) commit(message string) {
	r.t.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "-m", message)
}

// edit replaces text in a file, where it stands first.
func (r repository) edit(name, old, new string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	was, err := os.ReadFile(path)
	if err != nil {
		r.t.Fatal(err)
	}
	now := strings.Replace(string(was), old, new, 1)
	if now == string(was) {
		r.t.Fatalf("%s has no %q", name, old)
	}
	if err := os.WriteFile(path, []byte(now), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

// slow makes bitmap's wake-ups of tasks from outside late.
func (r repository) slow() {
	r.t.Helper()
	r.edit("impls/bitmap/notify.go", "import (\n", "import (\n\t\"time\"\n\n")
	r.edit("impls/bitmap/notify.go", "func (i *Idle) NotifyRemote() {\n", "func (i *Idle) NotifyRemote() {"+late)
}

// compare runs scripts/compare and returns its exit status and what it said.
func (r repository) compare(args ...string) (status int, stdout, stderr string) {
	r.t.Helper()
	cmd := exec.Command(filepath.Join(r.dir, "scripts", "compare"), args...)
	var out, said strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &said
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	if left, err := os.ReadDir(filepath.Join(r.dir, ".git", "worktrees")); err == nil && len(left) > 0 {
		r.t.Errorf("a worktree is left over: %s", left[0].Name())
	}
	return cmd.ProcessState.ExitCode(), out.String(), said.String()
}

// cell chooses what a verdict is asked for, and brief makes it so short that there
// is none.
var (
	cell  = []string{"-workload", "wake", "-impl", "bitmap", "-park", "futex", "-param", "gap=200us"}
	brief = []string{"-time", "1ms", "-warmup", "0s"}
)

// What has no verdict has a status that says why.
func TestCompare(t *testing.T) {
	r := newRepository(t)
	r.slow()
	status, stdout, stderr := r.compare(slices.Concat([]string{"HEAD", "-budget", "1ms", "--"}, cell, brief)...)
	if status == 2 {
		t.Errorf("exit status %d", status)
	}
	if !strings.Contains(stdout, "+dirty") || !strings.Contains(stdout, "Wake/impl=bitmap/park=futex/workers=") {
		t.Errorf("stdout:\n%s\nstderr:\n%s", stdout, stderr)
	}

	for _, test := range []struct {
		args []string
		want int
		says string
	}{
		{nil, 2, "with which revision?"},
		{[]string{"-budget", "1m"}, 2, "with which revision?"},
		{[]string{"nosuch"}, 2, "git knows no such revision"},
		{[]string{"--upload-pack=x"}, 2, "with which revision?"},
	} {
		status, _, stderr := r.compare(test.args...)
		if status != test.want || !strings.Contains(stderr, test.says) {
			t.Errorf("%q: exit status %d with %q, want %d with %q", test.args, status, stderr, test.want, test.says)
		}
	}

	broken := filepath.Join(r.dir, "impls", "bitmap", "broken.go")
	if err := os.WriteFile(broken, []byte("package bitmap\n\nvar broken int = \"x\"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	status, _, stderr = r.compare("HEAD")
	if status != 3 || !strings.Contains(stderr, "does not build") || !strings.Contains(stderr, `cannot use "x"`) {
		t.Errorf("a broken build: exit status %d with %q, want 3 with the compiler's message", status, stderr)
	}
}

// A delay is caught, and the same code passes. It takes some minutes, and a machine
// that is quiet.
func TestCompareProof(t *testing.T) {
	if os.Getenv(measuring) == "" {
		t.Skipf("measures for minutes; set %s=1, or \"make compare-proof\"", measuring)
	}
	r := newRepository(t)
	limits := slices.Concat([]string{"-budget", "2m", "-threshold", "20%", "--"}, cell)
	if status, stdout, stderr := r.compare(append([]string{"HEAD"}, limits...)...); status != 0 {
		t.Errorf("the same code: exit status %d, want 0\n%s%s", status, stdout, stderr)
	}
	r.slow()
	r.commit("slower")
	if status, stdout, stderr := r.compare(append([]string{"HEAD~1"}, limits...)...); status != 1 {
		t.Errorf("a wake-up that is 200 µs late: exit status %d, want 1\n%s%s", status, stdout, stderr)
	}
}
