package scripts_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/internal/nearest"
)

// pages are those whose commands are run as they stand there.
var pages = []string{"README.md", "CONTRIBUTING.md", "docs/measuring.md", "docs/review.md"}

// A typed command stands in a page.
type typed struct {
	where  string
	line   string // without its comment
	begins bool   // a block of commands
}

// commands returns the lines of a page's sh blocks.
func commands(t *testing.T, page string) (all []typed) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", page))
	if err != nil {
		t.Fatal(err)
	}
	inside, begins := false, false
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			inside, begins = line == "```sh", true
		case inside:
			line, _, _ = strings.Cut(line, " #")
			if line = strings.TrimSpace(line); line != "" {
				all = append(all, typed{fmt.Sprintf("%s:%d", page, n), line, begins})
				begins = false
			}
		}
	}
	return all
}

// A desk is a clone in which what the pages say can be typed: it has both programs, and
// the runs and programs that the pages name as examples.
type desk struct{ dir string }

func newDesk(t *testing.T) desk {
	t.Helper()
	d := desk{newRepository(t).dir}
	d.must(t, "export '"+buildFlags+"'; "+commands(t, "docs/measuring.md")[0].line)
	// As in the pages, but short. Noise may make launches invalid, and runs this short
	// decide nothing: that is a status, but no mistake.
	const short = " -workload ping_pong -impl bitmap,mutexonly -park cond -workers 1 -time 1ms -warmup 0s "
	for _, folder := range []string{"mine -profile cpu", "20260101-000000", "20260102-000000", "A", "B"} {
		name, _, _ := strings.Cut(folder, " ")
		d.must(t, "bin/bench run -count 2"+short+"-o results/"+folder+" || test -e results/"+name+"/report.html")
	}
	d.must(t, "bin/bench compare -old bin/bench -new bin/bench -budget 1ms -o results/X-compare --"+short+"|| test -e results/X-compare/gate.json")
	d.must(t, "cp results/mine/bench.txt more.txt; for f in old new; do printf 'BenchmarkX-2 1 5 ns/op\nBenchmarkX-2 1 6 ns/op\n' > $f.txt; done; cp results/mine/profiles/*.pb.gz . && mv \"$(ls *.pb.gz | head -1)\" cpu.pb.gz; cp bin/bench A; cp bin/bench B")
	return d
}

func root(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// sh runs a line in a folder and returns what it printed.
func sh(dir, line string) (string, error) {
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (d desk) must(t *testing.T, line string) {
	t.Helper()
	if out, err := sh(d.dir, line); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
}

// What is measured as docs/measuring.md begins records its commit, and ends with a page.
func (d desk) checkRun(t *testing.T) {
	t.Helper()
	d.must(t, "test -s results/mine/report.html && grep -q \"^commit: $(git rev-parse HEAD)\" results/mine/bench.txt")
}

// Each command of the pages exists with its flags, and those that take no time do what
// they promise.
func TestPagesAsTyped(t *testing.T) {
	d := newDesk(t)
	d.checkRun(t)
	walked := outside(t)
	for _, page := range pages {
		for _, c := range commands(t, page) {
			if slices.Contains(walked[page], c.line) {
				continue // walks type it
			}
			t.Run(c.where, func(t *testing.T) { d.check(t, c.line) })
		}
	}
}

func (d desk) check(t *testing.T, line string) {
	words := strings.Fields(line)
	inRoot := func(line string) {
		t.Helper()
		if out, err := sh(root(t), line); err != nil {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	}
	here := func(line string) {
		t.Helper()
		d.must(t, line)
	}
	switch {
	case words[0] == "make":
		inRoot("make -n" + strings.TrimPrefix(line, "make"))
	case strings.HasPrefix(line, "bin/bench run"):
		here("bin/bench run -plan" + strings.TrimPrefix(line, "bin/bench run"))
	case strings.HasPrefix(line, "bin/bench compare"):
		selection := ""
		if i := slices.Index(words, "--"); i >= 0 {
			words, selection = words[:i], strings.Join(words[i+1:], " ")
		}
		here(strings.Join(words, " ") + " -h")
		here("bin/bench run " + strings.ReplaceAll(selection, " mine", " bitmap") + " -h")
	case strings.HasPrefix(line, "scripts/compare"):
		flags, selection, _ := strings.Cut(line, " -- ")
		here("bin/bench compare " + strings.Join(strings.Fields(flags)[2:], " ") + " -h")
		here("bin/bench run -plan " + selection)
		inRoot("scripts/compare -h")
	case strings.HasPrefix(line, "bin/report compare"):
		// What such short runs decide is left to chance. It is not wrong usage, which is 2.
		here(line + "; test $? -ne 2")
	case words[0] == "bin/bench", words[0] == "bin/report", line == "scripts/tune --dry-run" && runtime.GOOS == "linux":
		if strings.HasPrefix(line, "scripts") {
			inRoot(line)
			return
		}
		here(line)
		if i := slices.Index(words, "-o"); i >= 0 {
			here("test -s " + words[i+1])
		}
	case strings.HasPrefix(line, "go tool benchstat"):
		// go tool needs the module.
		inRoot(strings.ReplaceAll(line, "results/", d.dir+"/results/"))
	case strings.HasPrefix(line, "go test -bench"):
		inRoot("go list " + words[len(words)-1])
	default:
		t.Errorf("%q: nothing checks this; bin/bench and bin/report are checked, \"go run\" of them records no commit and makes no page", line)
	}
}

// The table of the page is small: it begins with what is compared, has the two that were
// asked for, and nothing that they cannot be compared with.
func TestBenchstatAsTyped(t *testing.T) {
	for _, c := range commands(t, "docs/measuring.md") {
		if !strings.HasPrefix(c.line, "go tool benchstat") {
			continue
		}
		out, err := sh(root(t), strings.ReplaceAll(c.line, "results/mine", "results/sample"))
		if err != nil {
			t.Fatalf("%s: %v\n%s", c.line, err, out)
		}
		lines := strings.Split(out, "\n")
		if lines[0] != ".name: PingPong" || !strings.Contains(lines[1], " bitmap ") || !strings.Contains(lines[1], " mutexonly ") {
			t.Errorf("%s prints\n%s", c.line, out)
		}
		for _, line := range lines {
			if n := len([]rune(line)); n > 100 || strings.Contains(line, "platform") {
				t.Errorf("%d characters: %s", n, line)
			}
		}
		return
	}
	t.Error("docs/measuring.md has no benchstat command")
}

var inline = regexp.MustCompile("`make ([a-z][a-z/-]*)|`go run (\\./[a-z/]+)")

// What the pages mention within a sentence exists too.
func TestPagesMention(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, m := range regexp.MustCompile(`(?m)^([a-z/ -]+):`).FindAllStringSubmatch(string(makefile), -1) {
		targets = append(targets, strings.Fields(m[1])...)
	}
	var all []string
	err = filepath.WalkDir("../docs", func(path string, e fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, page := range append(all, "../README.md", "../CONTRIBUTING.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range inline.FindAllStringSubmatch(string(text), -1) {
			seen++
			if m[1] != "" && !slices.Contains(targets, m[1]) {
				t.Errorf("%s: make %s: %s", page, m[1], nearest.Hint(m[1], targets))
			}
			if m[2] != "" {
				if files, _ := filepath.Glob(filepath.Join("..", m[2], "*.go")); files == nil {
					t.Errorf("%s: go run %s: there is no such program", page, m[2])
				}
			}
		}
	}
	if seen < 10 {
		t.Errorf("the pages mention %d commands", seen)
	}
}
