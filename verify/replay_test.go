//go:build explore

package verify

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/park"
)

// A replay that shows nothing fails: of no scenario, of several, with a schedule
// that does not fit. One that fits prints the steps and fails as it did.
func TestReplay(t *testing.T) {
	if options.strategy != "bounded" || options.schedule != "" {
		t.Skip("once is enough")
	}
	who := subject{bitmap.Implementation, "chan", func() impls.Parker { return park.NewChan() }, false, true, false}
	var batch scenario
	for _, s := range scenarios {
		if s.name == "batch" {
			batch = s
		}
	}
	found := explore.Run(func() { batch.play(who) }, explore.Bounded(2), explore.Limits{})
	if found.Failure == nil {
		t.Fatalf("nothing to replay: %v", found)
	}
	for _, test := range []struct{ pattern, schedule, want string }{
		{"/^bitmap$/futex/^submit$", "0", "-schedule is for one scenario, and -run chooses 2"},
		{"/^bitmap$/^futex$/^submitt$", "0", "-schedule is for one scenario, and -run chooses 0"},
		{"/^bitmap$/^futex$/^submit$", "0.7", "the schedule does not fit: T7 cannot take step 2"},
		{"/^bitmap$/^chan$/^batch$", found.Failure.Schedule, "deadlock: no thread can go on"},
	} {
		out, err := exec.Command(os.Args[0], "-test.run", "TestScenarios"+test.pattern, "-schedule", test.schedule).CombinedOutput()
		_, failed := err.(*exec.ExitError)
		if !failed || !strings.Contains(string(out), test.want) {
			t.Errorf("%s with %s: %v, want %q in\n%s", test.pattern, test.schedule, err, test.want, out)
		}
		replays := test.schedule == found.Failure.Schedule
		if table := strings.Contains(string(out), "verify/host.go:"); replays && !table || replays && strings.Contains(string(out), "does not fit") {
			t.Errorf("%s with %s: no table in\n%s", test.pattern, test.schedule, out)
		}
	}
}
