//go:build explore

package broken

import (
	"flag"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/verify"
)

var options = verify.Flags(flag.CommandLine)

// TestExplored explores the manager that is named, as any module's test does. The
// others run it in a process of its own, since for a broken manager it fails.
func TestExplored(t *testing.T) {
	all := Sound()
	for _, m := range Managers() {
		all = append(all, m.Implementation)
	}
	i := slices.IndexFunc(all, func(i impls.Implementation) bool { return i.Name == os.Getenv("MANAGER") })
	if i < 0 {
		t.Skip("set MANAGER to the name of one")
	}
	verify.Explore(t, all[i], options)
}

// explored runs TestExplored in the scenarios that match, every schedule with the
// bound that is the default, and returns its output.
func explored(t *testing.T, manager, scenarios string, flags ...string) (string, error) {
	t.Helper()
	args := append([]string{"-test.run", "^TestExplored$/^chan$/" + scenarios, "-test.v", "-test.failfast", "-minimise", "0"}, flags...)
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "MANAGER="+manager)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// The explorer passes the managers without a defect.
func TestSoundPass(t *testing.T) {
	for _, impl := range Sound() {
		t.Run(impl.Name, func(t *testing.T) {
			t.Parallel()
			if out, err := explored(t, impl.Name, "", "-limit", "100ms"); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

var (
	result = regexp.MustCompile(`(?m)failed \((.*)\) in execution \d+.*$`)
	reason = regexp.MustCompile(`\b([SLD]\d): |(deadlock): |too many for a (race)`)
)

// The explorer finds all twelve, and says why.
func TestExplorerFinds(t *testing.T) {
	for _, m := range Managers() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			out, err := explored(t, m.Name, "^"+m.Scenario+"$")
			if err == nil {
				t.Fatalf("not found in:\n%s", out)
			}
			why := strings.Join(reason.FindStringSubmatch(out)[1:], "")
			// A deadlock, known or not, is a lost wake-up: L1 to L6, or D2.
			lost := slices.ContainsFunc(m.Breaks, func(b string) bool { return b[0] == 'L' })
			if !slices.Contains(m.Breaks, why) && !(lost && (why == "deadlock" || why == "race")) {
				t.Fatalf("want one of %v:\n%s", m.Breaks, out)
			}
			t.Logf("%s in %s: %s", why, m.Scenario, result.FindString(out))
		})
	}
}
