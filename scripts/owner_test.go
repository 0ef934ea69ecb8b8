package scripts_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// In a clone that belongs to another user git refuses to answer. Then make builds without
// the commit, and says so; what needs the commit says what git says.
func TestCloneOfAnotherOwner(t *testing.T) {
	r := newRepository(t)
	run := func(args ...string) (string, error) {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = r.dir
		// So git's own tests say that a clone belongs to another user.
		cmd.Env = append(os.Environ(), "GIT_TEST_ASSUME_DIFFERENT_OWNER=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
			"TMPDIR="+r.temp, buildFlags)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run("git", "rev-parse", "HEAD"); err == nil {
		t.Skipf("this git does not know of other owners: %s", out)
	}
	out, err := run("make", "bin/bench")
	if err != nil || !strings.Contains(out, "results will lack the commit") || !strings.Contains(out, "safe.directory") {
		t.Errorf("make: %v\n%s", err, out)
	}
	if out, err := run("bin/bench", "list", "wake"); err != nil {
		t.Errorf("what was built: %v\n%s", err, out)
	}
	out, err = run("scripts/compare", "HEAD")
	if code := exitCode(err); code != 2 || !strings.Contains(out, "git refuses to read this checkout: ") || !strings.Contains(out, "safe.directory") {
		t.Errorf("compare: %v\n%s", err, out)
	}
}

func exitCode(err error) int {
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	return -1
}
