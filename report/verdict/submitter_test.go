package verdict_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source/sourcetest"
	"github.com/idlebench/idlebench/report/verdict"
)

// submitted compares a run with several submitters.
func submitted(t *testing.T, rounds int, change func(*record.Launch) error) verdict.Group {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := sourcetest.RecordCells("run", sourcetest.Submitted(), rounds, change); err != nil {
		t.Fatal(err)
	}
	all := groups(t, verdict.Options{}, "run")
	if len(all) != 1 {
		t.Fatalf("%d groups", len(all))
	}
	return all[0]
}

func who(c record.Cell) string {
	for _, p := range c.Params {
		if p.Name == verdict.Submitter {
			return p.Value
		}
	}
	return ""
}

func TestSubmitters(t *testing.T) {
	s := submitted(t, 12, nil).Submitters
	if s == nil {
		t.Fatal("submitters are not compared")
	}
	var differ []string
	for _, row := range s.Rows() {
		for _, e := range row {
			if e.Differs() {
				differ = append(differ, strings.Join([]string{e.Title, e.Impl, e.Park, e.Comparison.New.Column, verdict.Change(e.Comparison.Effect.Ratio)}, " | "))
			}
			if e.Comparison.Judged || e.Comparison.Effect.Interval.Confidence < 0.95 {
				t.Errorf("%s: judged %t, interval %+v", e.Comparison.Row, e.Comparison.Judged, e.Comparison.Effect.Interval)
			}
		}
	}
	check(t, "what differs", differ, []string{
		"wake, gap=200us, 1 worker | bitmap | go-cond | spin | 4.0 times",
		"wake, gap=200us, 1 worker | mutexonly | go-cond | spin | 4.0 times",
	})
	check(t, "reversals", s.Reversals, []string{"wake, gap=200us, 1 worker: go-cond is better than futex with block and poll, and worse with spin (bitmap, mutexonly)",
		"wake, gap=200us, 1 worker, go-cond: channels/go-mailbox is worse with block and poll, better with spin (compared with bitmap)",
	})
	if got, want := s.Summary(), "Of 12 ratios to submitter=block, 2 differ by more than 10 %, 10 do not, 0 are inconclusive."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A manager that is better with one submitter and worse with another has no verdict
// that holds for both.
func TestVerdictDependsOnSubmitter(t *testing.T) {
	s := submitted(t, 12, func(l *record.Launch) error {
		if l.Cell.Impl == "mutexonly" && l.Cell.Park == "futex" && who(l.Cell) == "poll" {
			for i := range l.Metrics {
				l.Metrics[i].Value /= 2
			}
		}
		return nil
	}).Submitters
	want := "wake, gap=200us, 1 worker, futex: mutexonly is worse with block and spin, better with poll (compared with bitmap)"
	if !slices.Contains(s.Reversals, want) {
		t.Errorf("%q, want %q among them", s.Reversals, want)
	}
}

func TestSubmittersUnknown(t *testing.T) {
	s := submitted(t, 3, nil).Submitters
	if got, want := s.Summary(), "Of 12 ratios to submitter=block, 0 differ by more than 10 %, 0 do not, 0 are inconclusive, 12 have too few rounds for an interval."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	s = submitted(t, 12, func(l *record.Launch) error {
		if who(l.Cell) == "spin" {
			l.Metrics = append(l.Metrics, record.Metric{Value: 100, Unit: "offered-tasks/sec"}, record.Metric{Value: 50, Unit: "achieved-tasks/sec"})
		}
		return nil
	}).Submitters
	if got := s.Summary(); !strings.Contains(got, " 0 differ") || !strings.Contains(got, "6 are saturated") {
		t.Errorf("%q", got)
	}
	writeRun(t, 8, nil)
	if s := groups(t, verdict.Options{}, "run")[0].Submitters; s != nil {
		t.Errorf("a run without submitters: %+v", s)
	}
}

// The submitter is in a title only if it tells cells apart.
func TestUsualSubmitter(t *testing.T) {
	g := submitted(t, 12, nil)
	var titles []string
	for _, q := range g.Questions {
		titles = append(titles, q.Title)
	}
	check(t, "titles", titles, []string{
		"wake, gap=200us, submitter=block, 1 worker", "wake, gap=200us, submitter=spin, 1 worker", "wake, gap=200us, submitter=poll, 1 worker",
		"idle, 1 worker", "yield_many, 1 worker",
	})
}

// A workload without a primary unit is shown in another, without a verdict.
func TestReported(t *testing.T) {
	g := submitted(t, 12, nil)
	for _, c := range g.Family.Comparisons {
		if c.Workload == "idle" && (c.Judged || c.Verdict != "") {
			t.Errorf("idle is judged in %s: %s", c.Unit, c.Verdict)
		}
	}
	q := g.Questions[3]
	if q.Unit != "" || len(q.Answers) != 1 || len(q.Answers[0].Judged) != 0 {
		t.Fatalf("%+v", q)
	}
	a := q.Answers[0]
	if want := "reported, not judged: mutexonly has 20 % more cost-ns/sec than bitmap ("; !strings.HasPrefix(a.Text, want) || a.Decided() || a.Winner != "" {
		t.Errorf("%q, want %q", a.Text, want)
	}
	if shown := a.Shown(); len(shown) != 1 || shown[0].Unit != "cost-ns/sec" {
		t.Errorf("shown: %+v", shown)
	}
	g = submitted(t, 3, nil)
	if want := "reported, not judged: mutexonly has 20 % more cost-ns/sec than bitmap by the estimate: 3 pairs, and an interval takes 6"; g.Questions[3].Answers[0].Text != want {
		t.Errorf("%q, want %q", g.Questions[3].Answers[0].Text, want)
	}
}
