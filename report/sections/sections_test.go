package sections

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	recorded "github.com/idlebench/idlebench/record/profile"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/page/browser"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/source/sourcetest"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

var update = flag.Bool("update", false, "write the golden files")

// walk calls f with all blocks of a document, those in details too.
func walk(d page.Document, f func(section page.Section, b page.Block)) {
	var all func(s page.Section, blocks []page.Block)
	all = func(s page.Section, blocks []page.Block) {
		for _, b := range blocks {
			f(s, b)
			if details, ok := b.(page.Details); ok {
				all(s, details.Blocks)
			}
		}
	}
	for _, s := range d.Sections {
		all(s, s.Blocks)
	}
}

// outline is what is on a page, a line for each block.
func outline(d page.Document) string {
	var b strings.Builder
	for _, s := range d.Sections {
		fmt.Fprintf(&b, "# %s\n", s.Title)
		for _, block := range s.Blocks {
			line(&b, block, "")
		}
	}
	return b.String()
}

func line(b *strings.Builder, block page.Block, indent string) {
	switch block := block.(type) {
	case page.Heading:
		fmt.Fprintf(b, "## %s\n", block)
	case page.Note:
		fmt.Fprintf(b, "%s%s: %s\n", indent, block.Kind, block.Text)
	case page.Missing:
		fmt.Fprintf(b, "%smissing: %s [%s]\n", indent, block.What, strings.Join(block.How, "; "))
	case page.Table:
		fmt.Fprintf(b, "%stable %s: %s, %d x %d\n", indent, block.ID, block.Caption, len(block.Rows), len(block.Columns))
	case page.Figure:
		fmt.Fprintf(b, "%sfigure %s: %s\n", indent, block.ID, block.Title)
	case page.Details:
		fmt.Fprintf(b, "%sdetails: %s\n", indent, block.Summary)
		for _, inner := range block.Blocks {
			line(b, inner, indent+"  ")
		}
	default:
		fmt.Fprintf(b, "%s%T\n", indent, block)
	}
}

// Whatever is compared, no two rows of a table have the same name.
func TestRowsAreUnique(t *testing.T) {
	t.Chdir(t.TempDir())
	madeRun(t, "old", 8)
	madeRun(t, "new", 8)
	for _, test := range []struct {
		column string
		inputs []string
		want   string
	}{
		{".file", []string{"old", "new"}, "wake, gap=2ms, mutexonly, futex, 2 workers"},
		{"/park", []string{"old"}, "wake, gap=2ms, mutexonly, 2 workers"},
		{"/impl", []string{"old"}, "wake, gap=2ms, futex, 2 workers"},
	} {
		s, err := source.Open("", test.inputs...)
		if err != nil {
			t.Fatal(err)
		}
		d := Document(&format.Report{Source: s, Groups: verdict.Of(s, verdict.Options{Column: test.column})})
		answers, judged := map[string]bool{}, map[string]bool{}
		walk(d, func(_ page.Section, b page.Block) {
			table, ok := b.(page.Table)
			if !ok {
				return
			}
			for _, row := range table.Rows {
				seen, name := answers, row[0].Text
				switch table.ID {
				case "answers", "unresolved":
				case "judged":
					seen, name = judged, name+" against "+row[1].Text
				default:
					return
				}
				if seen[name] {
					t.Errorf("by %s, table %s: %s is there twice", test.column, table.ID, name)
				}
				seen[name] = true
			}
		})
		if !answers[test.want] {
			t.Errorf("by %s: there is no row %q among %v", test.column, test.want, answers)
		}
		if len(judged) == 0 {
			t.Errorf("by %s: nothing is judged", test.column)
		}
	}
}

// TestReport: the page has what it had before, with each kind of figure that there can
// be. The first figure of a kind says in two sentences how to read it, and the others
// where that is said; all can be filtered.
func TestReport(t *testing.T) {
	name, err := filepath.Abs(filepath.Join("testdata", "outline.txt"))
	if err != nil {
		t.Fatal(err)
	}
	d := Document(report(t, "*", made(t, 12)))
	got := outline(d)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got; go test -update writes it:\n%s", diff)
	}

	seen, said := map[string]bool{}, map[string]bool{}
	walk(d, func(s page.Section, b page.Block) {
		f, ok := b.(page.Figure)
		if !ok {
			return
		}
		id := strings.TrimRight(f.ID, "-0123456789")
		seen[id] = true
		if f.HowAt != "" {
			if !said[f.HowAt] || f.How != "" {
				t.Errorf("%s: how to read it is at %s, which does not say it before", f.ID, f.HowAt)
			}
		} else if n := strings.Count(f.How+" ", ". "); n != 2 {
			t.Errorf("%s: how to read it is %d sentences: %s", f.ID, n, f.How)
		}
		said[f.ID] = f.How != ""
		if f.Cell == "" || f.Desc == "" || len(f.Table.Rows) == 0 {
			t.Errorf("%s: cell %q, text alternative %q, %d rows of data", f.ID, f.Cell, f.Desc, len(f.Table.Rows))
		}
	})
	for _, id := range []string{"forest", "spectrum", "ecdf", "ccdf", "letters", "heat", "load", "gap", "pareto", "cpu", "cpu-icicle", "workers",
		"mutex-sites", "mutex-icicle", "mutex-difference", "block-sites", "block-icicle", "block-difference", "stages-of", "strip"} {
		if !seen[id] {
			t.Errorf("there is no figure %s", id)
		}
	}
}

// TestMissing: without data each section of a run says what is missing, and how to get
// it.
func TestMissing(t *testing.T) {
	t.Chdir(t.TempDir())
	madeRun(t, "run", 1)
	missing := map[string]bool{}
	walk(Document(report(t, ".name:FooBar", "run")), func(s page.Section, b page.Block) {
		if m, ok := b.(page.Missing); ok {
			missing[s.ID] = true
			if !strings.HasSuffix(m.What, ".") {
				t.Errorf("%s: %q is no sentence", s.ID, m.What)
			}
		}
	})
	for _, id := range []string{"latency", "cost", "scaling", "contention", "stages", "order"} {
		if !missing[id] {
			t.Errorf("section %s says nothing of what is missing", id)
		}
	}
}

// TestPlainFile: of a file that is no run the page shows what is there, and what is not
// in one list.
func TestPlainFile(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "bench.txt", "BenchmarkA 1 5 ns/op\nBenchmarkA 1 6 ns/op\n")
	d := Document(report(t, "*", "bench.txt"))
	var ids []string
	for _, s := range d.Sections {
		ids = append(ids, s.ID)
		for _, block := range s.Blocks {
			if m, ok := block.(page.Missing); ok {
				t.Errorf("section %s says by itself: %s", s.ID, m.What)
			}
		}
		if s.ID == "missing" {
			list := s.Blocks[0].(page.List)
			for _, what := range []string{"distributions", "CPU profile", "mutex profile", "stages", "Scaling", "self-test"} {
				if !slices.ContainsFunc(list, func(item string) bool { return strings.Contains(item, what) }) {
					t.Errorf("%s is not among what is missing: %q", what, list)
				}
			}
		}
	}
	if want := []string{"verdicts", "validity", "order", "missing", "reading", "method"}; !slices.Equal(ids, want) {
		t.Errorf("sections %q, want %q", ids, want)
	}
	if !slices.ContainsFunc(d.Sections[0].Blocks, func(b page.Block) bool { _, ok := b.(page.Output); return ok }) {
		t.Error("the tables of benchstat, which are all there is, are not open")
	}

	for _, inputs := range [][]string{nil, {"nothing"}} {
		r := report(t, "*", inputs...)
		d := Document(r)
		if err := page.Render(&bytes.Buffer{}, d); err != nil {
			t.Error(err)
		}
	}
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestNotUsed: what is not used is on the page.
func TestNotUsed(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "bench.txt", "BenchmarkA 1 5 ns/op\nBenchmarkA 1 xyz ns/op\n")
	var rows [][]page.Cell
	walk(Document(report(t, "*", "bench.txt", "nowhere")), func(_ page.Section, b page.Block) {
		if table, ok := b.(page.Table); ok && table.ID == "not-used" {
			rows = table.Rows
		}
	})
	if len(rows) != 2 || rows[0][0].Text != "bench.txt:2" || rows[1][0].Text != "nowhere" {
		t.Errorf("not used: %+v", rows)
	}
}

// TestLogs: an interval log that is given by itself is drawn.
func TestLogs(t *testing.T) {
	made(t, 1)
	logs, err := filepath.Glob("run/latency/*.hlog")
	if err != nil || len(logs) < 2 {
		t.Fatal(logs, err)
	}
	var figures []string
	walk(Document(report(t, "*", logs[:2]...)), func(_ page.Section, b page.Block) {
		if f, ok := b.(page.Figure); ok {
			figures = append(figures, f.ID)
		}
	})
	if want := []string{"logs", "logs-heat"}; !slices.Equal(figures, want) {
		t.Errorf("figures %q, want %q", figures, want)
	}
}

func TestSelftest(t *testing.T) {
	b := newBuilder(report(t, "*"))
	file := &evidence.SelftestResult{Outcome: evidence.Failed, Claims: []evidence.Claim{
		{Name: "A/A", Outcome: evidence.Passed, Text: "1 of 100"}, {Name: "families", Outcome: evidence.Failed, Text: "9 of 10"},
	}}
	blocks := b.selftest(&source.Input{Selftest: file})
	table, ok := blocks[0].(page.Table)
	if !ok || table.Caption != "Self-test: failed" || len(table.Rows) != 2 || table.Rows[0][1].Tone != page.Better || table.Rows[1][1].Tone != page.Worse {
		t.Errorf("the self-test is %+v", blocks)
	}
}

func TestWarnings(t *testing.T) {
	in := &source.Input{Config: []record.Pair{{Key: "pinned", Value: "no"}, {Key: "oversubscribed", Value: "yes, with workers=4"}, {Key: "clocksource", Value: "tsc"}, {Key: "virtualised", Value: "no"}}}
	got := warnings(in)
	if len(got) != 2 || !strings.Contains(got[0], "(oversubscribed: yes, with workers=4)") || !strings.Contains(got[1], "(pinned: no)") {
		t.Errorf("warnings %q", got)
	}
}

// TestPlacement: where threads ran is said, and what a quota did.
func TestPlacement(t *testing.T) {
	in := &source.Input{Name: "run", Config: []record.Pair{{Key: "cpu-quota-short", Value: "yes"}}}
	l := &source.Launch{Launch: record.Launch{Conditions: []record.Pair{
		{Key: "pinned", Value: "yes"}, {Key: "worker-cpus", Value: "0"}, {Key: "generator-cpu", Value: "1"}, {Key: "runtime-cpus", Value: "2"},
		{Key: "throttled-periods", Value: "9"}, {Key: "throttled", Value: "63ms"},
	}}}
	in.Launches = []*source.Launch{l}
	in.Cells = []*source.Cell{{Launches: in.Launches}}
	blocks := placed(in)
	if len(blocks) != 3 || blocks[0] != page.Text("Placement: Workers ran on CPU 0, the load generator on CPU 1, the housekeeping threads on CPU 2.") {
		t.Fatalf("the blocks are %+v", blocks)
	}
	for i, want := range []string{"The CPU quota was smaller", "A CPU quota stopped the threads of 1 of 1 launches, for a total of 63ms"} {
		if n, ok := blocks[i+1].(page.Note); !ok || n.Kind != page.Warning || !strings.HasPrefix(n.Text, want) {
			t.Errorf("warning %d is %+v, want %q", i, blocks[i+1], want)
		}
	}
	if blocks := placed(&source.Input{}); blocks != nil {
		t.Errorf("of nothing it says %+v", blocks)
	}
}

// TestWordsOfScenes: the filter finds what a figure is about. Floors with the parker
// futex stand in scenes of all parkers.
func TestWordsOfScenes(t *testing.T) {
	b := newBuilder(report(t, "*", made(t, 1)))
	found := 0
	for _, s := range b.scenes {
		has := strings.Contains(s.words(), "futex")
		if has != (s.cell.Park == "futex") {
			t.Errorf("%s: the words %q, futex among them: %v", s.title, s.words(), has)
		}
		if has {
			found++
		}
		if !strings.Contains(s.words(), "channels") {
			t.Errorf("%s: channels is not among %q", s.title, s.words())
		}
	}
	if found == 0 {
		t.Error("no scene has the parker futex")
	}
}

// What is significant is drawn, however many comparisons there are, and apart from the
// others.
func TestForests(t *testing.T) {
	var f compare.Family
	for i := range 100 {
		v := compare.Unresolved
		if i >= 97 {
			v = compare.Better
		}
		f.Comparisons = append(f.Comparisons, compare.Comparison{Judged: i != 99, Row: fmt.Sprint(i), Verdict: v, Effect: &compare.Effect{Ratio: 1, Interval: &compare.Interval{Lo: 0.5, Hi: 2}}})
	}
	b := newBuilder(report(t, "*"))
	rows := func(f forest) (n int) {
		if f.id() != "" {
			n = len(f.figure.Table.Rows)
		}
		return n
	}
	significant, open := b.forests(verdict.Group{Family: f})
	if rows(significant) != 2 || rows(open) != forestRows || open.left != 97-forestRows {
		t.Errorf("%d significant comparisons are drawn, and %d others, without %d; want 2, %d, %d", rows(significant), rows(open), open.left, forestRows, 97-forestRows)
	}
	for i := range f.Comparisons {
		f.Comparisons[i].Verdict = compare.Worse
	}
	if significant, open := b.forests(verdict.Group{Family: f}); rows(significant) != 99 || rows(open) != 0 || open.blocks(page.Table{}) != nil {
		t.Errorf("of 99 significant comparisons %d are drawn, and %d others", rows(significant), rows(open))
	}
	for i := range f.Comparisons {
		f.Comparisons[i].Effect = &compare.Effect{Ratio: 1}
	}
	if significant, open := b.forests(verdict.Group{Family: f}); rows(significant)+rows(open) != 0 {
		t.Error("ratios without any interval are drawn")
	}
}

// TestLoudest: the groups with the longest waits come first, and those with next to
// none have no figure.
func TestLoudest(t *testing.T) {
	t.Chdir(t.TempDir())
	madeRun(t, "run", 1)
	for _, p := range []struct {
		gap   string
		scale int64
		few   bool
	}{{"20us", 1, false}, {"2ms", 50, false}, {"1s", 5, true}} {
		for _, impl := range []string{"bitmap", "mutexonly"} {
			c := record.Cell{Workload: "wake", Impl: impl, Park: "cond", Workers: 1, Params: []record.Param{{Name: "gap", Value: p.gap}}}
			waits := int64(20)
			if p.few {
				waits = 2
			}
			madeProfileOf(t, "run", c, recorded.Mutex, p.scale, waits)
		}
	}
	var figures []string
	quiet := ""
	walk(Document(report(t, "*", "run")), func(s page.Section, b page.Block) {
		switch b := b.(type) {
		case page.Figure:
			if strings.HasPrefix(b.ID, "mutex-sites") {
				figures = append(figures, b.Title)
			}
		case page.Text:
			if strings.Contains(string(b), "fewer than 30 waits") {
				quiet = string(b)
			}
		}
	})
	if len(figures) != 2 || !strings.Contains(figures[0], "gap=2ms") || !strings.Contains(figures[1], "gap=20us") {
		t.Errorf("figures %q, want the one with the longest waits first", figures)
	}
	if !strings.Contains(quiet, "gap=1s") {
		t.Errorf("of the quiet ones it says %q", quiet)
	}
}

// TestBeside: parkers and references are shown side by side, as multiples of the
// floor's time. A quantile of so few samples that it is their maximum has a dagger
// wherever it is on the page, and the dagger is explained there.
func TestAtMax(t *testing.T) {
	t.Chdir(t.TempDir())
	err := sourcetest.Record("run", 12, func(l *record.Launch) error {
		if l.Cell.Workload == "wake" && l.Cell.Park == "futex" {
			l.Conditions = append(l.Conditions, record.Pair{Key: "samples", Value: "54"}) // of the others it has 200
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r := report(t, "*", "run")
	for i := range r.Source.Inputs { // judged by what is marked
		r.Source.Inputs[i].Run.Primary["wake"] = "p99-ns/wake"
		r.Source.Inputs[i].Primary["wake"] = "p99-ns/wake"
	}
	r.Groups = verdict.Of(r.Source, verdict.Options{})
	marked := map[string]int{}
	walk(Document(r), func(s page.Section, b page.Block) {
		switch b := b.(type) {
		case page.Table:
			for _, row := range b.Rows {
				text := ""
				for _, c := range row {
					text += c.Text + " "
				}
				switch futex := strings.Contains(text, "futex"); {
				case !strings.Contains(text, compare.Dagger):
				case b.ID == "quantiles" && !futex:
					t.Errorf("%s: %s", b.ID, text)
				default:
					marked[b.ID]++
				}
			}
			if b.ID == "quantiles" && !strings.Contains(b.Caption, "fewer than 100 for p99") {
				t.Errorf("the caption does not say why: %s", b.Caption)
			}
		case page.Text:
			if strings.Contains(string(b), compare.Dagger) {
				marked["text in "+s.ID]++
			}
		}
	})
	for _, where := range []string{"quantiles", "answers", "judged", "beside", "text in verdicts", "text in cost", "text in order"} {
		if marked[where] == 0 {
			t.Errorf("nothing is marked in %s; marked is %v", where, marked)
		}
	}
}

func TestBeside(t *testing.T) {
	b := newBuilder(report(t, "*", made(t, 12)))
	var table page.Table
	for _, block := range b.beside(b.inputs[0]) {
		if t, ok := block.(page.Table); ok {
			table = t
		}
	}
	var columns []string
	for _, c := range table.Columns {
		columns = append(columns, c.Title)
	}
	if want := []string{"workload", "bitmap cond", "bitmap futex", "mutexonly cond", "mutexonly futex", "channels mailbox", "floors"}; !slices.Equal(columns, want) {
		t.Fatalf("columns %q, want %q", columns, want)
	}
	// In the made-up run bitmap takes 1 with cond, 0.5 with futex, and the floor 0.3.
	for column, want := range map[int]string{1: "3.3× floor", 2: "1.7× floor"} {
		if notes := table.Rows[0][column].Notes; len(notes) != 2 || notes[1] != want || !strings.Contains(notes[0], "–") {
			t.Errorf("%s: %q, want an interval and %s", columns[column], notes, want)
		}
	}
}

func TestWakes(t *testing.T) {
	bar := func(a, b float64) plot.StackedBar { return plot.StackedBar{Parts: []float64{a, b}} }
	for _, test := range []struct {
		a, b  plot.StackedBar
		alike bool
	}{{bar(1, 0), bar(1, 0), true}, {bar(1, 0), bar(0.999, 0), true}, {bar(1, 0), bar(0.9, 0), false}, {bar(1, 0), bar(0.5, 0.5), false}, {bar(0, 0), bar(0, 0), true}, {bar(1e-5, 0), bar(2e-5, 0), false}} {
		if got := alike(test.a, test.b); got != test.alike {
			t.Errorf("%v and %v are alike: %v", test.a.Parts, test.b.Parts, got)
		}
	}
}

// TestSharedWarnings: what is true of all inputs is said once.
func TestSharedWarnings(t *testing.T) {
	one := &source.Input{Name: "a", Config: []record.Pair{{Key: "pinned", Value: "no"}, {Key: "oversubscribed", Value: "yes"}}}
	two := &source.Input{Name: "b", Config: []record.Pair{{Key: "pinned", Value: "no"}}}
	b := &builder{inputs: []*source.Input{one, two}, labels: map[*source.Input]string{one: "a", two: "b"}}
	blocks := b.warnings()
	if len(blocks) != 2 || !strings.HasPrefix(blocks[0].(page.Note).Text, "a: The machine was oversubscribed") || !strings.HasPrefix(blocks[1].(page.Note).Text, "Threads were not pinned") {
		t.Errorf("warnings %+v", blocks)
	}
}

func TestScenes(t *testing.T) {
	b := newBuilder(report(t, "*", made(t, 1)))
	var got []string
	for _, s := range b.scenes {
		var names []string
		for _, series := range s.series {
			names = append(names, series.name)
		}
		got = append(got, s.title+": "+strings.Join(names, " "))
	}
	want := []string{
		"wake, gap=20us, cond, 1 worker: bitmap mutexonly channels floor",
		"wake, gap=20us, cond, 2 workers: bitmap mutexonly channels floor",
		"wake, gap=2ms, cond, 1 worker: bitmap mutexonly channels floor",
		"wake, gap=2ms, cond, 2 workers: bitmap mutexonly channels floor",
		"poisson, load=0.1, cond: bitmap mutexonly channels",
		"poisson, load=0.9, cond: bitmap mutexonly channels",
		"wake, gap=20us, futex, 1 worker: bitmap mutexonly channels floor",
		"wake, gap=20us, futex, 2 workers: bitmap mutexonly channels floor",
		"wake, gap=2ms, futex, 1 worker: bitmap mutexonly channels floor",
		"wake, gap=2ms, futex, 2 workers: bitmap mutexonly channels floor",
		"poisson, load=0.1, futex: bitmap mutexonly channels",
		"poisson, load=0.9, futex: bitmap mutexonly channels",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestTwoFolders: series say which folder they are of.
func TestTwoFolders(t *testing.T) {
	t.Chdir(t.TempDir())
	madeRun(t, "old", 2)
	madeRun(t, "new", 2)
	r := report(t, "*", "old", "new")
	b := newBuilder(r)
	var names []string
	for _, s := range b.scenes[0].series {
		names = append(names, s.name)
	}
	if want := []string{"bitmap, old", "mutexonly, old", "bitmap, new", "mutexonly, new", "channels, old", "floor, old", "channels, new", "floor, new"}; !slices.Equal(names, want) {
		t.Errorf("series %q, want %q", names, want)
	}
	if err := HTML(&bytes.Buffer{}, r); err != nil {
		t.Error(err)
	}
}

func TestPick(t *testing.T) {
	var scenes []*scene
	for _, w := range []string{"a", "a", "a", "b", "b", "c"} {
		scenes = append(scenes, &scene{workload: w, title: fmt.Sprint(w, len(scenes))})
	}
	for n, want := range map[int]string{0: "", 1: "a0", 3: "a0 b3 c5", 5: "a0 a1 b3 b4 c5", 9: "a0 a1 a2 b3 b4 c5"} {
		var got []string
		for _, s := range pick(scenes, n) {
			got = append(got, s.title)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%d of them: %s, want %s", n, s, want)
		}
	}
}

func TestRepeat(t *testing.T) {
	const bench = "go run github.com/idlebench/idlebench/bench@0123456789ab "
	b := newBuilder(report(t, "*"))
	for args, want := range map[string]string{
		"":                                  "",
		"run":                               bench + "run -seed 7",
		"run -quick -o results/x -seed 9":   bench + "run -quick -seed 9",
		"run -o=results/x -param gap=50us":  bench + "run -param gap=50us -seed 7",
		"audit -impl a,b --o x -rounds=9":   bench + "audit -impl a,b -rounds=9 -seed 7",
		"selftest -cpus 0-1 --seed=3":       bench + "selftest -cpus 0-1 --seed=3",
		"run -profile cpu -workload a;b -o": bench + "run -profile cpu -workload 'a;b' -seed 7",
		"run -profile cpu -profile cpu":     bench + "run -profile cpu -seed 7",
	} {
		in := &source.Input{
			Config:   []record.Pair{{Key: "commit", Value: "0123456789ab+dirty"}},
			Manifest: &record.Manifest{Args: strings.Fields(args), Plan: record.Plan{Seed: 7}},
		}
		if got := b.repeat(in); got != want {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{"a/b-c_1.txt": "a/b-c_1.txt", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$(x)": "'$(x)'", "~": "'~'"} {
		if got := phrase.Shell(in); got != want {
			t.Errorf("Shell(%q) is %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{"p99.9-ns/wake": "p99.9 of the wake-up latency (ns)", "ns/op": "time (ns/op)", "cost-ns/task": "CPU time of everything the user pays for (ns/task)", "cpu-ns/sec": "CPU time without the submitter (older runs) (ns/sec)", "wakes/task": "wakes/task (wakes/task)", "max-ns/lag": "max of the latency per lag (ns)"} {
		if q := metric(in); q.Name+" ("+q.Unit+")" != want {
			t.Errorf("%s is %s (%s), want %s", in, q.Name, q.Unit, want)
		}
	}
	for v, want := range map[float64]string{0.98: "0.980", 1.02: "1.020", 0.00857: "0.0086", 87.21: "87", math.Inf(1): "+Inf"} {
		if got := factor(v).Text; got != want {
			t.Errorf("factor(%v) is %s, want %s", v, got, want)
		}
	}
}

func TestEstimate(t *testing.T) {
	values := []float64{5, 1, 3}
	if m, lo, hi := estimate(values); m != 3 || lo != 0 || hi != 0 {
		t.Errorf("of three values: %v from %v to %v, want 3 without an interval", m, lo, hi)
	}
	if values[0] != 5 {
		t.Error("the order of the launches is lost")
	}
	if m, lo, hi := estimate([]float64{1, 2, 3, 4, 5, 6, 7, 8}); m != 4.5 || lo < 1 || hi > 8 || lo >= hi {
		t.Errorf("of eight values: %v from %v to %v", m, lo, hi)
	}
	if m, _, _ := estimate(nil); !math.IsNaN(m) {
		t.Errorf("of nothing: %v", m)
	}
}

// A launch whose stages do not add up to what was recorded is reported, and not drawn.
func TestStagesAgree(t *testing.T) {
	t.Chdir(t.TempDir())
	launch := func(round int, impl, facts string, ns int) string {
		return fmt.Sprintf("# round=%d start=2026-11-23T08:00:0%dZ duration=1s %s\nBenchmarkWake/impl=%s/park=cond/workers=1/gap=20us 10 %d stage-lock-ns/wake\n", round, round, facts, impl, ns)
	}
	const yes, no = "stages-covered=0.9 stages-sum=1.01 stages-agree=yes", "stages-covered=0.3 stages-sum=0.5 stages-agree=no"
	for _, test := range []struct {
		text string
		bars []string // names with the mean
		rows []string // of the table: launches, left out, covered, sum
	}{
		{launch(0, "bitmap", yes, 100) + launch(1, "bitmap", no, 900) + launch(2, "bitmap", yes, 300) + launch(0, "mutexonly", no, 7),
			[]string{"bitmap, cond 200"}, []string{"3 1 90 % 101 %", "1 1 30 % 50 %"}},
		{launch(0, "bitmap", yes, 100), []string{"bitmap, cond 100"}, []string{"1 0 90 % 101 %"}},
		{launch(0, "bitmap", no, 100), nil, []string{"1 1 30 % 50 %"}},
		{launch(0, "bitmap", "gc=0", 100), []string{"bitmap, cond 100"}, []string{"1 0 – –"}},
	} {
		write(t, "bench.txt", test.text)
		var bars, rows []string
		warned := false
		walk(Document(report(t, "*", "bench.txt")), func(s page.Section, b page.Block) {
			if s.ID != "stages" {
				return
			}
			switch b := b.(type) {
			case page.Figure:
				for _, row := range b.Table.Rows {
					bars = append(bars, strings.Join(row, " "))
				}
			case page.Table:
				for _, row := range b.Rows {
					rows = append(rows, row[1].Text+" "+row[2].Text+" "+row[3].Text+" "+row[4].Text)
				}
			case page.Note:
				warned = warned || b.Kind == page.Warning
			}
		})
		if !slices.Equal(bars, test.bars) || !slices.Equal(rows, test.rows) {
			t.Errorf("%s\nbars %q, want %q; rows %q, want %q", test.text, bars, test.bars, rows, test.rows)
		}
		if warned != strings.Contains(test.text, "agree=no") {
			t.Errorf("%s\nwarned: %t", test.text, warned)
		}
	}
}

// hostile is a benchmark file with malicious names and values.
const hostile = "cpu: <b>&\x1b[31m\nUnit ns/op better=higher\nUnit ns/op better=lower\n" +
	"Benchmark<script>alert(1)</script>/impl=\"'>/park=\u202ex 1 5 ns/op\n" +
	"BenchmarkWake/impl=bitmap/park=cond/workers=1/gap=0s 1 NaN p50-ns/wake +Inf p99-ns/wake -1 cpu-ns/task\n" +
	"BenchmarkWake/impl=mutexonly/park=cond/workers=1/gap=0s 1 0 p50-ns/wake 5e-324 p99-ns/wake 1e308 cpu-ns/task\n" +
	"BenchmarkPoisson/impl=bitmap/park=cond/workers=1/load=x 1 1 p50-ns/task 0 offered-tasks/sec -5 achieved-tasks/sec NaN wakes/task 7 noop-wakes/wake\n"

func FuzzHTML(f *testing.F) {
	f.Add(hostile)
	f.Add(strings.ReplaceAll(hostile, "1 5 ns/op", "1 5 ns/op\n"+strings.Repeat("BenchmarkX/impl="+strings.Repeat("y", 10_000)+" 1 1 ns/op\n", 8)))
	f.Add("# round=0 start=2026-11-23T08:00:00Z invalid=a\n# BenchmarkWake/impl=bitmap/park=futex/workers=1/gap=200us 1 5 p50-ns/wake\n")
	f.Add("BenchmarkWake/impl=a/park=b/workers=1 1 5 stage-lock-ns/wake\nBenchmarkWake/impl=a/park=b/workers=2 1 6 stage-lock-ns/wake 3 p50-sec/wake\n")
	name := filepath.Join(f.TempDir(), "bench.txt")
	f.Fuzz(func(t *testing.T, text string) {
		write(t, name, text)
		var b bytes.Buffer
		if err := HTML(&b, report(t, "*", name)); err != nil {
			t.Error(err)
		}
		if strings.Contains(b.String(), "<script>alert") {
			t.Error("a name became markup")
		}
	})
}

// TestLarge: 100,000 lines make a page that a browser can open.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	t.Chdir(t.TempDir())
	var b strings.Builder
	for round := range 10 {
		for cell := range 5000 {
			for i, impl := range []string{"bitmap", "mutexonly"} {
				fmt.Fprintf(&b, "BenchmarkWake/impl=%s/park=cond/workers=1/gap=%dus 100 %d p50-ns/wake %d p99-ns/wake %d cpu-ns/task\n", impl, cell+1, 900+i*50+round, 5000+cell, 100+i)
			}
		}
	}
	write(t, "bench.txt", b.String())
	r := report(t, "*", "bench.txt")
	r.Benchstat = strings.Repeat("a line of a table of benchstat\n", 100_000)
	var html bytes.Buffer
	if err := HTML(&html, r); err != nil {
		t.Fatal(err)
	}
	if html.Len() > 10<<20 {
		t.Errorf("the page has %d bytes, want 10 MB at most", html.Len())
	}
}

// TestBrowser: nothing overlaps, is cut off or without size in a whole report.
func TestBrowser(t *testing.T) {
	tab := browser.Tab(t)
	watch, err := browser.NewWatch(tab)
	if err != nil {
		t.Fatal(err)
	}
	js, hasAxe := browser.Axe(t)
	made(t, 12)
	write(t, "hostile.txt", hostile)
	if err := errors.Join(sourcetest.Record("audited", 12, nil), sourcetest.Audit("audited", nil), sourcetest.RecordCells("many", manyOf(), 12, nil)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		inputs []string
		widths []int64
	}{{[]string{"many"}, []int64{1280, 400}}, {[]string{"run"}, []int64{1280, 400}}, {[]string{"audited"}, []int64{1280, 400}}, {[]string{"run", "hostile.txt"}, []int64{400}}} {
		inputs := test.inputs
		name, err := filepath.Abs("page.html")
		if err != nil {
			t.Fatal(err)
		}
		var html bytes.Buffer
		if err := HTML(&html, report(t, "*", inputs...)); err != nil {
			t.Fatal(err)
		}
		if html.Len() > 3<<20 {
			t.Errorf("%q: the page has %d bytes, want 3 MB at most", inputs, html.Len())
		}
		write(t, name, html.String())
		for _, width := range test.widths {
			if err := chromedp.Do(tab, browser.Look(width, 900, false), chromedp.Navigate("file://"+filepath.ToSlash(name))); err != nil {
				t.Fatal(err)
			}
			// Details are content, too.
			if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](`for (const d of document.querySelectorAll("details")) d.open = true`)); err != nil {
				t.Fatal(err)
			}
			problems, err := browser.Inspect(tab)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range append(problems, watch.Take()...) {
				t.Errorf("%q at %d: %s", inputs, width, p)
			}
			if width == 1280 && hasAxe {
				for _, v := range axe(t, tab, js) {
					t.Errorf("%q: %s", inputs, v)
				}
			}
			sections, err := chromedp.Run(tab, chromedp.Evaluate[int](`document.querySelectorAll("main > section").length`))
			want := 10 // a folder is among the inputs
			if len(inputs) == 1 {
				want++ // with an advice
			}
			if err != nil || sections != want {
				t.Errorf("%q: %d sections, want %d, %v", inputs, sections, want, err)
			}
		}
	}
}

// axe returns what axe-core finds in the page. Contrast, which takes it longest, is
// tested in package page.
func axe(t *testing.T, tab context.Context, js string) []string {
	t.Helper()
	if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](js)); err != nil {
		t.Fatal(err)
	}
	violations, err := chromedp.Run(tab, chromedp.Evaluate[[]string](`axe.run(document, { rules: { "color-contrast": { enabled: false } } })
		.then((r) => r.violations.map((v) => v.id + ": " + v.nodes[0].html.slice(0, 150)))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return violations
}
