package verdict_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/report/source/sourcetest"
	"github.com/idlebench/idlebench/report/verdict"
)

// auditedRun is the group of a made-up run with an audit.
func auditedRun(t *testing.T, change func(*evidence.Evidence)) verdict.Group {
	t.Helper()
	writeRun(t, 12, nil)
	if err := sourcetest.Audit("run", change); err != nil {
		t.Fatal(err)
	}
	return groups(t, verdict.Options{}, "run")[0]
}

func TestAudit(t *testing.T) {
	g := auditedRun(t, nil)
	var got []string
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			for _, m := range a.Marks {
				got = append(got, fmt.Sprintf("%s %s %s: %s, %d undecided; %s", q.Workload, a.Park, m.Column, m.Status, m.Undecided, m.Depends()))
			}
			text, _ := a.Harness()
			got = append(got, text)
		}
	}
	check(t, "marks", got, []string{
		"wake cond mutexonly: undecided, 1 undecided; ",
		"wake cond channels/mailbox: steady, 0 undecided; ",
		"undecided",
		// The audit has the first of the two as bitmap/mutexonly: 0.5 [0.4, 0.625].
		"wake futex mutexonly: moved, 1 undecided; depends on submitter=spin: ×2.00 [1.60, 2.50]; slack-1ns: ×1.31 [1.18, 1.44]",
		"depends on submitter=spin, slack-1ns",
		"burst cond mutexonly: not audited, 0 undecided; ",
		"not audited",
	})
	want := "Harness: 3 of 4 comparisons were audited: 1 moved beyond ±10 % by a property of the harness (submitter=spin 1, slack-1ns 1), 1 undecided, 1 steady. " +
		"Not audited: 1, since an audit has each workload at its usual parameters. Of 1 audited ratio in other units or with references, 1 moved and 0 undecided. " +
		"A mark of ×1.31 means that the property multiplies the ratio by 1.31. Intervals are 95 %, uncorrected."
	if got := g.Audit.Summary(); got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
	check(t, "between parkers", g.Audit.BetweenParkers(), []string{
		"Comparisons between parkers depend on submitter=spin: it moves the ratio of bitmap's cond to its futex by ×7.3 [6.8, 7.9] (p50-ns/wake of wake, gap=200us, 1 worker)",
		"Comparisons between parkers depend on slack-1ns: it moves the ratio of bitmap's cond to its futex by ×0.80 [0.70, 0.90] (p50-ns/wake of wake, gap=200us, 1 worker)",
	})
	check(t, "properties", g.Audit.About(), []string{"submitter=spin: a thread that never blocks submits", "slack-1ns: timers may be late by 1 ns only"})
	for _, c := range g.References.Comparisons {
		if m := g.Mark(c); c.Unit == "p50-ns/wake" && strings.Join(m.Moved(), " ") != "submitter=spin" {
			t.Errorf("%s is %+v", c.New.Column, m)
		}
	}
}

// With another baseline the same ratio is asked for the other way round.
func TestAuditExchanged(t *testing.T) {
	auditedRun(t, nil)
	g := groups(t, verdict.Options{Baseline: "mutexonly"}, "run")[0]
	for _, c := range g.Family.Comparisons {
		if c.Judged && c.New.Name == "Wake/impl=bitmap/park=futex/workers=1/gap=200us" {
			if got, want := g.Mark(c).Depends(), "depends on submitter=spin: ×0.50 [0.40, 0.62]; slack-1ns: ×0.76 [0.69, 0.85]"; got != want {
				t.Errorf("%q, want %q", got, want)
			}
			return
		}
	}
	t.Error("bitmap is not compared with mutexonly")
}

// Of parkers, as the columns, too.
func TestAuditOfParkers(t *testing.T) {
	auditedRun(t, nil)
	g := groups(t, verdict.Options{Column: "/park", Baseline: "futex"}, "run")[0]
	if a := g.Audit; a == nil || a.Shown.Moved != 1 || a.Shown.Audited() != 1 {
		t.Errorf("the audit says %+v", a)
	}
}

func TestNotAudited(t *testing.T) {
	writeRun(t, 6, nil)
	reason := func() string { return groups(t, verdict.Options{}, "run")[0].Audit.Summary() }
	if got, want := reason(), `Not audited on this machine: run "bench audit" to see which results depend on the harness.`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if err := os.WriteFile(filepath.Join("run", evidence.Audit.File), []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got, want := reason(), "Not audited: the folder's audit.json is not used: unexpected end of JSON input."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if g := groups(t, verdict.Options{}, filepath.Join("run", record.BenchFile))[0]; g.Audit != nil {
		t.Errorf("a benchmark file has the audit %+v", g.Audit)
	}
}

// A factor that has no inverse, as only a damaged file has, moves nothing.
func TestHostileAudit(t *testing.T) {
	g := auditedRun(t, func(e *evidence.Evidence) {
		for i := range e.Results {
			e.Results[i].Lo, e.Results[i].Hi = 0, 5e-324
			if i%2 == 0 {
				e.Results[i].Against = nil
			}
		}
	})
	if n := g.Audit.Shown.Moved + len(g.Audit.Parkers); n > 0 {
		t.Errorf("%d are moved", n)
	}
}
