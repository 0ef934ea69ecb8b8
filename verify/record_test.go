//go:build explore

package verify

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/verify/journal"
)

// A record that is not complete is continued: what it has is not explored again,
// unless it failed or is of another source.
func TestRecordIsContinued(t *testing.T) {
	if options.strategy != "bounded" || options.schedule != "" || options.record != "" || options.plan != "" {
		t.Skip("once is enough")
	}
	explore := func(args ...string) {
		t.Helper()
		args = append([]string{"-test.run", "^TestScenarios$/^mutexonly$/^cond$/^(shutdown|submit|spawn)$", "-bound", "1"}, args...)
		if out, err := exec.Command(os.Args[0], args...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	explore("-plan", file("plan"))
	plan, err := journal.ReadPlan(file("plan"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"submit", "spawn", "shutdown"}
	for i, e := range plan {
		if len(plan) != len(want) || e.Strategy != "bound 1" || e.Subject != "mutexonly/cond" || e.Scenario != want[i] || e.Source == "" || i > 0 && e.Source == plan[0].Source {
			t.Fatalf("planned %q, want %q", plan, want)
		}
	}

	// One was done before, with a figure that no exploration has, one failed, and one was
	// done with another source.
	old := plan[2]
	old.Source = "0123456789ab"
	before := []journal.Result{
		{Exploration: plan[0], Outcome: journal.Complete, Executions: 123456},
		{Exploration: plan[1], Outcome: journal.Failed, Executions: 1},
		{Exploration: old, Outcome: journal.Complete, Executions: 123456},
	}
	for _, r := range before {
		if err := journal.Append(file("record"), r); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time there is nothing to do
		explore("-record", file("record"))
		record, err := journal.ReadRecord(file("record"))
		if err != nil || len(record) != 4 || record[plan[0]] != before[0] || record[old] != before[2] ||
			record[plan[1]].Outcome != journal.Complete || record[plan[2]].Outcome != journal.Complete {
			t.Errorf("recorded %v (%v)", record, err)
		}
	}
	// In parts: each has its own, and together they have all.
	for _, part := range []string{"3/3", "1/3", "2/3"} {
		explore("-record", file("parts"), "-part", part)
	}
	text, err := os.ReadFile(file("parts"))
	if err != nil || strings.Count(string(text), "\n") != 3 {
		t.Errorf("in parts %q (%v)", text, err)
	}
	parts, err := journal.ReadRecord(file("parts"))
	if err != nil || !parts.Has(plan[0]) || !parts.Has(plan[1]) || !parts.Has(plan[2]) || len(parts) != 3 {
		t.Errorf("in parts %v (%v)", parts, err)
	}
}

// A result depends on the manager's own source and on how it was explored, and of
// the list of known deadlocks on the manager's part only.
func TestSourceOfTarget(t *testing.T) {
	all := targets()
	source := func(o *Options, m target) string {
		s, err := o.source(m)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	seen := make(map[string]string)
	for _, m := range all {
		s, code := source(defaults(), m), m.in+m.wrapper
		if seen[s] != "" && seen[s] != code {
			t.Errorf("%s has the source of %s", m.Name, seen[s])
		}
		seen[s] = code
	}
	before := source(defaults(), all[0])
	longer := defaults()
	longer.executions++
	if source(longer, all[0]) == before {
		t.Error("the number of executions does not count")
	}
	list := known[all[0].Name]
	defer func() { known[all[0].Name] = list }()
	known[all[0].Name] = list[1:]
	if source(defaults(), all[0]) == before {
		t.Error("its known deadlocks do not count")
	}
}
