package fleet_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/job"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/report/fleet"
	"github.com/idlebench/idlebench/report/fleet/fleettest"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/page/browser"
)

var update = flag.Bool("update", false, "write the golden files")

// constant is a factor of mutexonly that is always the same.
func constant(x float64) func(workers, seed int) float64 {
	return func(int, int) float64 { return x }
}

func simulate(t *testing.T, into string, models ...fleettest.Model) {
	t.Helper()
	for _, m := range models {
		if m.Folder == "" {
			m.Folder = m.Name
		}
		if m.Seeds == 0 {
			m.Seeds = 3
		}
		if m.Factor == nil {
			m.Factor = constant(1)
		}
		if _, err := fleettest.Simulate(into, m); err != nil {
			t.Fatal(err)
		}
	}
}

// Simulated folders are no results of the job: those that are complete are shown, and the
// others say why not. None of them makes a machine used, lost or of another pack.
func TestCollectSimulated(t *testing.T) {
	dir := made(t, fleettest.Machine{Name: "real"})
	simulate(t, dir,
		fleettest.Model{Name: "milan", Workers: []int{2}},
		fleettest.Model{Name: "milan", Folder: "more", Workers: []int{4}},
		fleettest.Model{Name: "milan", Folder: "twice", Workers: []int{2}},
		fleettest.Model{Name: "rome", Folder: "killed", Workers: []int{2}, State: record.Interrupted},
		fleettest.Model{Name: "rome", Folder: "torn", Workers: []int{2}},
		fleettest.Model{Name: "rome", Folder: "varied", Workers: []int{2}, Params: []record.Param{{Name: simulated.Parameter, Value: "hit+50%"}}},
	)
	edit(t, filepath.Join(dir, "torn", record.BenchFile), "Benchmark", "Benchmarl")
	c, got := collected(t, fleet.Options{Expect: []string{"real"}}, dir)
	for name, want := range map[string]string{
		"real-pack": "used",
		"milan":     "simulated",
		"more":      "simulated",
		"twice":     "duplicated: it is a copy of ",
		"killed":    "half-written: its run is interrupted, with 6 launches",
		"torn":      "half-written: ",
		"varied":    "foreign: its cells are on varied machines",
	} {
		if !strings.HasPrefix(got[name], want) {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	if c.Pack != "pack" || len(c.Lost) != 0 || c.Complete() {
		t.Errorf("pack %q, lost %q, complete %v", c.Pack, c.Lost, c.Complete())
	}
	if want := "1 of 5 results used: the others are 2 half-written, 1 duplicated, 1 foreign."; c.Summary() != want {
		t.Errorf("%q, want %q", c.Summary(), want)
	}
	models, err := fleet.Models(c.Of(fleet.Simulated))
	if err != nil || len(models) != 2 || models[0].Name != "milan (milan)" || models[1].Name != "milan (more)" {
		t.Errorf("models %+v, %v", models, err)
	}
}

// A job that has a simulated run is no measured one.
func TestSimulatedJob(t *testing.T) {
	dir := t.TempDir()
	run := sample(t)
	if _, err := fleettest.Make(run, dir, fleettest.Machine{Name: "a", Pack: "pack", Facts: []record.Pair{{Key: record.SimulatedKey, Value: "rome"}, {Key: record.DigestKey, Value: "x"}}}); err != nil {
		t.Fatal(err)
	}
	if _, got := collected(t, fleet.Options{}, dir); got["a-pack"] != "simulated" {
		t.Errorf("%v", got)
	}
}

// fleetOf is a machine and three models. On the machine mutexonly takes 1.2 times as long as bitmap with
// one worker; on the first model too, with a crossing at more workers; on the second it is the other way
// round; the third has nothing to compare.
func fleetOf(t *testing.T) (dir string, c fleet.Collection, machines []fleet.Machine, models []fleet.Model) {
	t.Helper()
	dir = made(t, fleettest.Machine{Name: "real", Seed: 1}, fleettest.Machine{Name: "slow", Seed: 2, Speed: 9})
	simulate(t, dir,
		fleettest.Model{Name: "milan", Workers: []int{1, 8, 32, 64}, Factor: func(workers, seed int) float64 {
			switch workers {
			case 1:
				return 1.2
			case 8:
				return 1 + 0.005*float64(seed) // a tie
			case 32:
				return 1.1 - 0.1*float64(seed) // seeds that do not agree
			}
			return 0.5
		}},
		fleettest.Model{Name: "rome", Workers: []int{1}, Factor: constant(0.8), Commit: "older"},
		fleettest.Model{Name: "alone", Workers: []int{2}, Designs: []string{"bitmap"}},
	)
	if err := os.WriteFile(filepath.Join(dir, "milan", job.Page), []byte("<!DOCTYPE html>"), 0o666); err != nil {
		t.Fatal(err)
	}
	c, _ = collected(t, fleet.Options{}, dir)
	machines, err := fleet.Machines(c.Of(fleet.Used))
	if err != nil {
		t.Fatal(err)
	}
	if models, err = fleet.Models(c.Of(fleet.Simulated)); err != nil {
		t.Fatal(err)
	}
	return dir, c, machines, models
}

// What was planted is on the page: where a model agrees with the machines, where it is
// opposite, and which cells no machine has.
func TestBeside(t *testing.T) {
	dir, c, machines, models := fleetOf(t)
	for i := range c.Results { // golden files have no temporary folders
		c.Results[i].Folder = filepath.Base(c.Results[i].Folder)
	}
	var got bytes.Buffer
	if err := fleet.Text(&got, c, machines, models); err != nil {
		t.Fatal(err)
	}
	for _, s := range fleet.Document(c, machines, models, dir).Sections {
		if s.ID == "simulated" {
			got.WriteString("\n" + strings.ReplaceAll(outline(s), dir+string(filepath.Separator), ""))
		}
	}
	golden := filepath.Join("testdata", "simulated.txt")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("%s differs; -update writes it anew. Now:\n%s", golden, &got)
	}
}

// outline is what a section has, a line for each row of a table.
func outline(s page.Section) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n%s\n", s.Title, s.Lead)
	for _, block := range s.Blocks {
		switch block := block.(type) {
		case page.Table:
			fmt.Fprintf(&b, "%s:\n", block.Caption)
			for _, column := range block.Columns {
				fmt.Fprintf(&b, " | %s", column.Title)
			}
			b.WriteString("\n")
			for _, row := range block.Rows {
				for _, cell := range row {
					fmt.Fprintf(&b, " | %s %v %s%s", cell.Text, cell.Notes, cell.Tone, cell.Page)
				}
				b.WriteString("\n")
			}
		default:
			fmt.Fprintf(&b, "%v\n", block)
		}
	}
	return b.String()
}

// Models change nothing of what is said about the machines.
func TestModelsAreNotCounted(t *testing.T) {
	dir, c, machines, models := fleetOf(t)
	with, without := fleet.Document(c, machines, models, dir), fleet.Document(c, machines, nil, dir)
	var others []page.Section
	for _, s := range with.Sections {
		if s.ID != "simulated" {
			others = append(others, s)
		}
	}
	if len(others) != len(with.Sections)-1 || !reflect.DeepEqual(others, without.Sections) {
		t.Error("other sections than that of the models differ")
	}
	if with.Headline[0] != without.Headline[0] {
		t.Errorf("%v, want %v", with.Headline[0], without.Headline[0])
	}
}

// Models are shown without a machine, too.
func TestOnlySimulated(t *testing.T) {
	dir := t.TempDir()
	simulate(t, dir, fleettest.Model{Name: "milan", Workers: []int{2, 4}})
	c, _ := collected(t, fleet.Options{}, dir)
	models, err := fleet.Models(c.Of(fleet.Simulated))
	if err != nil {
		t.Fatal(err)
	}
	var html bytes.Buffer
	if err := page.Render(&html, fleet.Document(c, nil, models, dir)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Idle managers on 1 simulated machine", "Nothing was measured.", "2 comparisons, 2 of them on no machine"} {
		if !strings.Contains(html.String(), want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

// TestBrowser: nothing overlaps, is cut off or without size, and a click leads to the
// report of a model.
func TestBrowser(t *testing.T) {
	tab := browser.Tab(t)
	watch, err := browser.NewWatch(tab)
	if err != nil {
		t.Fatal(err)
	}
	dir, c, machines, models := fleetOf(t)
	var html bytes.Buffer
	if err := page.Render(&html, fleet.Document(c, machines, models, dir)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "fleet.html")
	if err := os.WriteFile(file, html.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	js, hasAxe := browser.Axe(t)
	for _, width := range []int64{1280, 400} {
		if err := chromedp.Do(tab, browser.Look(width, 900, false), chromedp.Navigate("file://"+filepath.ToSlash(file))); err != nil {
			t.Fatal(err)
		}
		problems, err := browser.Inspect(tab)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range append(problems, watch.Take()...) {
			t.Errorf("%d: %s", width, p)
		}
		if !hasAxe {
			continue
		}
		if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](js)); err != nil {
			t.Fatal(err)
		}
		violations, err := chromedp.Run(tab, chromedp.Evaluate[[]string](`axe.run(document).then((r) => r.violations.map((v) => v.id + ": " + v.nodes[0].html.slice(0, 150)))`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range violations {
			t.Errorf("%d: %s", width, v)
		}
	}
	// A click returns before the page that it leads to is there.
	loading, stop := context.WithTimeout(tab, time.Minute)
	defer stop()
	if _, err := chromedp.RunResponse(loading, chromedp.Click(chromedp.CSS(`#models-table a[href="milan/report.html"]`))); err != nil {
		t.Fatalf("a click on the report of a model: %v", err)
	}
	at, err := chromedp.Run(tab, chromedp.Evaluate[string](`location.href`))
	if err != nil || !strings.HasSuffix(at, "/milan/report.html") {
		t.Errorf("the click leads to %q, %v", at, err)
	}
}
