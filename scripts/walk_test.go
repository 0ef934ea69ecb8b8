package scripts_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/gate"
)

// block returns the commands of the sh block of a page that begins with a word.
func block(t *testing.T, page, first string) (lines []string) {
	t.Helper()
	for _, c := range commands(t, page) {
		if len(lines) == 0 && strings.HasPrefix(c.line, first) || len(lines) > 0 && !c.begins {
			lines = append(lines, c.line)
		} else if len(lines) > 0 {
			break
		}
	}
	if len(lines) == 0 {
		t.Fatalf("%s has no commands that begin with %s", page, first)
	}
	return lines
}

// outside are the commands that walks type, by page.
func outside(t *testing.T) map[string][]string {
	t.Helper()
	return map[string][]string{
		"README.md":      block(t, "README.md", "go mod init"),
		"docs/review.md": block(t, "docs/review.md", "git clone -q . ../base"),
	}
}

// A walker is a person in a module of their own, next to a clone of this repository.
type walker struct {
	t   *testing.T
	dir string
}

// newWalker writes the files that README.md tells to write.
func newWalker(t *testing.T) walker {
	t.Helper()
	if testing.Short() {
		t.Skip("builds programs")
	}
	if runtime.GOOS == "windows" {
		t.Skip("the pages' commands are for a shell")
	}
	parent := t.TempDir()
	w := walker{t, filepath.Join(parent, "mybench")}
	if err := os.Symlink(root(t), filepath.Join(parent, "idlebench")); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	program := regexp.MustCompile("(?s)```go\n(package main\n.*?)```").FindSubmatch(readme)
	if program == nil {
		t.Fatal("README.md has no program")
	}
	if err := os.MkdirAll(filepath.Join(w.dir, "mine"), 0o777); err != nil {
		t.Fatal(err)
	}
	w.write("main.go", program[1])
	for _, name := range []string{"mine.go", "mine_test.go"} {
		text, err := os.ReadFile(filepath.Join("../verify/testdata/outside", name))
		if err != nil {
			t.Fatal(err)
		}
		w.write("mine/"+name, text)
	}
	return w
}

func (w walker) write(name string, text []byte) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), text, 0o666); err != nil {
		w.t.Fatal(err)
	}
}

// types runs a line and returns what it printed, and its exit status.
func (w walker) types(line string) (out string, status int) {
	w.t.Helper()
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = w.dir
	// What the module needs is in the cache, since this repository needs it too; a fresh
	// cache lacks no more than the go.mod of a module that nothing needs. See also
	// buildFlags.
	cmd.Env = append(os.Environ(), "GOSUMDB=off", buildFlags+" -buildvcs=auto", "GOWORK=off")
	said, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		w.t.Fatalf("%s: %v", line, err)
	}
	w.t.Logf("$ %s\n%s", line, said)
	return string(said), cmd.ProcessState.ExitCode()
}

// must is types for a line that succeeds.
func (w walker) must(line string) string {
	w.t.Helper()
	out, status := w.types(line)
	if status != 0 {
		w.t.Fatalf("%s: exit status %d\n%s", line, status, out)
	}
	return out
}

// one returns the only file that matches a pattern.
func (w walker) one(pattern string) string {
	w.t.Helper()
	all, err := filepath.Glob(filepath.Join(w.dir, pattern))
	if err != nil || len(all) != 1 {
		w.t.Fatalf("%s: %v, %v; want one", pattern, all, err)
	}
	return all[0]
}

// briefly makes a launch so short that it decides nothing.
const briefly = " -workload ping_pong -park cond -param pings=10 -workers 1 -time 1ms -warmup 0s"

// TestWalk walks through what a person does first: with a manager of one's own, and with
// the gate of a Go project. It types the commands of README.md and docs/review.md, one after
// the other, in a module outside this repository. What takes long gets flags that make it
// short.
func TestWalk(t *testing.T) {
	w := newWalker(t)
	if !t.Run("manager", func(t *testing.T) { walker{t, w.dir}.withOwnManager() }) {
		return // the gate is of the same module
	}
	t.Run("gate", func(t *testing.T) { walker{t, w.dir}.withGate() })
}

// withOwnManager types six commands, from an empty module to a page. What the run advises
// at its end works there too.
func (w walker) withOwnManager() {
	t := w.t
	lines := outside(t)["README.md"]
	if len(lines) != 6 {
		t.Fatalf("%d commands, want 6: %q", len(lines), lines)
	}
	for _, line := range lines[:3] {
		w.must(line)
	}
	tested := w.must(lines[3] + " -vet=off -v -short -run '^TestInvariants$/^(chan|spin)$'")
	for _, want := range []string{"--- PASS: TestInvariants/chan", "--- (SKIP|PASS): TestInvariants/spin", `idletest.go:\d+: \d+\.?\d*m?s`} {
		if !regexp.MustCompile(want).MatchString(tested) {
			t.Errorf("%s: no %s in\n%s", lines[3], want, tested)
		}
	}
	// A machine that is too busy makes the status 1, and leaves the folder.
	said, status := w.types(lines[4] + briefly + " -count 2")
	if status == 2 {
		t.Fatalf("%s: exit status 2\n%s", lines[4], said)
	}
	run, err := record.Read(filepath.Dir(w.one("results/2*/run.json")))
	if err != nil {
		t.Fatal(err)
	}
	measured := make(map[string]bool)
	for _, l := range run.Recorded {
		measured[l.Cell.Impl] = true
	}
	if !measured["mine"] || !measured["bitmap"] {
		t.Errorf("measured were %v", measured)
	}
	w.must(lines[5])
	if page, err := os.ReadFile(w.one("report.html")); err != nil || !strings.Contains(string(page), "mine") {
		t.Errorf("the page, %v, has nothing of mine", err)
	}

	_, advice, ok := strings.Cut(said, "To make the page:\n")
	if !ok {
		t.Fatalf("the run does not say how to make a page:\n%s", said)
	}
	command, _, _ := strings.Cut(strings.ReplaceAll(advice, " \\\n", ""), "\n")
	w.must(command)
	w.one("results/2*/report.html")
	if !strings.Contains(said, "go run golang.org/x/perf/cmd/benchstat@") {
		t.Errorf("the run does not say how benchstat is run here:\n%s", said)
	}
	if strings.Contains(said, `"bench `) {
		t.Errorf("there is no program bench here:\n%s", said)
	}
}

// slower delays the manager's wake-ups of tasks from outside by a multiple of what they
// take.
func (w walker) slower() {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, "mine/mine.go"))
	if err != nil {
		w.t.Fatal(err)
	}
	const wake = "func (i *idle) NotifyRemote() { i.NotifyMult(1) }"
	now := strings.Replace(string(text), wake, "func (i *idle) NotifyRemote() { time.Sleep(5 * time.Millisecond); i.NotifyMult(1) }", 1)
	now = strings.Replace(now, "import (", "import (\n\t\"time\"\n", 1)
	if now == string(text) || !strings.Contains(now, "time.Sleep") {
		w.t.Fatal("mine.go has changed")
	}
	w.write("mine/mine.go", []byte(now))
}

// withGate compares two commits, of which the second is slower by far. It never passes; a
// machine that is too busy may leave it undecided.
func (w walker) withGate() {
	t := w.t
	if _, err := exec.LookPath("git"); err != nil {
		t.Skipf("there is no git: %v", err)
	}
	const git = "git -c user.name=test -c user.email=test@example.org -c commit.gpgsign=false "
	w.must("git init -q -b main && git add go.mod go.sum main.go mine && " + git + "commit -q -m first")
	w.slower()
	w.must(git + "commit -q -a -m slower")

	compared := false
	for _, line := range outside(t)["docs/review.md"] {
		if !strings.Contains(line, " compare ") {
			w.must(line)
			continue
		}
		compared = true
		before, selection, _ := strings.Cut(line, " -- ")
		said, status := w.types(before + " -budget 1ms -- " + selection + " -workload wake -park cond -param gap=1ms -param submitter=block -workers 1 -time 10ms -warmup 0s")
		text, err := os.ReadFile(w.one("compare/gate.json"))
		if err != nil {
			t.Fatal(err)
		}
		var d gate.Decision
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		if status != d.Outcome.Exit() || !slices.Contains([]gate.Outcome{gate.Fail, gate.Open, gate.Useless}, d.Outcome) || len(d.Findings) != 1 {
			t.Errorf("exit status %d, the decision is %+v\n%s", status, d, said)
		}
		for _, form := range []string{"compare/gate.txt", "compare/gate.md"} {
			w.one(form)
		}
		for _, side := range []string{"old", "new"} {
			run, err := record.Read(filepath.Join(w.dir, "compare", side))
			if err != nil {
				t.Fatal(err)
			}
			commit := strings.TrimSpace(w.must("git rev-parse " + map[string]string{"old": "HEAD~1", "new": "HEAD"}[side]))
			if got := run.Fact("commit"); strings.TrimSuffix(got, "+dirty") != commit {
				t.Errorf("%s is of commit %s, want %s", side, got, commit)
			}
		}
	}
	if !compared {
		t.Error("docs/review.md does not compare")
	}
	w.one("compare/report.html")
}
