package format_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/source/sourcetest"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/benchstat"
)

var update = flag.Bool("update", false, "write the golden files")

var formats = map[string]func(io.Writer, *format.Report) error{
	"txt": format.Text, "md": format.Markdown, "csv": format.CSV, "json": format.JSON,
}

// report makes one of inputs in the working directory.
func report(t testing.TB, filter string, paths ...string) *format.Report {
	t.Helper()
	s, err := source.Open(filter, paths...)
	if err != nil {
		t.Fatal(err)
	}
	r := &format.Report{Source: s, Groups: verdict.Of(s, verdict.Options{}), Command: "report run", Made: sourcetest.Start}
	var files []benchstat.File
	for _, in := range s.Inputs {
		if in.File != "" {
			files = append(files, benchstat.File{Name: filepath.ToSlash(in.File), Text: in.Text})
		}
	}
	if len(files) > 0 {
		r.BenchstatCommand = "go tool benchstat run/bench.txt"
		if r.Benchstat, err = benchstat.Text(benchstat.Options{Filter: filter}, files...); err != nil {
			r.BenchstatError = err.Error()
		}
	}
	return r
}

func write(t testing.TB, form string, r *format.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := formats[form](&b, r); err != nil {
		t.Fatalf("%s: %v", form, err)
	}
	return b.String()
}

// ended is when a run ended, which is when the test ran.
var ended = regexp.MustCompile(`"end": "[^"]*"`)

func TestGolden(t *testing.T) {
	testdata, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	placed := []record.Pair{
		{Key: "pinned", Value: "yes"}, {Key: "worker-cpus", Value: "0,1"}, {Key: "generator-cpu", Value: "2"},
		{Key: "runtime-cpus", Value: "2"}, {Key: "runtime-shares", Value: "generator"},
	}
	err = sourcetest.Record("run", 10, func(l *record.Launch) error {
		if l.Cell.Workload == "burst" {
			l.Conditions = append(l.Conditions, placed...)
		}
		switch {
		case l.Cell.Workload == "burst" && l.Round == 3:
			l.Invalid = []string{"steal", "migrations"}
		case l.Cell.Impl == "goroutine":
			return errors.New("it hung <for> a minute")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("bad.txt", []byte("BenchmarkA 1 NaN ns/op\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	r := report(t, "", "run", "bad.txt")
	part := report(t, "/park:futex AND .unit:p50-ns/wake", "run", "bad.txt")
	for form := range formats {
		r := r
		if form == "json" {
			r = part // or else the file is long
		}
		got := strings.ReplaceAll(write(t, form, r), `run\\`, "run/")
		got = ended.ReplaceAllString(got, `"end": "2026-11-23T09:00:00Z"`)
		golden := filepath.Join(testdata, "report."+form)
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s, -want +got (-update writes it anew):\n%s", golden, diff)
		}
	}
}

// Who submits is short in text: rows for what differs, and one line for the rest.
func TestSubmitters(t *testing.T) {
	testdata, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := sourcetest.RecordCells("run", sourcetest.Submitted(), 12, nil); err != nil {
		t.Fatal(err)
	}
	r := report(t, "", "run")
	r.BenchstatCommand = ""
	for _, form := range []string{"txt", "md"} {
		got, golden := write(t, form, r), filepath.Join(testdata, "submitters."+form)
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s, -want +got (-update writes it anew):\n%s", golden, diff)
		}
	}
}

// What depends on the harness says so in each form.
func TestAudit(t *testing.T) {
	testdata, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := errors.Join(sourcetest.Record("run", 12, nil), sourcetest.Audit("run", nil)); err != nil {
		t.Fatal(err)
	}
	r := report(t, "", "run")
	r.BenchstatCommand = ""
	for _, form := range []string{"txt", "md"} {
		got, golden := write(t, form, r), filepath.Join(testdata, "audit."+form)
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s, -want +got (-update writes it anew):\n%s", golden, diff)
		}
	}
	lines, err := csv.NewReader(strings.NewReader(write(t, "csv", r))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	moved := map[string]string{}
	for _, l := range lines[1:] {
		if by := l[len(l)-1]; by != "" {
			moved[l[2]+" "+l[4]+" "+l[7]] = by
		}
	}
	want := map[string]string{
		"BenchmarkWake/impl=bitmap/workers=1/gap=200us p50-ns/wake cond":       "submitter=spin slack-1ns",
		"BenchmarkWake/park=futex/workers=1/gap=200us p50-ns/wake mutexonly":   "submitter=spin slack-1ns",
		"BenchmarkWake/park=cond/workers=1/gap=200us p50-ns/wake goroutine/go": "submitter=spin",
	}
	if diff := cmp.Diff(want, moved); diff != "" {
		t.Errorf("moved_by, -want +got:\n%s", diff)
	}
	var d format.Data
	if err := json.Unmarshal([]byte(write(t, "json", r)), &d); err != nil {
		t.Fatal(err)
	}
	if a := d.Groups[0].Audit; a == nil || len(a.Marks) != 4 || len(a.Parkers) != 2 || len(d.Groups[0].Questions[0].Answers[1].Marks[0].Moves) != 2 {
		t.Errorf("the audit is %+v", a)
	}
}

// What others have named stays text.
func TestHostile(t *testing.T) {
	t.Chdir(t.TempDir())
	text := "cpu: <b>\x1b[31m|\n" +
		strings.Repeat("Benchmark<script>alert(1)</script>|[x](http://x)@all/impl=`a`\u202e 1 5 ns/op\nBenchmark<script>alert(1)</script>|[x](http://x)@all/impl=``b 1 6 ns/op\n", 10) +
		"BenchmarkLong/impl=" + strings.Repeat("x", 10_000) + " 1 0 ns/op -4 z\nBenchmark=cmd()/impl=y 1 5e-324 ns/op\n"
	if err := os.WriteFile("=1+1.txt", []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	r := report(t, "", "=1+1.txt", "\x1b[2Jmissing")
	r.Command = "report \x1b[2J"
	for form := range formats {
		out := write(t, form, r)
		if form != "csv" {
			if i := strings.IndexFunc(out, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }); i >= 0 {
				t.Errorf("%s has a control character: %q", form, out[max(0, i-20):i+20])
			}
		}
		if form == "md" {
			for _, bad := range []string{"<script>", "<b>", "@all ", "](http"} {
				prose := out[:strings.Index(out, "```")]
				if strings.Contains(prose, bad) {
					t.Errorf("Markdown has %q:\n%s", bad, prose)
				}
			}
			if len(out) > 65_536 {
				t.Errorf("Markdown has %d bytes", len(out))
			}
		}
	}
	if _, err := csv.NewReader(strings.NewReader(write(t, "csv", r))).ReadAll(); err != nil {
		t.Error(err)
	}
	var back format.Data
	if err := json.Unmarshal([]byte(write(t, "json", r)), &back); err != nil {
		t.Fatal(err)
	}
	if back.Version != format.Version || back.Complete || len(back.Inputs) != 2 || len(back.NotUsed) != 1 {
		t.Errorf("version %d, complete %t, %d inputs, %d not used", back.Version, back.Complete, len(back.Inputs), len(back.NotUsed))
	}
}

// Whatever is in a file, a report of it can be written in all forms.
func FuzzFormats(f *testing.F) {
	f.Add("BenchmarkA/impl=x 1 5 ns/op\nBenchmarkA/impl=y 1 5 ns/op\n")
	f.Add("Unit ns/op better=higher assume=exact\nBenchmarkA/impl=x 1 NaN ns/op 1e308 x\nBenchmarkA/impl=y 1 -1 ns/op 5e-324 x\n")
	f.Add("# round=0 start=2026-11-23T08:00:00Z invalid=a\n# BenchmarkWake/impl=bitmap/park=futex/workers=1/gap=200us 1 5 p50-ns/wake\n")
	f.Add("a: b\nBenchmark\xff/impl=\xfe 1 5 \xfd\n")
	path := filepath.Join(f.TempDir(), "input")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		r := report(t, "", path)
		for form := range formats {
			out := write(t, form, r)
			if form == "json" && !json.Valid([]byte(out)) {
				t.Error("JSON is not valid")
			}
		}
	})
}
