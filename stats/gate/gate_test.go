package gate

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

var update = flag.Bool("update", false, "write the golden files")

// comparison makes one: worse by a share with an interval, in a unit where less is
// better.
func comparison(row string, verdict compare.Verdict, ratio, lo, hi float64) compare.Comparison {
	mde := 0.04
	return compare.Comparison{
		Row: row, Unit: "p50-ns/wake", Better: record.Lower, Pairs: 14, Needed: 12, Judged: true, Verdict: verdict, MDE: &mde,
		Effect: &compare.Effect{Ratio: ratio, Interval: &compare.Interval{Lo: lo, Hi: hi, Confidence: 0.99}},
	}
}

// alone gives a comparison an interval of its own.
func alone(c compare.Comparison, lo, hi float64) compare.Comparison {
	c.Alone = &compare.Interval{Lo: lo, Hi: hi, Confidence: 0.9}
	return c
}

func family(c ...compare.Comparison) compare.Family {
	return compare.Family{Baseline: compare.Old, Alpha: 0.05, Margin: 0.05, Size: len(c), Comparisons: c}
}

func TestDecide(t *testing.T) {
	fast := comparison("a", compare.Better, 0.8, 0.7, 0.9)
	same := comparison("b", compare.Equivalent, 1.0, 0.98, 1.02)
	slow := comparison("c", compare.Worse, 1.2, 1.1, 1.3)
	little := comparison("d", compare.Worse, 1.02, 1.01, 1.04)
	about := comparison("e", compare.Worse, 1.04, 1.01, 1.07)
	unknown := comparison("f", compare.Unresolved, 1.0, 0.9, 1.11)
	bounded := alone(unknown, 0.92, 1.09)
	atLimit := alone(unknown, 0.92, 1.1)
	slightly := alone(about, 1.02, 1.06)
	gone := alone(slow, 1.05, 1.09)
	higher := slow
	higher.Better = record.Higher // so it is better
	undirected := same
	undirected.Better = record.Neither
	none := compare.Comparison{Row: "g", Unit: "p50-ns/wake", Judged: true, Reason: "there is no pair"}
	noInterval := comparison("h", compare.Unresolved, 1.0, 0, 0)
	noInterval.Effect.Interval, noInterval.MDE, noInterval.Pairs = nil, nil, 3
	barred := func(c compare.Comparison) compare.Comparison {
		c.Barred, c.Verdict, c.Reason = true, compare.Unresolved, "other machine"
		return c
	}
	aside := slow
	aside.Judged = false

	for _, test := range []struct {
		name    string
		family  compare.Family
		planned []string
		want    Outcome
		status  []Status
	}{
		{"nothing", family(), nil, Useless, nil},
		{"not judged", family(aside), nil, Useless, nil},
		{"10 % is excluded", family(bounded, same), nil, Pass, []Status{Bounded, Within}},
		{"10 % is not excluded", family(atLimit), nil, Open, []Status{Unresolved}},
		{"worse, by less than 10 %", family(slightly), nil, Pass, []Status{Bounded}},
		{"worse, beyond the threshold, by less than 10 %", family(gone), nil, Fail, []Status{Regressed}},
		{"better", family(fast), nil, Pass, []Status{Within}},
		{"same", family(same), []string{"b"}, Pass, []Status{Within}},
		{"worse", family(slow), nil, Fail, []Status{Regressed}},
		{"worse, but not beyond", family(little), nil, Pass, []Status{Within}},
		{"barred", family(barred(fast), barred(bounded), barred(slow), barred(none)), nil, Useless, []Status{Unresolved, Unresolved, Unresolved, Invalid}},
		{"barred and better", family(barred(fast), barred(same)), nil, Open, []Status{Unresolved, Unresolved}},
		{"worse, perhaps beyond", family(about), nil, Open, []Status{Unresolved}},
		{"unknown", family(unknown), nil, Open, []Status{Unresolved}},
		{"more is better", family(higher), nil, Pass, []Status{Within}},
		{"no direction", family(undirected), nil, Useless, []Status{Invalid}},
		{"no pair", family(none), nil, Useless, []Status{Invalid}},
		{"no interval", family(noInterval), nil, Open, []Status{Unresolved}},
		{"one of many is worse", family(same, none, unknown, slow), nil, Fail, []Status{Within, Invalid, Unresolved, Regressed}},
		{"one of many is invalid", family(same, none, unknown), nil, Useless, []Status{Within, Invalid, Unresolved}},
		{"one of many is unknown", family(same, unknown), nil, Open, []Status{Within, Unresolved}},
		{"one that was planned is missing", family(same), []string{"b", "z"}, Useless, []Status{Within, Invalid}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := Decide("x", "y", test.family, Thresholds{Default: 0.05}, test.planned)
			var status []Status
			for _, f := range d.Findings {
				status = append(status, f.Status)
				if (f.Text == "") != (f.Status.passes() && !f.Worse) {
					t.Errorf("%s is %s, and the text is %q", f.Row, f.Status, f.Text)
				}
				if (f.Change == nil) != (f.Status == Invalid) {
					t.Errorf("%s is %s, and the change is %+v", f.Row, f.Status, f.Change)
				}
			}
			if d.Outcome != test.want || !slices.Equal(status, test.status) || d.Why == "" {
				t.Errorf("%s (%s) with %q, want %s with %q", d.Outcome, d.Why, status, test.want, test.status)
			}
		})
	}
	if d := Nothing("x", "y", "the build failed"); d.Outcome.Exit() != 3 || d.Why != "the build failed" {
		t.Errorf("nothing measured: %+v", d)
	}
}

// A decision that passes says what it excludes.
func TestExcludes(t *testing.T) {
	same := alone(comparison("a", compare.Unresolved, 1.0, 0.96, 1.04), 0.98, 1.02)
	bounded := alone(comparison("b", compare.Unresolved, 1.0, 0.9, 1.12), 0.92, 1.09)
	slightly := alone(comparison("c", compare.Worse, 1.03, 1.01, 1.12), 1.02, 1.06)
	task := bounded
	task.Unit = "p50-ns/task"
	limits := Thresholds{Default: 0.05}
	for _, test := range []struct {
		family compare.Family
		limits Thresholds
		want   string
	}{
		{family(same, bounded, same), limits, "a regression of 10 % or more is excluded in all 3 comparisons; 2 within 5 %"},
		{family(same, slightly), limits, "a regression of 10 % or more is excluded in both comparisons; 1 within 5 %; 1 significantly worse, by less"},
		{family(bounded), limits, "a regression of 10 % or more is excluded in the only comparison; 0 within 5 %"},
		{family(bounded, task), Thresholds{Default: 0.05, Units: map[string]float64{"p50-sec/task": 0.2}},
			"a regression of twice its threshold or more is excluded in both comparisons; 1 within their thresholds"},
	} {
		if d := Decide("x", "y", test.family, test.limits, nil); d.Outcome != Pass || d.Why != test.want {
			t.Errorf("%s: %s\nwant %s", d.Outcome, d.Why, test.want)
		}
	}
}

func TestExit(t *testing.T) {
	for outcome, want := range map[Outcome]int{Pass: 0, Fail: 1, Useless: 3, Open: 4, "": 3} {
		if got := outcome.Exit(); got != want {
			t.Errorf("%q: %d, want %d", outcome, got, want)
		}
	}
}

// A threshold of its own decides what the default would not.
func TestThresholds(t *testing.T) {
	units, err := ParseThresholds("x", strings.NewReader("# for all\n\n p50-ns/wake 25% # noisy\ncost-sec/task 0.01\n"))
	if err != nil {
		t.Fatal(err)
	}
	th := Thresholds{Default: 0.05, Units: units}
	for unit, want := range map[string]float64{"p50-ns/wake": 0.25, "p50-sec/wake": 0.25, "cost-ns/task": 0.01, "ns/op": 0.05} {
		if got := th.Of(unit); got != want {
			t.Errorf("%s: %v, want %v", unit, got, want)
		}
	}
	if th.Least() != 0.01 {
		t.Errorf("the least is %v", th.Least())
	}
	slow := comparison("c", compare.Worse, 1.2, 1.1, 1.24)
	if d := Decide("x", "y", family(slow), th, nil); d.Outcome != Pass {
		t.Errorf("20 %% worse where 25 %% are allowed: %+v", d)
	}
}

func TestBadThresholds(t *testing.T) {
	for text, want := range map[string]string{
		"ns/op\n":                  `f:1: 1 words: want a unit and a share`,
		"\nns/op much\n":           `f:2: "much": want a share above 0 and below 100%`,
		"ns/op 0\n":                `f:1: "0": want a share above 0 and below 100%`,
		"ns/op -5%\n":              `f:1: "-5%": want a share above 0 and below 100%`,
		"ns/op NaN\n":              `f:1: "NaN": want a share above 0 and below 100%`,
		"ns/op Inf\n":              `f:1: "Inf": want a share above 0 and below 100%`,
		"ns/op 100%\n":             `f:1: "100%": want a share above 0 and below 100%`,
		"ns/op 1.5\n":              `f:1: "1.5": want a share above 0 and below 100%`,
		"ns/op 1%\nsec/op 2%\n":    `f:2: sec/op has a threshold already`,
		"a 1% 2%\nb 1%\nc\nd 2%\n": "f:1: 3 words",
	} {
		_, err := ParseThresholds("f", strings.NewReader(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func FuzzThresholds(f *testing.F) {
	f.Add("p99-ns/wake 20%\n# x\n")
	f.Add("a\x00 1e309\n")
	f.Fuzz(func(t *testing.T, text string) {
		units, err := ParseThresholds("f", strings.NewReader(text))
		if err != nil {
			return
		}
		for unit, v := range units {
			if !(v > 0 && v < 1) {
				t.Errorf("%q: %v", unit, v)
			}
		}
	})
}

func hostile() Decision {
	rows := []compare.Comparison{
		comparison("Wake/impl=bitmap/park=futex/workers=1/gap=200us", compare.Worse, 1.2, 1.1, 1.3),
		comparison("Evil|`</details>`\u202e/x=\n1", compare.Worse, 1.1, 1.06, 1.2),
		comparison("PingPong/impl=bitmap/park=futex/workers=2", compare.Better, 0.8, 0.7, 0.9),
		comparison("SpawnMany/impl=bitmap/park=futex/workers=2", compare.Unresolved, 1.01, 0.9, 1.12),
	}
	rows = append(rows, alone(comparison("Trickle/impl=bitmap", compare.Worse, 1.03, 1.01, 1.06), 1.02, 1.05),
		alone(comparison("Poisson/impl=bitmap", compare.Unresolved, 1.01, 0.9, 1.12), 0.95, 1.07))
	for range 7 {
		rows = append(rows, comparison("Same/impl=bitmap", compare.Equivalent, 1, 0.99, 1.01))
	}
	f := family(rows...)
	f.Looks = 5
	d := Decide("abc1234", "def5678+dirty", f, Thresholds{Default: 0.05}, []string{"Gone/impl=bitmap"})
	d.Notes = []string{"only def5678+dirty has Fresh/impl=bitmap"}
	return d
}

func TestFormats(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{
		"gate.txt": hostile().Text,
		"gate.md":  func(w io.Writer) error { return hostile().Markdown(w, "table of\n```\nbenchstat") },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(golden, b.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("-want +got; -update accepts it:\n%s", diff)
			}
		})
	}
	var b bytes.Buffer
	if err := hostile().Markdown(&b, ""); err != nil {
		t.Fatal(err)
	}
	summary, _, _ := strings.Cut(b.String(), "<details>")
	if n := strings.Count(summary, "\n"); n > 15 {
		t.Errorf("the summary has %d lines:\n%s", n, summary)
	}
	b.Reset()
	if err := hostile().JSON(&b); err != nil {
		t.Fatal(err)
	}
	var back Decision
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.Outcome != Fail || len(back.Findings) != 14 {
		t.Errorf("from JSON %+v, %v", back, err)
	}
}

// A comment on GitHub has at most 65,536 characters. Here is the default selection,
// and one with names and tables beyond all measure.
func TestMarkdownFits(t *testing.T) {
	for _, test := range []struct {
		name         string
		cells, units int
		notes        int
	}{
		{"default", 35, 24, 3},
		{"full", 600, 24, 3},
		{"many notes", 35, 1, 2000},
		{"primary units only", 35, 1, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			var rows []compare.Comparison
			var table strings.Builder
			for i := range test.cells {
				name := fmt.Sprintf("SpawnManyRemoteIdle/impl=mutexonly/park=futex/workers=4/tasks=%d", i)
				rows = append(rows, comparison(name, compare.Unresolved, 1.01, 0.9, 1.12))
				for range test.units {
					fmt.Fprintf(&table, "%s  14.32µ ± 12%%   14.55µ ± 11%%       ~ (p=0.684 n=14)\n", name)
				}
			}
			d := Decide("abc1234", "def5678+dirty", family(rows...), Thresholds{Default: 0.05}, nil)
			for range test.notes {
				d.Notes = append(d.Notes, "only new has SpawnManyRemoteIdle/impl=other/park=futex/workers=4")
			}
			var b strings.Builder
			if err := d.Markdown(&b, table.String()); err != nil {
				t.Fatal(err)
			}
			if b.Len() >= 60_000 {
				t.Errorf("%d bytes", b.Len())
			}
			if !strings.HasSuffix(b.String(), "\n</details>\n") || strings.Count(b.String(), "```") != 2 {
				t.Errorf("it ends with %q", b.String()[b.Len()-200:])
			}
			if cut := strings.Contains(b.String(), "lines more are in `gate.txt`"); cut != (table.Len()+len(d.Notes)*80 > 50_000) {
				t.Errorf("that it was cut is said: %t", cut)
			}
		})
	}
}

// A threshold applies to its unit in either spelling; one without a unit is found.
func TestWithout(t *testing.T) {
	o := Thresholds{Units: map[string]float64{"p50-sec/wake": 0.1, "B/op": 0.1, "hits": 0.1}}
	if got := o.Without("p50-ns/wake", "B/op"); !slices.Equal(got, []string{"hits"}) {
		t.Errorf("%q", got)
	}
	if got := o.Without("hits", "B/op", "p50-sec/wake", "x"); got != nil {
		t.Errorf("%q", got)
	}
}

// Where the data does not say that pairs belong together, the heading does.
func TestPairingAssumed(t *testing.T) {
	c := comparison("a", compare.Worse, 1.2, 1.1, 1.3)
	for pairing, want := range map[compare.Pairing]string{compare.Assumed: "\npairing assumed, corrected for", compare.Interleaved: "\npaired by round, corrected for"} {
		c.Pairing = pairing
		var text bytes.Buffer
		if err := Decide("old", "new", family(c), Thresholds{}, nil).Text(&text); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), want) {
			t.Errorf("%s: want %q in\n%s", pairing, want, &text)
		}
	}
}

// A quantile of too few samples is marked in the table, with the reason below it.
func TestMarkAtMax(t *testing.T) {
	few := comparison("a", compare.Worse, 1.2, 1.1, 1.3)
	few.Unit = "p99-ns/task"
	many := few
	many.Row = "b"
	few.New.Valid, few.New.AtMax = 14, 14
	d := Decide("old", "new", family(few, many), Thresholds{}, nil)
	var text, md bytes.Buffer
	if err := d.Text(&text); err != nil {
		t.Fatal(err)
	}
	if err := d.Markdown(&md, ""); err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{text.String(), md.String()} {
		if strings.Count(got, "p99-sec/task†") == 0 || !strings.Contains(got, "p99-sec/task ") || strings.Count(got, "fewer than 100 for p99") != 1 {
			t.Errorf("one of two is to be marked:\n%s", got)
		}
	}
}
