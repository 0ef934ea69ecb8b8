//go:build !explore && !perturb

package verify

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// outside returns a function that runs the go command in a copy of the module in
// testdata/outside, which has an idle manager of its own.
func outside(t *testing.T) func(env string, args ...string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/outside")); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o666); err != nil {
		t.Fatal(err)
	}
	run := func(env string, args ...string) (string, error) {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", env)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run("", "mod", "edit", "-replace", "github.com/idlebench/idlebench="+root); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return run
}

// The manager of another module is tested, perturbed, asserted and explored from
// its own go test.
func TestOutsideModule(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the tests of another module, in four builds")
	}
	t.Parallel()
	run := outside(t)
	for _, test := range []struct{ env, args, want string }{
		{"", "-short -run TestInvariants/(chan|spin)", "--- PASS: TestInvariants/chan"},
		{"", "-run TestSchedules", "schedules are explored with: go test -tags explore"},
		{"", "-short -run TestInvariants/chan -tags perturb", "--- PASS: TestInvariants/chan"},
		{"", "-short -run TestInvariants/chan -tags invariants", "--- PASS: TestInvariants/chan"},
		{"", "-tags explore -run TestSchedules/chan -bound 0", "--- PASS: TestSchedules/chan/three_producers"},
	} {
		args := append([]string{"test", "-v", "-count=1"}, strings.Fields(test.args)...)
		out, err := run(test.env, args...)
		if err != nil || !strings.Contains(out, test.want) {
			t.Errorf("go %s: %v, want %q in\n%s", strings.Join(args, " "), err, test.want, out)
		}
	}

	// And its defects are found, with a command that shows them again.
	out, err := run("BROKEN=1", "test", "-count=1", "-tags", "explore", "-run", "TestBlind/chan/^submit$")
	again := "Again: go test -tags explore -v -run '^TestBlind$/^chan$/^submit$' -schedule "
	if err == nil || !strings.Contains(out, "deadlock") || !strings.Contains(out, again) {
		t.Errorf("the broken manager: %v, want a deadlock and %q in\n%s", err, again, out)
	}
}
