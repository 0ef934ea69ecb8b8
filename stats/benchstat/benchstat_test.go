package benchstat_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/benchstat"
)

// command runs the command itself in a folder with the files.
func command(t *testing.T, o benchstat.Options, files []benchstat.File, texts []string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("runs go tool benchstat")
	}
	dir := t.TempDir()
	program := program(t)
	args := o.Args()
	for i, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), []byte(texts[i]), 0o666); err != nil {
			t.Fatal(err)
		}
		args = append(args, f.Name)
	}
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("benchstat %q: %v\n%s", args, err, &stderr)
	}
	return string(out)
}

// program returns the path of the command, which the go command builds.
func program(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "tool", "-n", "benchstat").Output()
	if err != nil {
		t.Skipf("go tool benchstat cannot be had: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// lines makes a file: each benchmark n times with random values about a centre.
func lines(seed uint64, n int, benchmarks ...string) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString("goos: linux\ngoarch: amd64\npkg: x/y\n")
	for range n {
		for i, name := range benchmarks {
			fmt.Fprintf(&b, "Benchmark%s\t%d\t%.4g ns/op\t%.3g MB/s\t%d B/op\t%d allocs/op\n",
				name, 100, 1000*float64(i+1)*(1+0.1*r.Float64()), 20+r.Float64(), 512+i, r.IntN(2))
		}
	}
	return b.String()
}

func TestText(t *testing.T) {
	a := lines(1, 10, "Fast/impl=x-8", "Fast/impl=y-8", "A_name_that_is_longer-8")
	b := lines(2, 10, "Fast/impl=x-8", "Fast/impl=y-8", "Other-8")
	few := lines(3, 3, "Fast/impl=x-8", "Fast/impl=y-8", "A_name_that_is_longer-8")
	suite := `cpu: AMD EPYC
date: 2026-11-23T14:39:26Z
Unit p50-ns/wake better=lower
Unit cost-ns/task better=lower

# round=0 start=2026-11-23T14:39:26Z duration=1s crc=00000000
BenchmarkWake/impl=bitmap/park=cond/workers=1/gap=20us	10	812.5 p50-ns/wake	0 cost-ns/task
# round=0 start=2026-11-23T14:39:27Z duration=1s invalid=steal crc=00000000
# BenchmarkWake/impl=channels/park=mailbox/workers=1/gap=20us	10	9912 p50-ns/wake	4 cost-ns/task
BenchmarkWake/impl=channels/park=mailbox/workers=1/gap=20us	10	912 p50-ns/wake	4 cost-ns/task
`
	for _, test := range []struct {
		name  string
		o     benchstat.Options
		texts []string
	}{
		{"one", benchstat.Options{}, []string{a}},
		{"two", benchstat.Options{}, []string{a, b}},
		{"three", benchstat.Options{}, []string{a, b, few}},
		{"disjoint", benchstat.Options{}, []string{lines(1, 6, "A-8", "B-8"), lines(2, 6, "C-8", "D-8")}},
		{"disjoint, one row", benchstat.Options{}, []string{lines(1, 6, "A-8"), lines(2, 6, "C-8")}},
		{"few", benchstat.Options{}, []string{few, few + "x"}},
		{"columns in the name", benchstat.Options{Col: "/impl"}, []string{a}},
		{"two levels", benchstat.Options{Col: ".file /impl", Row: ".name"}, []string{a, b}},
		{"rows and tables", benchstat.Options{Table: "goos", Row: ".name /impl", Col: ".file"}, []string{a, b}},
		{"filter", benchstat.Options{Filter: ".unit:ns/op AND /impl:(x OR y)"}, []string{a, b}},
		{"order", benchstat.Options{Col: "/impl@(y x)"}, []string{a}},
		{"vary", benchstat.Options{Row: ".name", Col: ".file", Ignore: "pkg"}, []string{a, strings.Replace(b, "x/y", "x/z", 1)}},
		{"configurations", benchstat.Options{}, []string{a, strings.Replace(b, "linux", "darwin", 1)}},
		{"ignored", benchstat.Options{Ignore: "goos"}, []string{a, strings.Replace(b, "linux", "darwin", 1)}},
		{"suite", benchstat.Options{}, []string{suite}},
		{"suite, by implementation", benchstat.Options{Col: "/impl", Row: ".name /gap", Ignore: "date"}, []string{suite}},
		{"nothing", benchstat.Options{}, []string{"PASS\n"}},
		{"exact", benchstat.Options{}, []string{"Unit B/op assume=exact\n" + a, b}},
		{"malformed", benchstat.Options{}, []string{a + "BenchmarkTorn 100 12\nBenchmarkBad x\nUnit ns/op better=higher\nUnit ns/op better=lower\n", b}},
		{"zero and less", benchstat.Options{}, []string{"BenchmarkA 1 0 ns/op\nBenchmarkB 1 -5 x/op\nBenchmarkA 1 0 x/op\n", "BenchmarkA 1 3 ns/op\nBenchmarkB 1 5 x/op\nBenchmarkA 1 0 x/op\n"}},
		{"extreme", benchstat.Options{}, []string{"BenchmarkA 1 1e308 ns/op\nBenchmarkB 1 5e-324 x/op\nBenchmarkC 1 +Inf y\n", "BenchmarkA 1 1e-308 ns/op\nBenchmarkB 1 5e308 x/op\nBenchmarkC 1 2 y\n"}},
		{"markup", benchstat.Options{}, []string{"BenchmarkA/<script>alert(\"1\")</script>/\u202eabc 1 5 ns/<b>\n"}},
		{"long name", benchstat.Options{}, []string{"BenchmarkA/" + strings.Repeat("x", 10_000) + " 1 5 ns/op\nBenchmarkB 1 5 ns/op\n"}},
		{"many columns", benchstat.Options{Col: "/n", Row: ".name"}, []string{lines(4, 3, "A/n=1", "A/n=2", "A/n=3", "A/n=4", "A/n=5", "A/n=6", "A/n=7", "A/n=8", "A/n=9", "A/n=10", "A/n=11", "A/n=12", "A/n=13", "A/n=14")}},
		{"a file name wider than its columns", benchstat.Options{Col: ".file /n", Row: ".name"}, []string{lines(4, 3, "A/n=1", "A/n=2", "B/n=3", "A/n=4", "B/n=5", "A/n=6")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var files []benchstat.File
			var raw []string
			for i, text := range test.texts {
				name := fmt.Sprintf("file%d.txt", i)
				if strings.HasPrefix(test.name, "a file name") {
					name = strings.Repeat("long", 50) + ".txt"
				}
				files = append(files, benchstat.File{Name: name, Text: record.ReadText(name, []byte(text))})
				raw = append(raw, text)
			}
			got, err := benchstat.Text(test.o, files...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(command(t, test.o, files, raw), got); diff != "" {
				t.Errorf("not what the command prints (-command +ours):\n%s", diff)
			}
		})
	}
}

func TestOptionErrors(t *testing.T) {
	for _, o := range []benchstat.Options{{Filter: "("}, {Table: "@"}, {Row: "a@("}, {Col: ".unit"}, {Ignore: "a@("}} {
		if err := o.Check(); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}
