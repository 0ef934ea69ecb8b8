package compare

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/idlebench/idlebench/record"
)

var update = flag.Bool("update", false, "write the golden files")

func file(name, text string) File { return File{name, record.ReadText(name, []byte(text))} }

// find returns, for a row and a unit, the values of each column by round.
func (t Table) find(row, unit string) map[string][]float64 {
	values := map[string][]float64{}
	for _, s := range t.Series {
		if s.Row == row && s.Unit == unit {
			for _, o := range s.rounds() {
				values[s.Column] = append(values[s.Column], o.Value)
			}
		}
	}
	return values
}

func TestFromBenchmarks(t *testing.T) {
	const blocks = `goos: linux
Unit p99-ns/wake better=lower
Unit tasks/sec better=higher
BenchmarkA/impl=x/size=1-8	10	30 ns/op	5 p99-ns/wake	1 tasks/sec	7 p50-ns/wake	2 things
BenchmarkA/impl=x/size=1-8	10	10 ns/op	0 p99-ns/wake	1 tasks/sec	0 p50-ns/wake	2 things
BenchmarkA/impl=x/size=1-8	10	20 ns/op	5 p99-ns/wake	1 tasks/sec	7 p50-ns/wake	2 things
BenchmarkA/impl=y/size=1-8	10	0.3 ns/op
BenchmarkA/impl=y/size=1-8	10	0.1 ns/op
BenchmarkB	10	1 ns/op
`
	table, err := FromBenchmarks(Selection{Col: "/impl"}, file("blocks.txt", blocks))
	if err != nil {
		t.Fatal(err)
	}
	// In the order of the lines, not sorted, and in the units as written.
	if diff := cmp.Diff(map[string][]float64{"x": {30, 10, 20}, "y": {0.3, 0.1}}, table.find("A/size=1-8", "ns/op")); diff != "" {
		t.Errorf("ns/op (-want +got):\n%s", diff)
	}
	// Zero is in the same series, though the format's reader names its unit otherwise.
	for _, unit := range []string{"p99-ns/wake", "p50-ns/wake"} {
		if got := table.find("A/size=1-8", unit)["x"]; len(got) != 3 || got[1] != 0 || got[0] == 0 {
			t.Errorf("%s: %v", unit, got)
		}
	}
	want := map[string]record.Better{
		"ns/op": record.Lower, "p99-ns/wake": record.Lower, "tasks/sec": record.Higher, "p50-ns/wake": record.Lower, "things": record.Neither,
	}
	for _, s := range table.Series {
		if s.Better != want[s.Unit] || s.Workload != "A" {
			t.Errorf("%s: better=%q, workload %q", s.Unit, s.Better, s.Workload)
		}
	}
	if want := []Unmatched{{Row: "B"}}; len(table.Warnings) > 0 || !slices.Equal(table.Unmatched, want) {
		t.Errorf("warnings %q, without the key %+v, want %+v", table.Warnings, table.Unmatched, want)
	}
	if f, err := Compare(table, "x", Options{}); err != nil || f.Comparisons[0].Pairing != Apart || f.Comparisons[0].Pairs != 2 {
		t.Errorf("lines in blocks: %+v, %v", f, err)
	}
}

func TestFromTwoFiles(t *testing.T) {
	const line = "BenchmarkA-8 10 100 ns/op\n"
	old := file("old.txt", "cpu: one\n"+strings.Repeat(line, 7))
	new := file("new.txt", "cpu: two\n"+strings.Repeat("BenchmarkA-8 10 2e-7 sec/op\n", 7))
	table, err := FromBenchmarks(Selection{Col: ".file"}, old, new)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Compare(table, "old.txt", Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := f.Comparisons[0]
	if len(f.Comparisons) != 1 || c.Unit != "ns/op" || math.Abs(c.Effect.Ratio-2) > 1e-9 || c.Pairing != Assumed || c.Verdict != Worse {
		t.Errorf("%+v", f)
	}
	if want := []string{`the configuration line cpu has several values: "one", "two"`}; !slices.Equal(f.Warnings, want) {
		t.Errorf("warnings %q, want %q", f.Warnings, want)
	}
}

// repeat writes the lines of a package several times.
func repeat(config, lines string) string { return config + strings.Repeat(lines, 7) }

// What tells benchmarks apart is the name and the configuration, as in benchstat.
func TestIdentity(t *testing.T) {
	const x100, x200, y100 = "BenchmarkX-8 1 100 ns/op\n", "BenchmarkX-8 1 200 ns/op\n", "BenchmarkY-8 1 100 ns/op\n"
	for _, c := range []struct {
		name      string
		o         Selection
		old, new  string
		ratios    map[string]float64 // by row and, if there is more than one, column
		unmatched []Unmatched
		warnings  []string
	}{
		{"packages", Selection{}, repeat("pkg: a\n", x100) + repeat("pkg: b\n", x100), repeat("pkg: a\n", x200) + repeat("pkg: b\n", x100),
			map[string]float64{"X-8 pkg:a": 2, "X-8 pkg:b": 1}, nil, nil},
		{"packages in another order", Selection{}, repeat("pkg: a\n", x100) + repeat("pkg: b\n", x200), repeat("pkg: b\n", x200) + repeat("pkg: a\n", x100),
			map[string]float64{"X-8 pkg:a": 1, "X-8 pkg:b": 1}, nil, nil},
		{"a package that is gone", Selection{}, repeat("pkg: a\n", x100) + repeat("pkg: b\n", x200), repeat("pkg: a\n", x100),
			map[string]float64{"X-8 pkg:a": 1}, []Unmatched{{"X-8 pkg:b", "old", ""}}, nil},
		{"one package each", Selection{}, repeat("pkg: a\n", x100), repeat("pkg: b\n", x200),
			nil, []Unmatched{{"X-8 pkg:a", "old", ""}, {"X-8 pkg:b", "new", ""}}, nil},
		{"one package", Selection{}, repeat("pkg: a\n", x100), repeat("pkg: a\n", x200), map[string]float64{"X-8": 2}, nil, nil},
		{"one package, ignored", Selection{Ignore: "pkg"}, repeat("pkg: a\n", x100), repeat("pkg: b\n", x200),
			map[string]float64{"X-8": 2}, nil, []string{`the configuration line pkg has several values: "a", "b"`}},
		{"systems in one file", Selection{}, repeat("goos: linux\n", x100) + repeat("goos: darwin\n", x200), repeat("goos: linux\n", x100) + repeat("goos: darwin\n", x100),
			map[string]float64{"X-8 goos:linux": 1, "X-8 goos:darwin": 0.5}, nil, nil},
		{"CPUs in one file", Selection{}, repeat("cpu: A B\n", x100) + repeat("cpu: C\n", x200), repeat("cpu: A B\n", x200),
			map[string]float64{`X-8 cpu:"A B"`: 2}, []Unmatched{{"X-8 cpu:C", "old", ""}}, nil},
		{"a key of the user's", Selection{}, repeat("note: 1\n", x100) + repeat("note:\n", x200), repeat("note: 1\n", x200) + repeat("note:\n", x200),
			map[string]float64{"X-8 note:1": 2, "X-8": 1}, nil, nil},
		{"CPUs of two files", Selection{}, repeat("cpu: A\n", x100), repeat("cpu: B\n", x200),
			map[string]float64{"X-8": 2}, nil, []string{`the configuration line cpu has several values: "A", "B"`}},
		{"commits of two files", Selection{}, repeat("commit: A\n", x100), repeat("commit: B\n", x200),
			map[string]float64{"X-8": 2}, nil, []string{`the configuration line commit has several values: "A", "B"`}},
		{"a row of some keys", Selection{Row: "pkg"}, repeat("pkg: a\n", x100+y100) + repeat("pkg: b\n", x100), repeat("pkg: a\n", x200+y100) + repeat("pkg: b\n", x100),
			map[string]float64{"a": math.Sqrt2, "b": 1}, nil, []string{"rows have several benchmarks, which vary in .fullname: a"}},
		{"gomaxprocs", Selection{Col: "/gomaxprocs"}, repeat("", "BenchmarkX 1 100 ns/op\nBenchmarkX-2 1 50 ns/op\nBenchmarkX-4 1 25 ns/op\n"), "",
			map[string]float64{"X 2": 0.5, "X 4": 0.25}, nil, nil},
		{"names", Selection{Col: ".fullname", Row: "pkg"}, repeat("pkg: a\n", x100+y100+"BenchmarkX/a 1 25 ns/op\n"), "", map[string]float64{"a Y-8": 1, "a X/a": 0.25}, nil, nil},
		{"two keys", Selection{Col: "/a /b"}, repeat("", "BenchmarkX/a=1/b=1/c=1 1 100 ns/op\nBenchmarkX/a=1/b=2/c=1 1 50 ns/op\nBenchmarkX/a=2/c=1 1 25 ns/op\n"), "",
			map[string]float64{"X/c=1 1 2": 0.5, "X/c=1 2": 0.25}, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.o.Col == "" {
				c.o.Col = ".file"
			}
			files := []File{file("old", c.old)}
			if c.new != "" {
				files = append(files, file("new", c.new))
			}
			table, err := FromBenchmarks(c.o, files...)
			if err != nil {
				t.Fatal(err)
			}
			f, err := Compare(table, table.Columns()[0], Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]float64{}
			for _, x := range f.Comparisons {
				key := x.Row
				if c.new == "" {
					key = strings.TrimSpace(x.Row + " " + x.New.Column)
				}
				got[key] = x.Effect.Ratio
				if !strings.HasSuffix(x.Row, x.Config) {
					t.Errorf("%s has the configuration %s", x.Row, x.Config)
				}
			}
			if diff := cmp.Diff(c.ratios, got, cmpopts.EquateApprox(1e-9, 0), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("ratios, -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(c.unmatched, f.Unmatched, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("unmatched, -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(c.warnings, f.Warnings, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("warnings, -want +got:\n%s", diff)
			}
		})
	}
}

// Any unit with a direction can be judged: ns/op if it is there, otherwise all of them,
// or those that are asked for.
func TestJudgedUnits(t *testing.T) {
	lines := func(values string) string { return repeat("Unit hits better=higher\n", "BenchmarkX 1 "+values+"\n") }
	const old, new = "5 ns/op 10 MB/s 3 B/op 0 allocs/op 4 hits 1 things", "10 ns/op 5 MB/s 6 B/op 0 allocs/op 2 hits 1 things"
	for _, c := range []struct {
		name, filter string
		units        []string
		want         map[string]Verdict
	}{
		{"time", "*", nil, map[string]Verdict{"ns/op": Worse}},
		{"one unit", ".unit:B/op", nil, map[string]Verdict{"B/op": Worse}},
		{"without time", "-.unit:sec/op", nil, map[string]Verdict{"MB/s": Worse, "B/op": Worse, "allocs/op": Equivalent, "hits": Worse}},
		{"asked for", "*", []string{"MB/s", "allocs/op"}, map[string]Verdict{"MB/s": Worse, "allocs/op": Equivalent}},
	} {
		table, err := FromBenchmarks(Selection{Filter: c.filter, Col: ".file"}, file("old", lines(old)), file("new", lines(new)))
		if err != nil {
			t.Fatal(err)
		}
		table.Units = c.units
		f, err := Compare(table, "old", Options{Alpha: 0.2})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]Verdict{}
		for _, x := range f.Comparisons {
			if x.Judged {
				got[x.Unit] = x.Verdict
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
}

// A row that puts benchmarks with rounds together uses all of them: they share their
// rounds.
func TestPooledRounds(t *testing.T) {
	var text string
	for round := range 3 {
		for _, name := range []string{"A/impl=x/size=1", "A/impl=y/size=1", "A/impl=x/size=2", "A/impl=y/size=2"} {
			text += "# round=" + strconv.Itoa(round) + "\nBenchmark" + name + " 1 5 ns/op\n"
		}
	}
	table, err := FromBenchmarks(Selection{Col: "/impl", Row: ".name"}, file("f", text))
	if got := table.find("A", "ns/op"); err != nil || len(got["x"]) != 6 || len(got["y"]) != 6 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestFilter(t *testing.T) {
	text := "BenchmarkA/impl=x 1 1 ns/op 2 B/op\nBenchmarkA/impl=y 1 1 ns/op 2 B/op\nBenchmarkB/impl=x 1 1 ns/op 2 B/op\n"
	for filter, want := range map[string]int{
		"*": 6, ".name:A": 4, "/impl:x": 4, ".unit:ns/op": 3, ".unit:sec/op /impl:y": 1, "-.name:A -.name:B": 0,
	} {
		table, err := FromBenchmarks(Selection{Filter: filter, Col: "/impl"}, file("f", text))
		if err != nil || len(table.Series) != want {
			t.Errorf("%s: %d series, %v; want %d", filter, len(table.Series), err, want)
		}
	}
}

func TestFromBenchmarksErrors(t *testing.T) {
	const a = "BenchmarkA/impl=x 1 1 ns/op\n"
	for _, c := range []struct {
		name, filter, column string
		files                []File
		err                  string
	}{
		{"filter", "a:", "/impl", nil, `filter "a:"`},
		{"column", "*", "a@", nil, `column "a@"`},
		{"no column", "*", "", nil, "one or more keys"},
		{"a tuple", "*", ".config", nil, "one or more keys"},
		{"a unit", "*", ".unit", nil, "column"},
		{"the same name", "*", "/impl", []File{file("f", a), file("f", a)}, `two files are named "f"`},
		{"a run in two files", "*", "/impl", []File{file("f", a), file("g", a)}, "g:1: A of x was in f too"},
	} {
		if _, err := FromBenchmarks(Selection{Filter: c.filter, Col: c.column}, c.files...); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.err)
		}
	}
}

// What the text refuses, and invalid launches, are left out, and the others are not.
func TestFromLines(t *testing.T) {
	const a = "BenchmarkA/impl=x 1 1 ns/op\n"
	for name, text := range map[string]string{
		"malformed":      a + "BenchmarkA/impl=x 1 1\n" + a,
		"a unit twice":   a + "BenchmarkA/impl=x 1 1 ns/op 1e-9 sec/op\n" + a,
		"without rounds": "# round=0\n" + a + a + "# round=1\n" + a,
		"invalid":        "# round=0\n" + a + "# round=1 invalid=steal\n# " + a + "# round=1 attempt=1\n" + a,
	} {
		table, err := FromBenchmarks(Selection{Col: "/impl"}, file("f", text))
		if err != nil || len(table.find("A", "ns/op")["x"]) != 2 || len(table.Warnings) != 0 {
			t.Errorf("%s: %+v, %v", name, table, err)
		}
	}
	table, err := FromBenchmarks(Selection{Col: ".file"}, file("f", "Unit x better=lower\n"+a), file("g", "Unit x better=higher\n"+a))
	if want := []string{"g:1: metadata better of unit x already set to lower"}; err != nil || !slices.Equal(table.Warnings, want) {
		t.Errorf("warnings %q, want %q, error %v", table.Warnings, want, err)
	}
}

// rounded returns what JSON says with six digits: the last bits depend on the
// machine's instructions.
func rounded(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = rounded(v[key])
		}
	case []any:
		for i := range v {
			v[i] = rounded(v[i])
		}
	case float64:
		x, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
		return x
	}
	return v
}

func TestGolden(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "simulated.txt"))
	if err != nil {
		t.Fatal(err)
	}
	table, err := FromBenchmarks(Selection{Col: "/impl"}, file("simulated.txt", string(text)))
	if err != nil {
		t.Fatal(err)
	}
	table.Primary = map[string]string{"wake": "p50-ns/wake"}
	family, err := Compare(table, "bitmap", Options{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(family)
	if err != nil {
		t.Fatal(err)
	}
	var back Family
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(family, back); diff != "" {
		t.Errorf("through JSON (-want +got):\n%s", diff)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(rounded(v), "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	golden := filepath.Join("testdata", "simulated.json")
	if *update {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s, which go test -update writes anew (-want +got):\n%s", golden, diff)
	}
}

// Whatever stands in the file, there is an error or a comparison that can be
// written down and does not contradict itself.
func FuzzFromBenchmarks(f *testing.F) {
	simulated, err := os.ReadFile(filepath.Join("testdata", "simulated.txt"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(simulated[:2000]), "*", "/impl")
	f.Add("BenchmarkA/impl=x 1 1 ns/op\nBenchmarkA/impl=y 1 2 ns/op\n", "*", "/impl")
	f.Add("BenchmarkA/impl=x 1 0 ns/op\nBenchmarkA/impl=y 1 NaN ns/op\n", ".unit:ns/op", "/impl")
	f.Add("BenchmarkA/impl=x 1 -1 ns/op +Inf x 1e-320 B/op\nBenchmarkA/impl=y 1 2 ns/op 1 x 1e308 B/op\n", "*", ".name")
	f.Add("# round=1\nBenchmarkA/impl=x 1 1 MB/s\n# round=99999999999999999999\n", "*", "/impl")
	f.Add("Unit ns/op better=higher\nUnit sec/op better=lower\ncommit: a\nBenchmarkA-8 1 1 ns/op\ncommit: b\nBenchmarkA-8 1 3 ns/op\n", "*", "commit")
	f.Add("pkg: a\ncpu: X Y\nBenchmarkA-8 1 1 ns/op 0 B/op\npkg: b\nBenchmarkA-8 1 3 ns/op 0 B/op\nBenchmarkA-2 1 3 ns/op 0 B/op\n", "*", "/gomaxprocs")
	f.Add("pkg: a\nBenchmarkA 1 1 MB/s 0 B/op\npkg: b\nBenchmarkA/x=1 1 3 MB/s 0 B/op 1e308 x\n", "-.unit:sec/op", "pkg,.name")
	f.Fuzz(func(t *testing.T, text, filter, column string) {
		if len(text) > 1<<14 {
			t.Skip("time is better spent on short files")
		}
		table, err := FromBenchmarks(Selection{Filter: filter, Col: column}, file("fuzz", text))
		if err != nil {
			return
		}
		for _, baseline := range table.Columns() {
			family, err := Compare(table, baseline, Options{})
			if err != nil {
				t.Fatalf("baseline %q: %v", baseline, err)
			}
			if _, err := json.Marshal(family); err != nil {
				t.Fatal(err)
			}
			for _, c := range family.Comparisons {
				if c.Judged == (c.Verdict == "") || (c.Verdict == Unresolved) != (c.Judged && c.Reason != "") {
					t.Errorf("%+v", c)
				}
				if c.Effect == nil && (c.Reason == "" || c.P != 1) {
					t.Errorf("no effect, and no reason: %+v", c)
				}
				if e := c.Effect; e != nil && e.Interval != nil && !(0 < e.Interval.Lo && e.Interval.Lo <= e.Ratio && e.Ratio <= e.Interval.Hi) {
					t.Errorf("effect %+v, interval %+v", e, *e.Interval)
				}
			}
		}
	})
}

// The middle of two large numbers is a number.
func TestLargeMedian(t *testing.T) {
	if got := Median([]float64{1e308, 1.5e308}); math.Abs(got/1.25e308-1) > 1e-9 {
		t.Errorf("%v", got)
	}
	if got := Median([]float64{-1e308, 1e308}); got != 0 {
		t.Errorf("%v", got)
	}
	if s := summarize([]float64{1e308, 1.5e308}); math.Abs(s.Center/1.25e308-1) > 1e-9 {
		t.Errorf("%+v", s)
	}
}
