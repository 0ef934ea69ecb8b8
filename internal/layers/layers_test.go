// Package layers holds the test of the direction of imports: measuring and reporting
// packages import the record and the statistics, not the other way round; and no
// measuring package links plotting code.
package layers

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

const module = "github.com/idlebench/idlebench/"

// above lists, for each room, the rooms that it must not import, directly.
var above = map[string]string{
	"impls":    "loadgen|record|stats|bench|report|verify|scripts",
	"loadgen":  "record|stats|bench|report|verify|scripts",
	"record":   "stats|bench|report|verify|scripts",
	"stats":    "bench|report|verify|scripts",
	"bench":    "report|verify|scripts",
	"report":   "bench|impls|verify|scripts",
	"explore":  "impls|loadgen|record|stats|bench|report|verify|scripts",
	"simulate": "impls|loadgen|record|stats|bench|report|verify|scripts",
}

func list(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

func TestImportsRunOneWay(t *testing.T) {
	for _, line := range list(t, "-f", `{{$p := .ImportPath}}{{range .Imports}}{{$p}} {{.}}{{"\n"}}{{end}}`, "./...") {
		from, to, ok := strings.Cut(strings.TrimSpace(line), " ")
		from, inside := strings.CutPrefix(from, module)
		to, ours := strings.CutPrefix(to, module)
		if !ok || !inside || !ours {
			continue
		}
		room, _, _ := strings.Cut(from, "/")
		if forbidden := above[room]; forbidden != "" && regexp.MustCompile(`^(`+forbidden+`)(/|$)`).MatchString(to) {
			t.Errorf("%s imports %s, which is above it", from, to)
		}
	}
}

// A reader of results needs no scheduler, no workload and no catalogue. What it
// takes from the folder of the load generator is two leaves: how sets of CPUs are written,
// and how Linux says what a container may use.
func TestReportLinksNoLoadGenerator(t *testing.T) {
	for _, p := range list(t, "-deps", "./report") {
		p, ours := strings.CutPrefix(p, module)
		room, _, _ := strings.Cut(p, "/")
		if ours && p != "loadgen/cpu" && p != "loadgen/cgroup" && (room == "loadgen" || room == "impls" || room == "bench") {
			t.Errorf("report links %s", p)
		}
	}
}

// The engine can be used without a command line: it declares no flags, and links nothing
// of the command line.
func TestEngineHasNoFlags(t *testing.T) {
	for _, line := range list(t, "-f", `{{range .Imports}}{{.}}{{"\n"}}{{end}}`, "./bench/engine") {
		switch line {
		case "flag", module + "internal/command", module + "bench/cli":
			t.Errorf("bench/engine imports %s", line)
		}
	}
	for _, p := range list(t, "-deps", "./bench/engine") {
		if p == module+"bench/cli" || p == module+"internal/command" {
			t.Errorf("bench/engine links %s", p)
		}
	}
}

// Every launch starts the program again, so what it links costs start-up time and
// memory each time: a plotting library with its fonts would be half of the program, and
// net/http, which a library may bring along unnoticed, a quarter.
func TestBenchLinksNoDeadWeight(t *testing.T) {
	heavy := regexp.MustCompile(`^(gonum\.org/v1/plot|codeberg\.org/go-(fonts|pdf|latex)|git\.sr\.ht/~sbinet/gg|github\.com/(ajstarks/svgo|golang/freetype)|golang\.org/x/image|image|net/http|crypto/tls)(/|$)`)
	for _, p := range list(t, "-deps", "./bench") {
		if heavy.MatchString(p) {
			t.Errorf("bench links %s", p)
		}
	}
}
