package sections

import (
	"fmt"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/source/sourcetest"
)

// Advice has the flags of the run, except those that it replaces.
func TestAdvise(t *testing.T) {
	b := newBuilder(report(t, "*"))
	const bench = "go run github.com/idlebench/idlebench/bench@"
	for _, test := range []struct{ args, commit, flags, want string }{
		{"", "", "-quick", bench + "latest run -quick"},
		{"run", "unknown", "-quick", bench + "latest run -quick"},
		{"run -cpus 0-3 -o x -seed 7", "abc", "-count 12", bench + "abc run -cpus 0-3 -count 12"},
		{"run -count 6 -impl=bitmap,channels", "abc+dirty", "-count 12", bench + "abc run -impl=bitmap,channels -count 12"},
		{"run -quick -workload wake -param gap=5us -park futex", "abc", "-workload poisson -param load=0.1 -param load=0.9", bench + "abc run -park futex -workload poisson -param load=0.1 -param load=0.9"},
		{"run -stages -profile cpu -profile cpu", "abc", "-workers 1,2", bench + "abc run -stages -profile cpu -workers 1,2"},
		{"compare -old a -new b", "abc", "-profile cpu", bench + "abc run -profile cpu"},
	} {
		in := &source.Input{Config: []record.Pair{{Key: "commit", Value: test.commit}}, Manifest: &record.Manifest{Args: strings.Fields(test.args)}}
		if got := strings.Join(b.advise([]*source.Input{in}, strings.Fields(test.flags)...), "\n"); got != test.want {
			t.Errorf("%q with %q: %s, want %s", test.args, test.flags, got, test.want)
		}
	}
}

// A program of another module is one that only its owner has.
func TestOwnProgram(t *testing.T) {
	for _, test := range []struct {
		module, impl string
		own          bool
	}{
		{"", "bitmap", false}, // which did not record its module yet
		{"", "mine", true},
		{module, "eventcount", false},
		{"example.org/mybench", "bitmap", true},
	} {
		in := &source.Input{Manifest: &record.Manifest{Module: test.module, Args: []string{"run", "-cpus", "0"}},
			Cells: []*source.Cell{{Role: record.Implementation, Parsed: &record.Cell{Impl: test.impl}}}}
		b := &builder{inputs: []*source.Input{in}}
		got := b.advise(b.inputs, "-count", "9")[0]
		if own := got == "go run . run -cpus 0 -count 9"; own != test.own {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

// Every command on the page can be typed outside the repository.
func TestCommandsWorkAnywhere(t *testing.T) {
	made(t, 2)
	walk(Document(report(t, "*", "run")), func(s page.Section, b page.Block) {
		var lines []string
		switch b := b.(type) {
		case page.Missing:
			lines = b.How
		case page.Commands:
			lines = b.Lines
		}
		for _, line := range lines {
			if !strings.HasPrefix(line, "go run "+module+"/") && !strings.HasPrefix(line, "go run golang.org/x/perf/cmd/benchstat@") &&
				!strings.HasPrefix(line, "go tool pprof ") && !strings.HasPrefix(line, "unzip ") {
				t.Errorf("section %s: %s", s.ID, line)
			}
		}
	})
}

// Where many launches are invalid, more rounds are not what is missing first.
func TestQuieterMachine(t *testing.T) {
	for _, test := range []struct {
		of      int // one launch of so many is valid
		quieter bool
	}{{1, false}, {3, true}} {
		t.Chdir(t.TempDir())
		n := 0
		err := sourcetest.Record("run", 3, func(l *record.Launch) error {
			if n++; n%test.of != 0 {
				l.Invalid = []string{"steal"}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var said []page.Missing
		walk(Document(report(t, "*", "run")), func(s page.Section, b page.Block) {
			if m, ok := b.(page.Missing); ok && strings.Contains(m.What, "too few valid rounds") {
				said = append(said, m)
			}
		})
		if len(said) == 0 {
			t.Fatalf("one of %d launches is valid: the page does not say that there are too few rounds", test.of)
		}
		for _, m := range said {
			quieter := strings.Contains(m.What, "Find a quieter machine first") && strings.Contains(m.How[0], " doctor")
			if quieter != test.quieter {
				t.Errorf("one of %d launches is valid: %s %q", test.of, m.What, m.How)
			}
			if last := m.How[len(m.How)-1]; !strings.Contains(last, " run -count ") || strings.Contains(last, "-count "+fmt.Sprint(3)+" ") {
				t.Errorf("it advises %s", last)
			}
		}
	}
}
