package sections

import (
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/source/sourcetest"
	"github.com/idlebench/idlebench/report/verdict"
)

// auditedPage is the page of a run with an audit, if audit is true.
func auditedPage(t *testing.T, audit bool) page.Document {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := sourcetest.Record("run", 12, nil); err != nil {
		t.Fatal(err)
	}
	if audit {
		if err := sourcetest.Audit("run", nil); err != nil {
			t.Fatal(err)
		}
	}
	return Document(report(t, "*", "run"))
}

// said is the text of the first section.
func said(d page.Document) string {
	var all []string
	walk(d, func(s page.Section, b page.Block) {
		switch b := b.(type) {
		case page.Text:
			all = append(all, s.ID+": "+string(b))
		case page.List:
			for _, line := range b {
				all = append(all, s.ID+": "+line)
			}
		case page.Note:
			all = append(all, s.ID+": "+b.Text)
		case page.Missing:
			all = append(all, s.ID+": "+b.What)
		}
	})
	return strings.Join(all, "\n")
}

// Each ratio that the audit moves says so where the page shows it.
func TestAudit(t *testing.T) {
	d := auditedPage(t, true)
	all := tables(d)
	const spin, slack = "depends on submitter=spin: ×2.00 [1.60, 2.50]", "depends on slack-1ns: ×1.31 [1.18, 1.44]"
	for id, want := range map[string][]string{
		"answers":    {spin + " " + slack, "| depends on submitter=spin, slack-1ns"},
		"judged":     {spin + " " + slack},
		"unjudged":   {"goroutine/go", "depends on submitter=spin: ×0.050 [0.040, 0.060]"},
		"moves":      {"submitter=spin | wake | bitmap cond / futex | p50-ns/wake | ×7.3 | 6.8 to 7.9 | moved", "undecided"},
		"unresolved": nil,
	} {
		text := strings.Join(all[id], "\n")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("table %s has no %q:\n%s", id, w, text)
			}
		}
	}
	if rows := all["moves"]; len(rows) != 4 || !strings.Contains(rows[3], "undecided") || strings.Contains(strings.Join(rows, ""), "steady") {
		t.Errorf("moves: %q", rows)
	}
	text := said(d)
	for _, want := range []string{
		"verdicts: Harness: 3 of 4 comparisons were audited",
		"verdicts: Comparisons between parkers depend on submitter=spin: it moves the ratio of bitmap's cond to its futex by ×7.3 [6.8, 7.9]",
		"verdicts: submitter=spin: a thread that never blocks submits.",
		"verdicts: The values of 1 of 2 audited cells move beyond ±10 %",
		"verdicts: ‡ depends on the harness",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	marks := 0
	walk(d, func(_ page.Section, b page.Block) {
		if f, ok := b.(page.Figure); ok && strings.HasPrefix(f.ID, "forest") {
			marks += strings.Count(string(f.SVG(640)), "mutexonly‡")
		}
	})
	if marks == 0 {
		t.Error("the forest plots have no mark")
	}
}

// Every moved ratio between cells of the run is on the page, whatever it is a ratio of.
func TestAuditIsComplete(t *testing.T) {
	d := auditedPage(t, true)
	all := tables(d)
	e, err := evidence.ReadAudit("run")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range e.Results {
		if r.Status != evidence.Moved {
			continue
		}
		interval := func(lo, hi float64) []string {
			return []string{verdict.Times(lo) + ", " + verdict.Times(hi), verdict.Times(lo) + " to " + verdict.Times(hi)}
		}
		written := append(interval(r.Lo, r.Hi), interval(1/r.Hi, 1/r.Lo)...)
		if !slices.ContainsFunc(slices.Concat(all["answers"], all["unjudged"], all["moves"]), func(row string) bool {
			return strings.Contains(row, r.Property) && slices.ContainsFunc(written, func(w string) bool { return strings.Contains(row, w) })
		}) {
			t.Errorf("the page does not say that %s moves %s", r.Property, r.Cell.Name())
		}
	}
}

func TestNotAudited(t *testing.T) {
	d := auditedPage(t, false)
	if text := said(d); !strings.Contains(text, "verdicts: Not audited on this machine: run \"bench audit\"") {
		t.Errorf("it does not say that there is no audit:\n%s", text)
	}
	if rows := tables(d)["moves"]; rows != nil {
		t.Errorf("there are moves: %q", rows)
	}
}
