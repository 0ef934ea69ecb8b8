package sections

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/source/sourcetest"
)

// submitted is the page of a run with several submitters.
func submitted(t *testing.T, rounds int) page.Document {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := sourcetest.RecordCells("run", sourcetest.Submitted(), rounds, nil); err != nil {
		t.Fatal(err)
	}
	return Document(report(t, "*", "run"))
}

// tables returns the rows of the tables of a page, each as text, by ID.
func tables(d page.Document) map[string][]string {
	all := map[string][]string{}
	walk(d, func(_ page.Section, b page.Block) {
		if t, ok := b.(page.Table); ok {
			for _, row := range t.Rows {
				var cells []string
				for _, c := range row {
					cells = append(cells, strings.TrimSpace(strings.Join(append([]string{c.Text}, c.Notes...), " ")))
				}
				all[t.ID] = append(all[t.ID], strings.Join(cells, " | "))
			}
		}
	})
	return all
}

func TestWhoSubmits(t *testing.T) {
	d := submitted(t, 12)
	all := tables(d)
	if got := all["submitters"]; len(got) != 2 || !strings.HasPrefix(got[0], "wake | bitmap go-cond | 5.27\u00a0µs p50-ns/wake | 4.0") {
		t.Errorf("subjects that differ: %q", got)
	}
	if got := all["submitters-alike"]; len(got) != 4 || !strings.Contains(strings.Join(got, "\n"), "goroutine go") {
		t.Errorf("subjects that do not: %q", got)
	}
	said := ""
	walk(d, func(_ page.Section, b page.Block) {
		switch b := b.(type) {
		case page.List:
			said += strings.Join(b, "\n") + "\n"
		case page.Text:
			said += string(b) + "\n"
		}
	})
	for _, want := range []string{
		"Of 12 ratios to submitter=block, 2 differ by more than 10 %, 10 do not, 0 are inconclusive.",
		"wake, gap=200us, 1 worker: go-cond is better than futex with block and poll, and worse with spin (bitmap, mutexonly).",
		aboutParkers, "poll: a goroutine that the network poller wakes",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q", want)
		}
	}
}

// With one submitter everywhere nothing is compared, which the page says.
func TestOneSubmitter(t *testing.T) {
	d := Document(report(t, "*", made(t, 2)))
	found := false
	walk(d, func(_ page.Section, b page.Block) {
		m, ok := b.(page.Missing)
		found = found || ok && strings.Contains(m.What, "The effect of the submitter is not known")
	})
	if !found {
		t.Error("the page does not say that submitters are not compared")
	}
}

// The usual submitter is not in the heading of a scene, unless there are others.
func TestSubmitterInTitles(t *testing.T) {
	submitted(t, 1)
	b := newBuilder(report(t, "*", "run"))
	seen := map[string]bool{}
	for _, s := range b.scenes {
		seen[s.full] = true
	}
	for _, want := range []string{"yield many, futex, 1 worker", "wake, gap=200us, submitter=block, futex, 1 worker", "wake, gap=200us, submitter=spin, go-cond, 1 worker"} {
		if !seen[want] {
			t.Errorf("there is no scene %q among %v", want, seen)
		}
	}
}

// The names in comparisons of several parkers say whether workers are goroutines.
func TestGoInNames(t *testing.T) {
	submitted(t, 1)
	b := newBuilder(report(t, "*", "run"))
	names := map[string]bool{}
	for _, s := range b.scenes {
		for _, series := range s.series {
			names[series.name] = true
		}
	}
	for _, want := range []string{"bitmap", "mutexonly", "channels go-mailbox", "goroutine"} {
		if !names[want] {
			t.Errorf("there is no series %q among %v", want, names)
		}
	}
}

func TestReportedOnly(t *testing.T) {
	all := tables(submitted(t, 12))
	if got := all["reported"]; len(got) != 1 || !strings.Contains(got[0], "idle") || !strings.Contains(got[0], "reported, not judged | cost-ns/sec") {
		t.Errorf("reported: %q", got)
	}
	for _, id := range []string{"answers", "unresolved", "judged"} {
		for _, row := range all[id] {
			if strings.HasPrefix(row, "idle") {
				t.Errorf("table %s has %q", id, row)
			}
		}
	}
	for _, row := range all["beside"] {
		if strings.HasPrefix(row, "idle") {
			if !strings.Contains(row, "cost-ns/sec reported, not judged") {
				t.Errorf("beside: %q", row)
			}
			return
		}
	}
	t.Errorf("idle is not shown beside the others: %q", all["beside"])
}

// The parts of a cost are those that are known, and the rest is one part.
func TestSplit(t *testing.T) {
	d := submitted(t, 12)
	all := tables(d)
	// Scenes in which most is known are drawn: those whose submitter is a thread.
	if got := all["split-table"]; len(got) != 6 || !strings.HasPrefix(got[0], "bitmap, futex | 5.26\u00a0µs | 2.63\u00a0µs | 1.31\u00a0µs | 1.31\u00a0µs | 657\u00a0ns | 1.31\u00a0µs") {
		t.Errorf("split: %q", got)
	}
	row := ""
	for _, r := range all["split-table"] {
		if strings.HasPrefix(r, "bitmap, go-cond") {
			row = r
		}
	}
	if !strings.HasPrefix(row, "bitmap, go-cond | 10.5\u00a0µs | – | – | 2.63\u00a0µs") {
		t.Errorf("goroutines: %q", row)
	}
	if got := all["split-table-2"]; len(got) != 18 {
		t.Errorf("%d rows of all cells, want 18", len(got))
	}
	b := newBuilder(report(t, "*", "run"))
	for _, s := range b.byWorkload(func(s series) bool { return s.role == "implementation" }) {
		for _, series := range s.series {
			if series.cell.Parsed.Workload != "wake" {
				continue
			}
			sum := 0.0
			for _, part := range split(series.cell) {
				sum += part
			}
			if cost := median(series.cell.Values("cost-ns/task")); sum < 0.99*cost || sum > 1.01*cost {
				t.Errorf("%s: the parts add up to %v of %v", series.cell.Name, sum, cost)
			}
		}
	}
}

// Costs of older runs lack the submitter: they have an axis of their own and are
// never on that of newer ones.
func TestOlderCosts(t *testing.T) {
	t.Chdir(t.TempDir())
	for file, unit := range map[string]string{"old.txt": "cpu-ns/task", "new.txt": "cost-ns/task"} {
		var b strings.Builder
		for round := range 8 {
			for _, impl := range []string{"bitmap", "mutexonly"} {
				for workers := range 2 {
					fmt.Fprintf(&b, "BenchmarkWake/impl=%s/park=futex/workers=%d/gap=20us 100 %d ns/op %d p50-ns/wake %d p99-ns/wake %d %s\n", impl, workers+1, 900+round, 900+round, 5000, 100+round, unit)
				}
			}
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	const newer, older = "CPU time of everything the user pays for", "CPU time without the submitter (older runs)"
	for _, test := range []struct {
		inputs    []string
		has, lack string
	}{{[]string{"old.txt"}, older, newer}, {[]string{"new.txt"}, newer, older}, {[]string{"old.txt", "new.txt"}, newer, older}} {
		d := Document(report(t, "*", test.inputs...))
		figures, left := 0, false
		walk(d, func(_ page.Section, b page.Block) {
			if text, ok := b.(page.Text); ok {
				left = left || strings.Contains(string(text), "their CPU time lacks the submitter's")
			}
			f, ok := b.(page.Figure)
			if !ok || !strings.HasPrefix(f.ID, "pareto") && !strings.HasPrefix(f.ID, "workers") {
				return
			}
			figures++
			svg := string(f.SVG(640))
			if !strings.Contains(svg, test.has) || strings.Contains(svg, test.lack) {
				t.Errorf("%v: figure %s has %q: %t; has %q: %t", test.inputs, f.ID, test.has, strings.Contains(svg, test.has), test.lack, strings.Contains(svg, test.lack))
			}
			if len(test.inputs) > 1 && strings.HasPrefix(f.ID, "pareto") && strings.Contains(svg, ", old.txt") {
				t.Errorf("%v: figure %s has the older run", test.inputs, f.ID)
			}
		})
		if figures < 2 || left != (len(test.inputs) > 1) {
			t.Errorf("%v: %d figures; it says what is left out: %t", test.inputs, figures, left)
		}
	}
}
