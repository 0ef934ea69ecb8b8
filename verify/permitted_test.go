//go:build explore

package verify

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
)

// Every simulated execution is one that the explorer permits. Another build of this
// package simulates the scenarios and writes the order in which operations took
// effect; here the same source takes the same steps, and each must be possible, with
// the same end and all invariants. Both builds have the assertions of the suite.
func TestSimulatedIsPermitted(t *testing.T) {
	if options.strategy != "bounded" || options.schedule != "" {
		t.Skip("once is enough")
	}
	file := filepath.Join(t.TempDir(), "schedules")
	out, err := exec.Command("go", "test", "-tags", "simulate,invariants", "-run", "^TestSimulated$", ".", "-args", "-seeds", "1", "-schedules", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	impl := make(map[string]impls.Implementation)
	for _, i := range slices.Concat(builtin.Implementations(), builtin.Others()) {
		impl[i.Name] = i
	}
	byName := make(map[string]scenario)
	for _, s := range scenarios {
		byName[s.name] = s
	}
	replayed, failed := 0, 0
	for _, line := range slices.Compact(slices.Sorted(strings.Lines(string(text)))) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		s := byName[f[2]]
		kind, _ := park.Find(park.Kinds(), f[1])
		who := subject{impl[f[0]], f[1], kind.New, kind.Spins || impl[f[0]].Spins, true, false}
		strategy, err := explore.Replay(f[4])
		if err != nil {
			t.Fatal(err)
		}
		r := explore.Run(func() { s.play(who) }, strategy, explore.Limits{Steps: 5000})
		replayed++
		switch {
		case r.Deviation != "":
			t.Errorf("%s with %s in %s: the explorer does not permit what was simulated: %s\n%s\n%v", f[0], f[1], f[2], r.Deviation, f[4], r.Steps)
		case r.Failure == nil && f[3] == "ended":
			continue
		case r.Failure != nil && r.Failure.Kind == explore.Deadlock && f[3] == "deadlock" && options.knownAs(who, s, options.bound) != nil:
			continue
		default:
			t.Errorf("%s with %s in %s: %s in the simulation, and replayed %v", f[0], f[1], f[2], f[3], r.Failure)
		}
		if failed++; failed == 10 {
			t.Fatal("and perhaps more")
		}
	}
	if replayed < 1000 {
		t.Errorf("only %d executions were replayed", replayed)
	}
	t.Logf("%d executions are permitted", replayed)
}
