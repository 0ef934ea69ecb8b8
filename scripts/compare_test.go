package scripts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/gate"
)

// late is a commit that delays the wake-up of bitmap.
const late = `
	for start := time.Now(); time.Since(start) < 200*time.Microsecond; {
	}
`

// A repository is a clone of this module with its own history. It has what is built, and
// no tests.
type repository struct {
	t    *testing.T
	dir  string
	temp string // where the script has its temporary files
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
	r := repository{t, filepath.Join(t.TempDir(), "module"), t.TempDir()}
	r.runGit(".", "clone", "-q", original(t), r.dir)
	return r
}

// original returns the repository of which all tests have clones. It is made once, since
// to copy and commit takes longer than to clone.
func original(t *testing.T) string {
	t.Helper()
	copied.once.Do(func() {
		dir, err := os.MkdirTemp("", "scripts-test-")
		if err != nil {
			t.Fatal(err)
		}
		copied.dir = dir
		for _, name := range []string{"Makefile", "go.mod", "go.sum", "bench", "impls", "internal", "loadgen", "record", "report", "scripts", "simulate", "stats"} {
			if err := copyBuilt(filepath.Join("..", name), filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		r := repository{t: t, dir: dir}
		r.git("init", "-q", "-b", "main")
		r.commit("first")
		copied.whole = true
	})
	if !copied.whole {
		t.Fatal("the repository could not be made")
	}
	return copied.dir
}

var copied struct {
	once  sync.Once
	dir   string
	whole bool
}

func TestMain(m *testing.M) {
	status := m.Run()
	if copied.dir != "" {
		_ = os.RemoveAll(copied.dir)
	}
	os.Exit(status)
}

// copyBuilt copies a file, or a folder without tests and their data.
func copyBuilt(from, to string) error {
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch target := filepath.Join(to, below); {
		case e.IsDir() && e.Name() == "testdata":
			return fs.SkipDir
		case e.IsDir():
			return os.MkdirAll(target, 0o777)
		case strings.HasSuffix(path, "_test.go"):
			return nil
		default:
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			return os.WriteFile(target, text, info.Mode())
		}
	})
}

func (r repository) git(args ...string) {
	r.t.Helper()
	r.runGit(r.dir, args...)
}

func (r repository) runGit(dir string, args ...string) {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = dir
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

// decision reads what is in a folder, which has it in all forms.
func (r repository) decision(folder string) (d gate.Decision) {
	r.t.Helper()
	for _, name := range []string{"gate.txt", "gate.md", "gate.json"} {
		text, err := os.ReadFile(filepath.Join(r.dir, "bench", folder, name))
		if err != nil {
			r.t.Fatal(err)
		}
		if name == "gate.json" {
			if err := json.Unmarshal(text, &d); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	return d
}

// compare runs scripts/compare and returns its exit status and what it said.
func (r repository) compare(args ...string) (status int, stdout, stderr string) {
	r.t.Helper()
	cmd, out, said := r.command(args...)
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	r.clean()
	return cmd.ProcessState.ExitCode(), out.String(), said.String()
}

// buildFlags is what the go command of the tests is told by its environment. Without paths
// in it what was built once need not be built in each folder, and to link takes a third
// less time without what only debuggers read.
const buildFlags = "GOFLAGS=-trimpath -ldflags=-w"

// command is scripts/compare, called in a subfolder.
func (r repository) command(args ...string) (cmd *exec.Cmd, stdout, stderr *strings.Builder) {
	r.t.Helper()
	cmd = exec.Command(filepath.Join(r.dir, "scripts", "compare"), args...)
	cmd.Dir = filepath.Join(r.dir, "bench")
	cmd.Env = append(os.Environ(), "TMPDIR="+r.temp, buildFlags)
	stdout, stderr = new(strings.Builder), new(strings.Builder)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd, stdout, stderr
}

// clean reports what the script has left behind.
func (r repository) clean() {
	r.t.Helper()
	for _, dir := range []string{r.temp, filepath.Join(r.dir, ".git", "worktrees")} {
		if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
			r.t.Errorf("%s is left over in %s", left[0].Name(), dir)
		}
	}
}

// cell chooses what a verdict is asked for, and brief makes it so short that there
// is none.
var (
	cell  = []string{"-workload", "wake", "-impl", "bitmap", "-park", "futex", "-param", "gap=200us"}
	brief = []string{"-time", "1ms", "-warmup", "0s"}
)

// What has no verdict has a status that says why. The folder is where the user is,
// and both sides know their commits.
func TestCompare(t *testing.T) {
	r := newRepository(t)
	r.slow()
	status, stdout, stderr := r.compare(slices.Concat([]string{"HEAD", "-budget", "1ms", "-o", "x", "--"}, cell, brief)...)
	d := r.decision("x")
	if want := d.Outcome.Exit(); status != want || !slices.Contains([]gate.Outcome{gate.Open, gate.Fail, gate.Useless}, d.Outcome) || len(d.Findings) == 0 {
		t.Errorf("exit status %d for %s: %s; stderr:\n%s", status, d.Outcome, d.Why, stderr)
	}
	if !strings.Contains(stdout, "+dirty") || !strings.Contains(stdout, "Wake/impl=bitmap/park=futex/workers=") {
		t.Errorf("stdout:\n%s\nstderr:\n%s", stdout, stderr)
	}
	for side, want := range map[string]string{"old": `^[0-9a-f]{40}$`, "new": `^[0-9a-f]{40}\+dirty$`} {
		run, err := record.Read(filepath.Join(r.dir, "bench", "x", side))
		if err != nil {
			t.Fatal(err)
		}
		if got := run.Fact("commit"); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("the commit of %s is %q", side, got)
		}
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
		{[]string{"HEAD", "-nosuch"}, 2, `see "bench compare -h" for the flags`},
	} {
		status, _, stderr := r.compare(test.args...)
		if status != test.want || !strings.Contains(stderr, test.says) {
			t.Errorf("%q: exit status %d with %q, want %d with %q", test.args, status, stderr, test.want, test.says)
		}
	}
}

// A revision that does not build is a decision, in all forms, with what the compiler
// says, whichever it is. If neither does, it is said.
func TestCompareBroken(t *testing.T) {
	r := newRepository(t)
	broken := filepath.Join(r.dir, "impls", "bitmap", "broken.go")
	for i, test := range []struct {
		name   string
		change func()
		base   string
		kept   bool // is the decision
	}{
		{"new", func() {
			if err := os.WriteFile(broken, []byte("package bitmap\n\nvar broken int = \"x\"\n"), 0o666); err != nil {
				t.Fatal(err)
			}
		}, "HEAD", true},
		{"both", func() { r.commit("broken") }, "HEAD", false},
		{"old", func() {
			if err := os.Remove(broken); err != nil {
				t.Fatal(err)
			}
		}, "HEAD", true},
	} {
		test.change()
		folder := fmt.Sprint("broken", i)
		status, stdout, stderr := r.compare(test.base, "-o", folder, "-format", "md")
		for name, said := range map[string]string{"stdout": stdout, "stderr": stderr} {
			if status != 3 || !strings.Contains(said, "does not build") || !strings.Contains(said, `cannot use "x"`) {
				t.Errorf("%s: exit status %d with %s %q, want 3 with the compiler's message", test.name, status, name, said)
			}
		}
		if !test.kept {
			continue
		}
		if d := r.decision(folder); d.Outcome != gate.Useless || !strings.Contains(d.Why, "does not build") || len(d.Notes) == 0 {
			t.Errorf("%s: the decision is %+v", test.name, d)
		}
	}
}

// A signal, as Ctrl-C sends it to all of a terminal's processes, ends it with what was
// measured, and leaves nothing behind.
func TestCompareInterrupt(t *testing.T) {
	r := newRepository(t)
	cmd, _, stderr := r.command(slices.Concat([]string{"HEAD", "-budget", "1h", "-o", "x", "--"}, cell)...)
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	bench := filepath.Join(r.dir, "bench", "x", "new", record.BenchFile)
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if text, err := os.ReadFile(bench); err == nil && strings.Contains(string(text), "BenchmarkWake") {
			break
		}
		if time.Since(begin) > 3*time.Minute {
			interruptGroup(cmd)
			cmd.Wait()
			t.Fatalf("nothing was measured in minutes; stderr:\n%s", stderr)
		}
	}
	if err := interruptGroup(cmd); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if status := cmd.ProcessState.ExitCode(); status != 130 {
		t.Errorf("exit status %d, want 130; stderr:\n%s", status, stderr)
	}
	r.clean()
}
