package sections

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/simulate/machine"
)

// plantedTime is a simulated time: mutexonly crosses bitmap at 6 workers, at 9 with half
// of same_socket, and bitmap is proportional to the root of rmw.
func plantedTime(c record.Cell, seed int) float64 {
	c, v, err := simulated.Split(c)
	if err != nil {
		panic(err)
	}
	at, factor := 6.0, 1.0
	if v != nil && *v == (simulated.Variation{Constant: "same_socket", Percent: -50}) {
		at = 9
	}
	if v != nil && v.Constant == "rmw" {
		factor = math.Sqrt(v.Factor())
	}
	if c.Impl == "bitmap" {
		return 1000 * factor
	}
	return 1000 * math.Sqrt(float64(c.Workers)/at) * (1 + 0.01*float64(seed)) * factor
}

// madeSimulation records a simulated run in a folder.
func madeSimulation(t *testing.T, dir string) {
	t.Helper()
	m, err := machine.Load("epyc-rome")
	if err != nil {
		t.Fatal(err)
	}
	var cells, varied []record.Cell
	for _, impl := range []string{"bitmap", "mutexonly"} {
		for _, workers := range []int{2, 4, 8, 16} {
			c := record.Cell{Workload: "skynet", Impl: impl, Park: "futex", Workers: workers, Params: []record.Param{{Name: "depth", Value: "3"}}}
			cells = append(cells, c)
			for _, constant := range []string{"rmw", "same_socket"} {
				for _, percent := range []int{-50, 50} {
					varied = append(varied, simulated.Variation{Constant: constant, Percent: percent}.With(c))
				}
			}
		}
	}
	write := func(dir string, cells []record.Cell, rounds int, detailed bool) {
		plan := record.Plan{Cells: cells, Rounds: rounds, Seed: 1, Time: time.Millisecond}
		order := make([]int, len(cells))
		for i := range order {
			order[i] = i
		}
		for range rounds {
			plan.Order = append(plan.Order, order)
		}
		start := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
		w, err := record.Create(dir, record.Header{
			Start: start, Plan: plan, Command: "simulate", Units: append(record.Units(), record.SimulatedUnits()...),
			Config:  []record.Pair{{Key: record.SimulatedKey, Value: m.Name}, {Key: "cpu", Value: "simulated: Rome"}},
			Primary: map[string]string{"skynet": "ns/op"},
		})
		if err != nil {
			t.Fatal(err)
		}
		for round := range rounds {
			for i, c := range cells {
				l := record.Launch{Cell: c, Round: round, N: 10, Start: start, Metrics: []record.Metric{{Value: plantedTime(c, round), Unit: "ns/op"}}}
				for k, state := range simulatedStates {
					l.Metrics = append(l.Metrics, record.Metric{Value: float64(10 * (k + 1)), Unit: simulatedUnit(state)})
				}
				if detailed && round == 0 {
					d := simulated.Detail{Cell: c.Name(), To: 1_000_000, Lines: []simulated.Line{
						{Name: "bitmap.Idle.state, bitmap.Idle.searching", Lines: 1, Accesses: 9, Misses: 5, Waited: 3_000_000, Moved: 1_000_000, Searching: 1_000_000,
							Owners: &simulated.Owners{Submitter: 1, Workers: 3, Waited: 400_000}},
						{Name: "", Lines: 7, Accesses: 3, Misses: 2, Moved: 500_000}, // as a program wrote it that did not record the owners
					}}
					var trace *simulated.Trace
					if c.Workers == 8 {
						trace = simulated.NewTrace("made up", 9, 0, []simulated.Stretch{{CPU: 0, State: "running", To: 2000}, {CPU: 8, State: "stalled", From: 100, To: 3000}})
					}
					if l.Conditions, err = simulated.Write(dir, c, d, trace); err != nil {
						t.Fatal(err)
					}
				}
				if err := w.Append(l); err != nil {
					t.Fatalf("cell %d: %v", i, err)
				}
			}
		}
		if err := w.Close(record.Complete); err != nil {
			t.Fatal(err)
		}
	}
	write(dir, cells, 5, true)
	if err := os.WriteFile(filepath.Join(dir, simulated.MachineFile), m.Format(), 0o666); err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(dir, simulated.VariedDir), varied, 2, false)
}

// tableRows returns the rows of the tables with a caption, their cells and notes joined.
func tableRows(d page.Document, caption string) (rows []string) {
	var look func(blocks []page.Block)
	look = func(blocks []page.Block) {
		for _, block := range blocks {
			switch block := block.(type) {
			case page.Details:
				look(block.Blocks)
			case page.Table:
				if !strings.HasPrefix(block.Caption, caption) {
					continue
				}
				for _, row := range block.Rows {
					var words []string
					for i, c := range row {
						if len(row) == len(block.Columns) && block.Dense && i > 2 {
							words = append(words, block.Columns[i].Title)
						}
						words = append(words, c.Text)
						words = append(words, c.Notes...)
					}
					rows = append(rows, strings.ReplaceAll(strings.Join(words, "|"), "\u00a0", " "))
				}
			}
		}
	}
	for _, s := range d.Sections {
		look(s.Blocks)
	}
	return rows
}

// A page of a simulated run says what was planted.
func TestSimulated(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	madeSimulation(t, dir)
	d := Document(report(t, "*", dir))
	text := outline(d)
	for _, want := range []string{
		"Over simulated cores", "Over cores: skynet, futex", "Time of the workers' CPUs: skynet, futex, 16 workers",
		"Time spent on lines of memory: skynet, futex, 16 workers", "What CPUs did at first: skynet, futex, 8 workers, bitmap",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, not := range []string{"Verdicts", "bench run", "Validity"} {
		if strings.Contains(text, not) {
			t.Errorf("the page of a simulated run has %q", not)
		}
	}
	rows := func(caption string, want ...string) {
		t.Helper()
		got := tableRows(d, caption)
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", caption, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	rows("Crossings", "skynet, futex|mutexonly|bitmap|5.8|5.5 to 6.0|5.9 to 8.9")
	rows("Order at", "skynet, futex|16|bitmap|1 µs|first|–|–",
		"skynet, futex|16|mutexonly|1.67 µs|×1.67|×1.63 to ×1.70|×1.34 to ×1.64|same_socket-50%, rmw+50%")
	rows("Elasticities", "skynet, futex|bitmap|16|rmw|0.50|same_socket|0.00", "skynet, futex|mutexonly|16|rmw|0.50|same_socket|0.18")
	lines := tableRows(d, "Lines of memory")
	if len(lines) != 4 || lines[0] != "skynet, futex, 16 workers|bitmap|bitmap.Idle.state, searching|1|9|5|3 µs|1 µs|25 %|10 %|20 %|60 %" || !strings.HasSuffix(lines[1], "|other memory|7|3|2|0|500 ns|0 %|–|–|–") {
		t.Errorf("lines:\n%s", strings.Join(lines, "\n"))
	}
	var said []string
	for _, s := range d.Headline {
		said = append(said, s.Text)
	}
	head := strings.Join(said, "\n")
	for _, want := range []string{"with 16 workers, mutexonly is ×1.67 of bitmap", "1 crossing with every seed, 1 of them on every varied machine: for example, in skynet, futex mutexonly is ahead below about 5.8 workers", "a model and no measurement"} {
		if !strings.Contains(head, want) {
			t.Errorf("the head lacks %q:\n%s", want, head)
		}
	}
}

// Without varied machines it says what is missing and how to get it; a file of a detail
// that was edited is listed.
func TestSimulatedParts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	madeSimulation(t, dir)
	if err := os.RemoveAll(filepath.Join(dir, simulated.VariedDir)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, simulated.Dir, "skynet,impl=bitmap,park=futex,workers=16,depth=3.json")
	if err := os.WriteFile(file, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	r := report(t, "*", dir)
	if n := len(r.Source.NotUsed); n != 1 || !strings.Contains(r.Source.NotUsed[0].String(), "workers=16") {
		t.Errorf("not used: %v", r.Source.NotUsed)
	}
	text := outline(Document(r))
	if !strings.Contains(text, "bench simulate -machine epyc-rome -vary 50%") || !strings.Contains(text, "there are no varied machines") {
		t.Errorf("it does not say how to vary the machine")
	}
}
