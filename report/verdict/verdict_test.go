package verdict_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/source/sourcetest"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

func groups(t *testing.T, o verdict.Options, paths ...string) []verdict.Group {
	t.Helper()
	s, err := source.Open("", paths...)
	if err != nil {
		t.Fatal(err)
	}
	return verdict.Of(s, o)
}

func writeRun(t *testing.T, rounds int, change func(*record.Launch) error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := sourcetest.Record("run", rounds, change); err != nil {
		t.Fatal(err)
	}
}

// lines is a benchmark as one line: what a group says of each row.
func lines(g verdict.Group) (all []string) {
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			var verdicts []string
			for _, c := range a.Judged {
				verdicts = append(verdicts, c.New.Column+" "+string(c.Verdict))
			}
			all = append(all, fmt.Sprintf("%s | %s | %s | %s", q.Title, a.Park, strings.Join(verdicts, ", "), a.Winner))
		}
	}
	return all
}

func check(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestFolder(t *testing.T) {
	writeRun(t, 12, nil)
	all := groups(t, verdict.Options{}, "run")
	if len(all) != 1 {
		t.Fatalf("%d groups", len(all))
	}
	g := all[0]
	if g.Baseline != "bitmap" || g.Column != "/impl" || g.None != "" || g.Family.Size != 4 {
		t.Errorf("baseline %s, column %s, none %q, %d judged", g.Baseline, g.Column, g.None, g.Family.Size)
	}
	check(t, "answers", lines(g), []string{
		"wake, gap=200us, 1 worker | cond | mutexonly equivalent, channels/mailbox better | ",
		"wake, gap=200us, 1 worker | futex | mutexonly worse | bitmap",
		"burst, 2 workers | cond | mutexonly equivalent | ",
	})
	if text := g.Questions[0].Answers[1].Text; text != "bitmap wins: mutexonly has between 20 % and 21 % more p50-ns/wake than bitmap, worse" {
		t.Errorf("in words: %s", text)
	}
	if q := g.Questions[0]; q.Unit != "p50-ns/wake" || q.Workload != "wake" || q.Workers != 1 || q.Params[0].Value != "200us" {
		t.Errorf("question %+v", q)
	}
	if a := g.Questions[0].Answers[0]; len(a.Others) == 0 || slices.ContainsFunc(a.Others, func(c compare.Comparison) bool { return c.Judged }) {
		t.Errorf("others: %+v", a.Others)
	}
	f := g.References
	if f == nil || f.Size != 0 || len(f.Warnings) > 0 || f.Comparisons[0].New.Column != "goroutine/go" || f.Comparisons[0].Effect.Interval == nil {
		t.Errorf("references: %+v", f)
	}
}

// Of three, one wins only if it is known to be better than both others.
func TestWinner(t *testing.T) {
	writeRun(t, 12, func(l *record.Launch) error {
		if l.Cell.Impl == "mutexonly" && l.Cell.Park == "cond" {
			for i := range l.Metrics {
				l.Metrics[i].Value *= 1.5
			}
		}
		return nil
	})
	g := groups(t, verdict.Options{}, "run")[0]
	check(t, "answers", lines(g)[:1], []string{"wake, gap=200us, 1 worker | cond | mutexonly worse, channels/mailbox better | channels/mailbox"})
}

func TestTooFewRounds(t *testing.T) {
	writeRun(t, 4, nil)
	g := groups(t, verdict.Options{}, "run")[0]
	a := g.Questions[0].Answers[1]
	want := "unresolved: mutexonly has 20 % more p50-ns/wake than bitmap by the estimate, but 4 pairs are too few: at least 8 are needed"
	if a.Text != want || a.Decided() {
		t.Errorf("%q, want %q", a.Text, want)
	}
}

// A cell without a launch is not missing.
func TestNoLaunch(t *testing.T) {
	writeRun(t, 6, func(l *record.Launch) error {
		if l.Cell.Impl == "mutexonly" && l.Cell.Park == "futex" {
			return errors.New("it hung")
		}
		return nil
	})
	g := groups(t, verdict.Options{}, "run")[0]
	if text := g.Questions[0].Answers[1].Text; text != "unresolved: there is no round in which both have a valid launch" {
		t.Errorf("%q", text)
	}
}

func TestOptions(t *testing.T) {
	writeRun(t, 12, nil)
	g := groups(t, verdict.Options{Baseline: "mutexonly"}, "run")[0]
	check(t, "another baseline", lines(g)[1:2], []string{"wake, gap=200us, 1 worker | futex | bitmap better | bitmap"})
	g = groups(t, verdict.Options{Column: "/park"}, "run")[0]
	if g.Baseline != "futex" && g.Baseline != "cond" || g.Family.Size == 0 || g.References != nil {
		t.Errorf("by parker: baseline %s, %d judged", g.Baseline, g.Family.Size)
	}
	g = groups(t, verdict.Options{Baseline: "nobody"}, "run")[0]
	if !g.Failed || !strings.Contains(g.None, "choose a baseline from bitmap, mutexonly, channels") {
		t.Errorf("a baseline that is not there: %q", g.None)
	}
	g = groups(t, verdict.Options{Column: "/nothing"}, "run")[0]
	if !g.Failed || g.None != "no benchmark has the key /nothing" {
		t.Errorf("a key that is not there: failed %t, %q", g.Failed, g.None)
	}
}

// A filter that leaves nothing to compare is a mistake, if it leaves nothing at all.
func TestFilter(t *testing.T) {
	writeRun(t, 2, nil)
	for filter, want := range map[string]string{
		".name:nothing":       "failed: the filter .name:nothing matches none of 20 benchmark lines: check its spelling",
		".unit:nothing":       "failed: the filter .unit:nothing matches none of 20 benchmark lines: check its spelling",
		"/impl:mutexonly":     "there is only mutexonly, and nothing to compare it with",
		"/impl:goroutine":     "there are only references, floors and calibrations, which are not compared with each other",
		".name:PlatformClock": "there are only references, floors and calibrations, which are not compared with each other",
	} {
		s, err := source.Open(filter, "run")
		if err != nil {
			t.Fatal(err)
		}
		g := verdict.Of(s, verdict.Options{})
		if len(g) != 1 {
			t.Fatalf("%s: %d groups", filter, len(g))
		}
		got := g[0].None
		if g[0].Failed {
			got = "failed: " + got
		}
		if got != want {
			t.Errorf("%s: %q, want %q", filter, got, want)
		}
	}
}

// Whatever is compared, no two answers have the same name.
func TestNames(t *testing.T) {
	writeRun(t, 8, nil)
	if err := sourcetest.Record("other", 8, nil); err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string]string{
		"/impl": "wake, gap=200us, 1 worker: futex", ".file": "wake, gap=200us, 1 worker: mutexonly, futex", "/park": "wake, gap=200us, 1 worker: mutexonly",
	} {
		inputs := []string{"run"}
		if column == ".file" {
			inputs = append(inputs, "other")
		}
		g := groups(t, verdict.Options{Column: column}, inputs...)[0]
		seen := map[string]bool{}
		for _, q := range g.Questions {
			for _, a := range q.Answers {
				name := q.Title + ": " + a.Subject()
				if seen[name] {
					t.Errorf("by %s: %s is there twice", column, name)
				}
				seen[name] = true
			}
		}
		if !seen[want] {
			t.Errorf("by %s: there is no %s in %v", column, want, seen)
		}
	}
}

// What the columns differ in is not part of what a comparison is about.
func TestCell(t *testing.T) {
	gap := []record.Param{{Name: "gap", Value: "200us"}}
	for column, want := range map[string]record.Cell{
		"/impl":    {Workload: "wake", Park: "futex", Workers: 1, Params: gap},
		"/park":    {Workload: "wake", Impl: "bitmap", Workers: 1, Params: gap},
		"/workers": {Workload: "wake", Impl: "bitmap", Park: "futex", Params: gap},
		"/gap":     {Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 1, Params: []record.Param{}},
		"commit":   {Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 1, Params: gap},
	} {
		c := compare.Comparison{Old: compare.Side{Name: "Wake/impl=bitmap/park=futex/workers=1/gap=200us"}}
		got, ok := verdict.Group{Column: column}.Cell(c)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%s: ok %t, -want +got:\n%s", column, ok, diff)
		}
	}
}

// Files of others: by implementation if there are some, or file by file.
func TestFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	r := rand.New(rand.NewPCG(1, 1))
	file := func(name, head string, factor float64, benchmarks ...string) {
		var b strings.Builder
		b.WriteString(head)
		for range 10 {
			for _, bench := range benchmarks {
				fmt.Fprintf(&b, "Benchmark%s 100 %.5g ns/op\n", bench, factor*(1000+5*r.Float64()))
			}
		}
		if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	file("old.txt", "cpu: A\n", 1, "X-8", "Y-8")
	file("new.txt", "cpu: A\n", 2, "X-8", "Y-8")
	file("elsewhere.txt", "cpu: B\n", 2, "X-8", "Y-8")
	file("impls.txt", "", 1, "X/impl=slow-8", "X/impl=fast-8")

	g := groups(t, verdict.Options{}, "old.txt", "new.txt")
	if len(g) != 1 || g[0].Baseline != "old.txt" || g[0].Column != ".file" {
		t.Fatalf("groups: %+v", g)
	}
	check(t, "two files", lines(g[0]), []string{"X-8 |  | new.txt worse | old.txt", "Y-8 |  | new.txt worse | old.txt"})

	g = groups(t, verdict.Options{}, "old.txt", "elsewhere.txt")
	if text := g[0].Questions[0].Answers[0].Text; !strings.Contains(text, `from different machines, or the machine changed: cpu is "A" and "B"`) {
		t.Errorf("two machines: %s", text)
	}

	g = groups(t, verdict.Options{}, "impls.txt", "old.txt")
	if len(g) != 2 || g[0].Baseline != "slow" || g[0].Family.Size != 1 || g[1].None == "" || g[1].Failed {
		t.Errorf("groups: %+v", g)
	}
}

// Which column is the baseline by default; nothing that cannot be compared gets lost.
func TestUsualBaseline(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, test := range map[string]struct {
		benchmarks, baseline string
		unmatched            []compare.Unmatched
	}{
		"most":   {"X/impl=once X/impl=often Y/impl=often Y/impl=two Z/impl=two Z/impl=often W", "often", []compare.Unmatched{{Row: "W"}}},
		"bitmap": {"X/impl=a X/impl=bitmap Y/impl=a", "bitmap", []compare.Unmatched{{Row: "Y", Column: "a"}}},
		"same":   {"X/impl=b X/impl=a", "b", nil},
		"one":    {"X/impl=b Y/impl=b", "b", []compare.Unmatched{{Row: "X", Column: "b"}, {Row: "Y", Column: "b"}}},
		"files":  {"X Y", "files", []compare.Unmatched{{Row: "X", Column: "files"}, {Row: "Y", Column: "files"}}},
	} {
		var text strings.Builder
		for range 3 {
			for b := range strings.FieldsSeq(test.benchmarks) {
				fmt.Fprintf(&text, "Benchmark%s 100 5 ns/op\n", b)
			}
		}
		if err := os.WriteFile(name, []byte(text.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		g := groups(t, verdict.Options{}, name)[0]
		if g.Baseline != test.baseline || g.Failed || !slices.Equal(g.Family.Unmatched, test.unmatched) {
			t.Errorf("%s: baseline %s, want %s; unmatched %+v, want %+v", name, g.Baseline, test.baseline, g.Family.Unmatched, test.unmatched)
		}
	}
}

func TestWords(t *testing.T) {
	for _, test := range []struct {
		ratio float64
		want  string
	}{
		{1, "no change"}, {0.88, "12 % less"}, {0.9935, "0.65 % less"}, {1.021, "2.1 % more"}, {1.5, "50 % more"}, {3.44, "3.4 times"},
		{120, "120 times"}, {0.005, "200 times less"}, {1e9, "1e+09 times"}, {1.00001, "0.001 % more"},
	} {
		if got := verdict.Change(test.ratio); got != test.want {
			t.Errorf("%v: %q, want %q", test.ratio, got, test.want)
		}
	}
	for _, test := range []struct {
		lo, hi float64
		want   string
	}{
		{0.88, 0.92, "8.0 % to 12 % less"}, {0.2, 8, "0.20 to 8.0 times"}, {0.97, 1.05, "3.0 % less to 5.0 % more"}, {1, 1.05, "no change to 5.0 % more"}, {1.5, 3, "50 % more to 3.0 times"}, {3, 4, "3.0 to 4.0 times"},
	} {
		if got := verdict.Between(compare.Interval{Lo: test.lo, Hi: test.hi}); got != test.want {
			t.Errorf("%v to %v: %q, want %q", test.lo, test.hi, got, test.want)
		}
	}
}

// A row that is judged in several units is a question in each: better in one is no
// compensation for worse in another.
func TestSeveralUnits(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, values := range map[string]string{"old": "10 MB/s 4 B/op", "new": "20 MB/s 8 B/op"} {
		if err := os.WriteFile(name, []byte(strings.Repeat("BenchmarkX 1 "+values+"\n", 12)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s, err := source.Open("", "old", "new")
	if err != nil {
		t.Fatal(err)
	}
	g := verdict.Of(s, verdict.Options{})[0]
	var got []string
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			got = append(got, q.Title+": "+q.Unit+" "+a.Winner)
		}
	}
	if want := []string{"X, MB/s: MB/s new", "X, B/op: B/op old"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if !strings.HasPrefix(g.Premise, "Pairing is assumed") || !strings.Contains(g.Headline.Trust, "pairing is assumed") || strings.Contains(g.Headline.Subject, "error rate") {
		t.Errorf("premise %q, headline %q", g.Premise, g.Headline)
	}
}
