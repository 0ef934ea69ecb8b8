package workload

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/workloads.md")

const pageFile = "../../docs/workloads.md"

// docs/workloads.md says what the workloads say.
func TestPageIsCurrent(t *testing.T) {
	if *update {
		if err := os.WriteFile(pageFile, []byte(page()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(pageFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(page(), string(got)); diff != "" {
		t.Errorf("not current: go test ./loadgen/workload -run Page -update (-want +got):\n%s", diff)
	}
}

// page returns the reference of all workloads.
func page() string {
	var b strings.Builder
	fmt.Fprint(&b, `# Workloads

Written by `+"`go test ./loadgen/workload -run Page -update`"+` from [the workloads](../loadgen/workload); `+"`bench list`"+` prints the same.

`)
	for _, w := range All() {
		fmt.Fprintf(&b, "- [%s](#%s): %s\n", w.Name, w.Name, w.About)
	}
	for _, w := range All() {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n\n%s\n\nWho submits: %s\n\n", w.Name, capital(w.About), w.Doc, uncapital(w.Submits))
		facts := []string{fmt.Sprintf("Judged in `%s`", w.Primary)}
		if w.Primary == "" {
			facts[0] = "Reported, not judged"
		}
		if w.Workers > 0 {
			facts = append(facts, fmt.Sprintf("%d workers by default", w.Workers))
		} else {
			facts = append(facts, "as many workers by default as leave CPUs for the threads that submit")
		}
		if w.MinWorkers > 0 {
			facts = append(facts, fmt.Sprintf("it tells what it is meant to from %d CPUs on", w.Needs(defaults(w), 0)))
		}
		if w.Full {
			facts = append(facts, "in the full matrix only")
		}
		fmt.Fprintf(&b, "%s.\n", strings.Join(facts, "; "))
		if len(w.Params) == 0 {
			continue
		}
		fmt.Fprint(&b, "\n| parameter | what it is | default | in the default matrix | in the full matrix |\n|---|---|---|---|---|\n")
		for _, p := range w.Params {
			normal := p.Sweep
			if normal == nil {
				normal = []string{p.Default}
			}
			full := p.Full
			if full == nil {
				full = normal
			}
			if w.Full {
				normal = []string{"–"}
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", p.Name, p.About, p.Default, strings.Join(normal, ", "), strings.Join(full, ", "))
		}
	}
	return b.String()
}

func uncapital(s string) string { return strings.ToLower(s[:1]) + s[1:] }

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func defaults(w Workload) Values {
	v, err := w.Values(nil)
	if err != nil {
		panic(err)
	}
	return v
}

// What the page and bench list show of a workload is complete.
func TestPages(t *testing.T) {
	for _, w := range All() {
		if w.About == "" || w.Doc == "" || w.Submits == "" {
			t.Errorf("%s: something is missing in %+v", w.Name, w)
		}
		if w.Sample != "" && !strings.Contains(w.Doc, "sample") {
			t.Errorf("%s does not say what a latency sample is", w.Name)
		}
		for _, p := range w.Params {
			for _, v := range slices.Concat([]string{p.Default}, p.Sweep, p.Full) {
				if _, err := p.Parse(v); err != nil {
					t.Errorf("%s: %s=%s: %v", w.Name, p.Name, v, err)
				}
			}
		}
	}
}
