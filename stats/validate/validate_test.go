package validate

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/record"
)

// A planted cell has a value in each round of each side, in ns/op.
type planted struct {
	cell                record.Cell
	measured, simulated float64
	spread              float64    // part by which measured rounds differ
	wakes               [2]float64 // measured and simulated
	invalid, saturated  bool       // all measured launches
	without             string     // "measured" or "simulated": that side lacks the cell
}

const rounds = 12

// write writes both sides as result folders and reads them again.
func write(t *testing.T, all []planted) (measured, simulated record.Run) {
	t.Helper()
	dir := t.TempDir()
	side := func(name string, rounds int, config []record.Pair, launch func(p planted, round int) record.Launch) record.Run {
		var plan record.Plan
		var kept []planted
		for _, p := range all {
			if p.without != name {
				kept = append(kept, p)
				plan.Cells = append(plan.Cells, p.cell)
			}
		}
		plan.Rounds = rounds
		for range rounds {
			var order []int
			for i := range plan.Cells {
				order = append(order, i)
			}
			plan.Order = append(plan.Order, order)
		}
		folder := filepath.Join(dir, name)
		now := time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)
		w, err := record.Create(folder, record.Header{
			Start: now, Plan: plan, Config: config, Units: record.Units(),
			Primary: map[string]string{"skynet": "ns/op", "wake": "ns/op", "idle": ""},
		})
		if err != nil {
			t.Fatal(err)
		}
		for round := range rounds {
			for _, p := range kept {
				now = now.Add(time.Second)
				l := launch(p, round)
				l.Cell, l.Round, l.N, l.Start, l.Duration = p.cell, round, 1, now, time.Millisecond
				if err := w.Append(l); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Close(record.Complete); err != nil {
			t.Fatal(err)
		}
		run, err := record.Read(folder)
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
	measured = side("measured", rounds, []record.Pair{{Key: "commit", Value: "abc"}}, func(p planted, round int) record.Launch {
		up := 1 + p.spread*float64(round%3-1) // the median is the planted value
		l := record.Launch{Metrics: []record.Metric{{Value: p.measured * up, Unit: "ns/op"}, {Value: p.wakes[0], Unit: wakes}}}
		if p.invalid {
			l.Invalid = []string{"steal"}
		}
		if p.saturated {
			l.Conditions = []record.Pair{{Key: "saturated", Value: "yes"}}
		}
		return l
	})
	simulated = side("simulated", 3, []record.Pair{{Key: record.SimulatedKey, Value: "this"}, {Key: "commit", Value: "abc"}}, func(p planted, round int) record.Launch {
		up := 1 + 0.001*float64(round-1)
		return record.Launch{Metrics: []record.Metric{{Value: p.simulated * up, Unit: "ns/op"}, {Value: p.wakes[1], Unit: wakes}}}
	})
	return measured, simulated
}

// cells returns cells of a half, none of which is in a row with another.
func cells(heldOut bool, n int) (all []record.Cell) {
	for i := 0; len(all) < n; i++ {
		c := record.Cell{Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 1, Params: []record.Param{{Name: "gap", Value: fmt.Sprintf("%dus", i)}}}
		if HeldOut(c) == heldOut {
			all = append(all, c)
		}
	}
	return all
}

// good is a plan in which every target is met: cells of both halves, and a pair of
// designs and one of hosts that differ by 2.
func good() []planted {
	var all []planted
	for _, half := range []bool{true, false} {
		for i, c := range cells(half, 5) {
			e := 1 + 0.04*float64(i)
			all = append(all, planted{cell: c, measured: 100, simulated: 100 * e, spread: 0.01, wakes: [2]float64{0.4, 0.5}})
		}
	}
	skynet := record.Cell{Workload: "skynet", Impl: "bitmap", Park: "futex", Workers: 2, Params: []record.Param{{Name: "depth", Value: "3"}}}
	other, hosted := skynet, skynet
	other.Impl = "mutexonly"
	hosted.Params = append(slices.Clone(skynet.Params), record.Param{Name: "host", Value: "tokio"})
	return append(all,
		planted{cell: skynet, measured: 1000, simulated: 1050, spread: 0.01},
		planted{cell: other, measured: 2000, simulated: 2100, spread: 0.01},
		planted{cell: hosted, measured: 500, simulated: 510, spread: 0.01},
	)
}

func judged(t *testing.T, all []planted) Judgement {
	t.Helper()
	j, err := Judge(write(t, all))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal(j); err != nil {
		t.Error(err)
	}
	return j
}

// Which half a cell is in is fixed by its name, with the digest of any tool.
func TestHeldOut(t *testing.T) {
	for name, want := range map[string]bool{ // printf %s NAME | sha256sum
		"Wake/impl=bitmap/park=futex/workers=1/gap=200us":    false, // 46…
		"Wake/impl=bitmap/park=futex/workers=1/gap=20us":     false, // 8e…
		"Skynet/impl=bitmap/park=futex/workers=2/depth=3":    false, // 7c…
		"Skynet/impl=mutexonly/park=futex/workers=2/depth=3": true,  // e9…
	} {
		c, err := record.ParseName(name)
		if err != nil {
			t.Fatal(err)
		}
		if HeldOut(c) != want {
			t.Errorf("%s: held out is %v", name, !want)
		}
	}
}

func TestGood(t *testing.T) {
	j := judged(t, good())
	if !j.Met() || len(j.Targets) != 4 || len(j.NotJudged) != 0 || len(j.Warnings) != 0 || len(j.Cells) != 13 {
		t.Errorf("%+v", j)
	}
	if j.Machine != "this" || j.Launches != rounds || j.Seeds != 3 {
		t.Errorf("%s, %d launches, %d seeds", j.Machine, j.Launches, j.Seeds)
	}
	if n := j.HeldOut.Cells + j.Fitted.Cells; n != 13 || j.HeldOut.Cells < 5 || j.Fitted.Cells < 5 {
		t.Errorf("halves of %d and %d", j.HeldOut.Cells, j.Fitted.Cells)
	}
	// The spread of the rounds does not move a median.
	for _, c := range j.Cells {
		if c.Measured.Mid != 100 && c.Name[:4] == "Wake" || c.Measured.Low >= c.Measured.Mid || c.Measured.High <= c.Measured.Mid || c.Simulated.Low >= c.Simulated.High {
			t.Errorf("%+v", c)
		}
	}
	want := []string{"bitmap to mutexonly 2.00 right", "default to tokio 0.50 right"}
	var got []string
	for _, o := range j.Orders {
		got = append(got, fmt.Sprintf("%s to %s %.2f %s", o.Old, o.New, o.Measured, o.Verdict))
		if o.HeldOut { // only one of the two is
			t.Errorf("%+v is held out", o)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("orders %q, want %q", got, want)
	}
}

// Each target is missed for its own reason, and by no other.
func TestTargets(t *testing.T) {
	const medianTarget, worstTarget, orderTarget, wakesTarget = 0, 1, 2, 3
	last := len(good()) - 1
	for name, test := range map[string]struct {
		change func(all []planted)
		missed []int
	}{
		"all held out cells are 20 % too large": {func(all []planted) {
			for i := range 5 {
				all[i].simulated = 120
			}
			for i := 10; i <= last; i++ {
				all[i].simulated = all[i].measured * 1.2
			}
		}, []int{medianTarget}},
		"as much too small": {func(all []planted) {
			for i := range 5 {
				all[i].simulated = 100 / 1.2
			}
			for i := 10; i <= last; i++ {
				all[i].simulated = all[i].measured / 1.2
			}
		}, []int{medianTarget}},
		"one held out cell is far off": {func(all []planted) { all[2].simulated = 151 }, []int{worstTarget}},
		"one of the others is far off": {func(all []planted) { all[7].simulated = 151 }, nil},
		"a design in the wrong order": {func(all []planted) {
			all[last-2].measured, all[last-1].measured = 1400, 1050
			all[last-1].simulated = 1100
			all[last-2].simulated = 1050
		}, []int{orderTarget}},
		"a tie is not the right order": {func(all []planted) {
			all[last-2].measured, all[last-1].measured = 1000, 1400
			all[last-1].simulated = 1060
			all[last-2].simulated = 1050
		}, []int{orderTarget}},
		"a host in the wrong order":              {func(all []planted) { all[last].measured, all[last].simulated = 750, 1090 }, []int{orderTarget}},
		"too many wakes in one of the others":    {func(all []planted) { all[7].wakes[1] = 0.81 }, []int{wakesTarget}},
		"no simulated wake where there are some": {func(all []planted) { all[0].wakes[1] = 0 }, []int{wakesTarget}},
		"a difference too small to count":        {func(all []planted) { all[last-1].measured, all[last-1].simulated = 1250, 1000 }, nil},
		"a difference that is not certain":       {func(all []planted) { all[last-1].measured, all[last-1].spread, all[last-1].simulated = 1350, 0.9, 1000 }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			all := good()
			test.change(all)
			j := judged(t, all)
			var missed []int
			for i, target := range j.Targets {
				if target.Outcome != Met {
					missed = append(missed, i)
				}
			}
			if !slices.Equal(missed, test.missed) || j.Met() != (test.missed == nil) {
				t.Errorf("missed %v, want %v: %+v\n%+v", missed, test.missed, j.Targets, j.Orders)
			}
		})
	}
}

// Without a cell that is held out, or a pair that counts, nothing is decided.
func TestUndecided(t *testing.T) {
	j := judged(t, good()[5:10])
	var outcomes []Outcome
	for _, target := range j.Targets {
		outcomes = append(outcomes, target.Outcome)
	}
	if want := []Outcome{Undecided, Undecided, Undecided, Met}; !slices.Equal(outcomes, want) || j.Met() {
		t.Errorf("%v, want %v", outcomes, want)
	}
}

// What cannot be judged is listed, and counts nowhere.
func TestNotJudged(t *testing.T) {
	all := good()
	all[0].without = "measured"
	all[1].without = "simulated"
	all[2].invalid = true
	all[3].saturated = true
	all[4].simulated = 0
	all[4].measured = 1e6
	all = append(all,
		planted{cell: record.Cell{Workload: "idle", Impl: "bitmap", Park: "futex", Workers: 1}, measured: 1, simulated: 9},
		planted{cell: record.Cell{Workload: "wake", Impl: "floor", Park: "futex", Workers: 1}, measured: 1, simulated: 9}, // no idle manager
	)
	j := judged(t, all)
	var got []string
	for _, n := range j.NotJudged {
		got = append(got, n.Reason)
	}
	slices.Sort(got)
	want := []string{
		"12 of 12 measured launches did not sustain the offered load", "it was not measured", "it was not simulated",
		"its workload is not judged in any unit", "none of 12 measured launches is valid", "there is no ratio of 0 and 1e+06 ns/op",
	}
	if !slices.Equal(got, want) || len(j.Cells) != 8 {
		t.Errorf("%d cells, not judged %q\nwant %q", len(j.Cells), got, want)
	}
}

// Runs of the wrong kind are refused, and what makes them differ is said.
func TestRefusedAndWarned(t *testing.T) {
	measured, simulated := write(t, good())
	for _, test := range []struct {
		a, b record.Run
		want string
	}{
		{simulated, simulated, "the measured run was simulated, on this"},
		{measured, measured, "the simulated run was measured"},
	} {
		if _, err := Judge(test.a, test.b); err == nil || err.Error() != test.want {
			t.Errorf("%v, want %q", err, test.want)
		}
	}
	empty := measured
	empty.Recorded = nil
	if _, err := Judge(empty, simulated); err == nil || !strings.Contains(err.Error(), "no cell was both") {
		t.Errorf("without launches: %v", err)
	}
	partial := measured
	partial.State = record.Interrupted
	partial.Failures = []record.Failure{{Cell: measured.Plan.Cells[0], Error: errors.New("it hung").Error()}}
	partial.Config = []record.Pair{{Key: "commit", Value: "def"}}
	j, err := Judge(partial, simulated)
	if err != nil || len(j.Warnings) != 3 || !strings.Contains(j.Warnings[2], "def") {
		t.Errorf("%q, %v", j.Warnings, err)
	}
}

func TestText(t *testing.T) {
	two := 2.5
	j := Judgement{
		Machine: "this", Launches: 14, Seeds: 1,
		Targets: []Target{{"first", "12.0 %", Met}, {"second", "2 times", Missed}},
		HeldOut: Half{Cells: 2, Median: 1.12, Worst: 1.5, Orders: 1, Wakes: 2, WakesWithin: 1},
		Cells: []Cell{
			{Name: "A", HeldOut: true, Unit: "ns/op", Measured: Band{Mid: 100}, Simulated: Band{Mid: 112}, Error: 1.12},
			{Name: "B", Unit: "ns/op", Measured: Band{Mid: 1234567}, Simulated: Band{Mid: 0.012}, Error: 1.5, Wakes: &Wakes{0.2, 0.5, &two}},
		},
		Orders:    []Order{{Row: "R", Old: "x", New: "y", Measured: 2, Lo: 1.9, Hi: 2.1, Simulated: Band{0.4, 0.5, 0.6}, Verdict: Reversed}},
		NotJudged: []NotJudged{{"C", "it was not measured"}},
		Warnings:  []string{"careful"},
	}
	var b strings.Builder
	if err := j.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	const want = `2 cells measured with 14 launches, and simulated on this with 1 seed

              cells  median error  worst       orders right  wakes/task within 2
  held out    2      12.0 %        1.50 times  0 of 1        1 of 2
  the others  0      –             –           –             –

Targets
  met        first: 12.0 %
  missed     second: 2 times

Orders, where the measured ratio is certain and beyond 1.3
            measured  95 %        simulated  over seeds  ratio   of
  reversed  2         1.9 to 2.1  0.5        0.4 to 0.6  y to x  R

Cells, the worst first; wakes are wakes/task
  error  half      measured  simulated  unit   wakes  simulated  cell
  1.50   other     1234567   0.012      ns/op  0.2    0.5 !      B
  1.12   held out  100       112        ns/op  –      –          A

Not judged
  C: it was not measured

Warnings
  careful
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
