package verdict_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/source/sourcetest"
	"github.com/idlebench/idlebench/report/verdict"
)

// With go-cond a wake takes half as long as with a futex, unless the submitter spins.
func TestHeadline(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := sourcetest.RecordCells("run", sourcetest.Submitted(), 12, nil); err != nil {
		t.Fatal(err)
	}
	g := groups(t, verdict.Options{}, "run")[0]
	check(t, "sentences", g.Headline.Sentences(), []string{
		"go-cond is the best parker of bitmap: better than futex in 2 of 3 comparisons, by a factor of 2.0, and worse in 1 (wake, submitter=spin: 2.0)" +
			"; by submitter (better/worse): block 1/0, poll 1/0, spin 0/1 (a family of 3 with an error rate of 5 %).",
		"bitmap is the best manager: better than mutexonly and channels/go-mailbox in 6 of 10 comparisons, by a factor of 1.2 to 2.0 (median 1.2)," +
			" and worse in 1 (wake, submitter=spin, go-cond: 1.9); by submitter (better/worse): block 3/0, spin 1/1, poll 2/0 (a family of 10 with an error rate of 5 %).",
		"Trust these results with reservations: no self-test of this machine; no audit of the harness; CPU quota not known; oversubscription not known; 0 of 264 launches are invalid.",
	})

	// The parkers have a family of their own, and the managers' is as it would be without.
	p := g.Parkers
	if p == nil || p.Impl != "bitmap" || p.Baseline != "futex" || p.Column != "/park" || p.Family.Size != 3 || p.Family.Alpha != 0.05 {
		t.Fatalf("parkers: %+v", p)
	}
	if g.Family.Size != 10 {
		t.Errorf("%d managers are judged", g.Family.Size)
	}
	var rows []string
	for _, r := range p.Rows() {
		rows = append(rows, r.Title+" | "+r.Subject+" | "+string(r.Comparison.Verdict))
	}
	check(t, "rows", rows, []string{"wake, submitter=block | go-cond | better", "wake, submitter=spin | go-cond | worse", "wake, submitter=poll | go-cond | better"})
}

// Parkers are compared even if there is one manager only, and then nothing else is.
func TestParkersOfOneManager(t *testing.T) {
	writeRun(t, 12, nil)
	s, err := source.Open("/impl:bitmap", "run")
	if err != nil {
		t.Fatal(err)
	}
	g := verdict.Of(s, verdict.Options{})[0]
	if g.None == "" || g.Parkers == nil || g.Parkers.Family.Size != 1 || g.Headline.Subject != "" {
		t.Fatalf("none %q, parkers %+v", g.None, g.Parkers)
	}
	if !strings.HasPrefix(g.Headline.Parker, "futex is the best parker of bitmap: better than cond in 1 of 1 comparison, by a factor of 2.0, and worse in none") {
		t.Errorf("%q", g.Headline.Parker)
	}
	if g := groups(t, verdict.Options{Baseline: "channels"}, "run")[0]; g.Parkers != nil {
		t.Error("channels has one parker, and its parkers are compared")
	}
}

// Without a significant difference the sentence says what would have been detected, or
// how many rounds it takes.
func TestHeadlineOfNoDifference(t *testing.T) {
	for rounds, want := range map[int]string{
		12: "No manager differs significantly from bitmap: 1 of 1 comparison is equivalent within 2 % (a family of 1 with an error rate of 5 %).",
		4:  "No manager differs significantly from bitmap: there are too few valid rounds, at least 6 are needed (a family of 1 with an error rate of 5 %).",
	} {
		writeRun(t, rounds, nil)
		s, err := source.Open(".name:Burst", "run")
		if err != nil {
			t.Fatal(err)
		}
		if got := verdict.Of(s, verdict.Options{})[0].Headline.Subject; got != want {
			t.Errorf("%d rounds: %q, want %q", rounds, got, want)
		}
	}
	// With noise there is something that would not have been found.
	noise := []float64{1, 1.3, 0.8, 1.1, 0.9, 1.2, 1, 0.7, 1.25, 0.95, 1.15, 0.85}
	writeRun(t, 12, func(l *record.Launch) error {
		if l.Cell.Impl == "mutexonly" {
			for i := range l.Metrics {
				l.Metrics[i].Value *= noise[l.Round]
			}
		}
		return nil
	})
	s, err := source.Open(".name:Burst", "run")
	if err != nil {
		t.Fatal(err)
	}
	got := verdict.Of(s, verdict.Options{})[0].Headline.Subject
	if !strings.HasPrefix(got, "No manager differs significantly from bitmap: the smallest detectable change is ") {
		t.Errorf("%q", got)
	}
}

// Each fact counts for or against the results, and the worst decides.
func TestTrust(t *testing.T) {
	good := []record.Pair{{Key: "cpu-limit", Value: "none"}, {Key: "oversubscribed", Value: "no"}, {Key: "virtualised", Value: "no"}}
	passed := &evidence.SelftestResult{Outcome: evidence.Passed}
	for name, c := range map[string]struct {
		change func(*source.Input)
		want   []string
	}{
		"nothing known": {func(*source.Input) {}, []string{"Trust these results with reservations: ", "no self-test", "no audit", "CPU quota not known", "oversubscription not known", "0 of "}},
		"failed": {func(in *source.Input) {
			in.Selftest = &evidence.SelftestResult{Outcome: evidence.Failed}
		}, []string{"Do not trust these results: the self-test failed"}},
		"quota": {func(in *source.Input) {
			in.Selftest = passed
			in.Config = append(slices.Clone(good), record.Pair{Key: "cpu-quota-short", Value: "yes"})
		}, []string{"Do not trust these results: the CPU quota is smaller", "the self-test passed", "not oversubscribed"}},
		"invalid": {func(in *source.Input) {
			in.Config = good
			for _, l := range in.Launches[:len(in.Launches)/2] {
				l.Invalid = []string{"steal"}
			}
		}, []string{"with reservations", "launches are invalid (50 %)", "no CPU quota"}},
		"oversubscribed": {func(in *source.Input) {
			in.Config = []record.Pair{{Key: "oversubscribed", Value: "yes, with workers=4"}, {Key: "virtualised", Value: "yes (kvm)"}}
		}, []string{"oversubscribed with workers=4", "virtual machine"}},
	} {
		t.Run(name, func(t *testing.T) {
			writeRun(t, 6, nil)
			s, err := source.Open("", "run")
			if err != nil {
				t.Fatal(err)
			}
			s.Inputs[0].Config = nil
			c.change(s.Inputs[0])
			got := verdict.Of(s, verdict.Options{})[0].Headline.Trust
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q has no %q", got, want)
				}
			}
		})
	}

	// A run with a self-test, an audit that moves nothing, and nothing else is trusted.
	writeRun(t, 12, nil)
	s, err := source.Open("", "run")
	if err != nil {
		t.Fatal(err)
	}
	in := s.Inputs[0]
	in.Config, in.Selftest = good, passed
	in.Audit = &evidence.Evidence{Margin: 0.1, Confidence: 0.95}
	for _, impl := range []string{"mutexonly", "bitmap"} {
		cell := sourcetest.Cells()[2]
		cell.Impl = impl
		in.Audit.Results = append(in.Audit.Results, evidence.Result{Kind: evidence.Ratio, Unit: "p50-ns/wake", Primary: true, Property: "slack-1ns",
			Cell: cell, Against: &sourcetest.Cells()[2], Ratio: 1, Lo: 0.99, Hi: 1.01, Status: evidence.Steady})
	}
	want := "Trust these results: the self-test passed; none of 1 audited comparison depends on the harness; 0 of 120 launches are invalid; no CPU quota; not oversubscribed."
	if got := verdict.Of(s, verdict.Options{})[0].Headline.Trust; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
