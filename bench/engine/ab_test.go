package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/gate"
)

// A launched identifies a made-up launch: its side, cell and round.
type launched struct {
	new   bool
	cell  string
	round int
}

var (
	limits   = gate.Thresholds{Default: 0.05}
	oneSided = compare.Options{Margin: limits.Least(), OneSided: true}
)

// newTestAB is an A/B run whose launches take no time: value says what one
// measures. It returns a list that grows with each launch.
func newTestAB(t *testing.T, cells int, budget time.Duration, at []int, value func(launched) (float64, error)) (*AB, *[]launched) {
	t.Helper()
	schedule, err := compare.NewSchedule(familyError, compare.Pocock, at...)
	if err != nil {
		t.Fatal(err)
	}
	sequence, err := compare.NewSequence(schedule, compare.Old, oneSided, limits.Decided)
	if err != nil {
		t.Fatal(err)
	}
	plan := smallPlan(cells, at[len(at)-1])
	plan.Looks = schedule.Looks
	var all []launched
	now := time.Unix(0, 0)
	side := func(new bool) *Session {
		s := newSession(t, plan, nil)
		s.command = ABCommand
		s.measure = func(_ context.Context, r launch.Request) (record.Launch, error) {
			l := launched{new, r.Cell.Impl, r.Round}
			all = append(all, l)
			now = now.Add(time.Second)
			v, err := value(l)
			return record.Launch{Cell: r.Cell, Round: r.Round, N: 1, Start: now, Metrics: []record.Metric{{Value: v, Unit: "ns/op"}}}, err
		}
		return s
	}
	return &AB{
		Common: Common{Cells: plan.Cells}, Old: side(false), New: side(true),
		Course:   compare.Course{Schedule: schedule, Least: at[0], Budget: budget},
		newFirst: order.Sides(cells, plan.Rounds, plan.Seed), sequence: sequence, settled: limits.Decided,
		observe: func(Event) {}, decided: make(map[string]bool),
	}, &all
}

// noisy makes values with a spread of 1 %, the new ones of one cell larger by half.
func noisy(seed uint64) func(launched) (float64, error) {
	rng := rand.New(rand.NewPCG(seed, 0))
	return func(l launched) (float64, error) {
		v := 1000 * (1 + 0.01*rng.NormFloat64())
		if l.new && l.cell == "impl1" {
			v *= 1.5
		}
		return v, nil
	}
}

// Cells that differ much are decided at the first analysis, equal ones soon after. Then
// they are not launched any more.
func TestABStops(t *testing.T) {
	ab, all := newTestAB(t, 3, time.Hour, []int{12, 20, 40}, noisy(1))
	state, err := ab.run(t.Context())
	if err != nil || state != record.Decided {
		t.Fatalf("%s, %v", state, err)
	}
	if len(ab.decided) != 3 {
		t.Fatalf("decided: %v", ab.decided)
	}
	for _, c := range ab.Family.Comparisons {
		want := compare.Equivalent
		if c.New.Name == "Wake/impl=impl1/park=futex/workers=1" {
			want = compare.Worse
		}
		if c.Verdict != want {
			t.Errorf("%s: %s, want %s", c.Row, c.Verdict, want)
		}
	}
	if last := slices.MaxFunc(*all, func(a, b launched) int { return a.round - b.round }); last.round >= 20 {
		t.Errorf("it went on until round %d", last.round)
	}
	checkReplay(t, ab)
}

// checkReplay checks that the folders lead to the same result as the run itself.
func checkReplay(t *testing.T, ab *AB) {
	t.Helper()
	old, err := record.Read(ab.Old.Folder)
	if err != nil {
		t.Fatal(err)
	}
	new, err := record.Read(ab.New.Folder)
	if err != nil {
		t.Fatal(err)
	}
	old.State, new.State = record.Decided, record.Decided // Run would have closed them
	s, ok := compare.ScheduleOf(old, new)
	if !ok {
		t.Fatal("the folders do not name the interim analyses")
	}
	f, err := compare.Replay(s, compare.FromRuns(old, new), compare.Old, oneSided, limits.Decided)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ab.Family, f); diff != "" {
		t.Errorf("judged again by the folders, -run +folders:\n%s", diff)
	}
}

// A cell is measured until the gate has decided, and no longer: until it has regressed, or
// until a regression of 10 % is excluded, whether it is significantly worse or not.
func TestABAsksTheGate(t *testing.T) {
	value := func(l launched) (float64, error) {
		change, noise, seed := 1.045, 0.03, uint64(1)
		switch l.cell {
		case "impl1":
			change, noise, seed = 0.975, 0.06, seed+2
		case "impl2":
			change, noise, seed = 1, 0.3, seed+4
		}
		if l.new {
			seed++
		}
		// The noise is the same in whatever order the launches are.
		x := 1000 * (1 + noise*rand.New(rand.NewPCG(uint64(l.round), seed)).NormFloat64())
		if l.new {
			x *= change
		}
		return x, nil
	}
	at := []int{36, 48, 60}
	ab, all := newTestAB(t, 3, time.Hour, at, value)
	if state, err := ab.run(t.Context()); err != nil || state != record.Decided {
		t.Fatalf("%s, %v", state, err)
	}
	for i, want := range []struct {
		rounds  int
		verdict compare.Verdict
		status  gate.Status
	}{{36, compare.Worse, gate.Bounded}, {36, compare.Unresolved, gate.Within}, {60, compare.Unresolved, gate.Unresolved}} {
		c := ab.Family.Comparisons[i]
		rounds := 0
		for _, l := range *all {
			if strings.Contains(c.Row, l.cell) {
				rounds = max(rounds, l.round+1)
			}
		}
		if status := limits.Status(c); rounds != want.rounds || c.Verdict != want.verdict || status != want.status {
			t.Errorf("%s: %s and %s after %d rounds, want %s and %s after %d; %+v", c.Row, c.Verdict, status, rounds, want.verdict, want.status, want.rounds, c.Effect)
		}
	}
	checkReplay(t, ab)
}

// The same code passes, and says what it excludes; 10 % in one cell is a regression; a cell
// that one program cannot measure makes it invalid, whatever the others are.
func TestABDecides(t *testing.T) {
	for _, test := range []struct {
		name    string
		change  float64 // of one cell
		broken  bool    // another one
		outcome gate.Outcome
		why     string
	}{
		{"the same code", 1, false, gate.Pass, "a regression of 10 % or more is excluded in all 3 comparisons; "},
		{"10 % in one cell", 1.1, false, gate.Fail, "1 of 3 comparisons regressed"},
		{"a cell that breaks", 1, true, gate.Useless, "1 of 3 comparisons have no valid pair of launches"},
		{"both", 1.1, true, gate.Fail, "1 of 3 comparisons regressed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			schedule, _ := compare.GateSchedule(familyError, 3, 5)
			var at []int
			for _, l := range schedule.Looks {
				at = append(at, l.Rounds)
			}
			ab, _ := newTestAB(t, 3, time.Hour, at, func(l launched) (float64, error) {
				seed := uint64(10*l.round) + uint64(l.cell[len(l.cell)-1])<<20
				if l.new {
					seed++
				}
				x := 1000 * (1 + 0.03*rand.New(rand.NewPCG(seed, 3)).NormFloat64())
				switch {
				case l.new && l.cell == "impl1":
					x *= test.change
				case l.new && l.cell == "impl2" && test.broken:
					return 0, errors.New("it broke")
				}
				return x, nil
			})
			if state, err := ab.run(t.Context()); err != nil || state != record.Decided {
				t.Fatalf("%s, %v", state, err)
			}
			var planned []string
			for _, c := range ab.Cells {
				planned = append(planned, c.Name())
			}
			d := gate.Decide("old", "new", ab.Family, limits, planned)
			if d.Outcome != test.outcome || !strings.HasPrefix(d.Why, test.why) {
				t.Errorf("%s: %s; want %s: %s", d.Outcome, d.Why, test.outcome, test.why)
			}
			checkReplay(t, ab)
		})
	}
}

// Both programs launch a cell one directly after the other, in randomized order.
func TestABOrder(t *testing.T) {
	ab, all := newTestAB(t, 4, time.Hour, []int{12}, func(l launched) (float64, error) { return 1000, nil })
	if _, err := ab.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(*all) != 2*4*12 {
		t.Fatalf("%d launches", len(*all))
	}
	newFirst := make(map[bool]int)
	for i := 0; i < len(*all); i += 2 {
		a, b := (*all)[i], (*all)[i+1]
		if a.cell != b.cell || a.round != b.round || a.new == b.new {
			t.Errorf("%+v was followed by %+v", a, b)
		}
		cell := slices.IndexFunc(ab.Old.Plan.Cells, func(c record.Cell) bool { return c.Impl == a.cell })
		if a.new != ab.newFirst[a.round][cell] {
			t.Errorf("%+v was first", a)
		}
		newFirst[a.new]++
	}
	if len(newFirst) != 2 {
		t.Errorf("it was always the same side that went first: %v", newFirst)
	}
}

// A run whose budget is used up at the first look, where a verdict is first possible, ends a
// round later, with an analysis that has all that is left of the error rate.
func TestABBudget(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 0))
	ab, all := newTestAB(t, 2, time.Nanosecond, []int{12, 14, 40}, func(l launched) (float64, error) {
		return 1000 * (1 + rng.Float64()), nil
	})
	state, err := ab.run(t.Context())
	if err != nil || state != record.Decided {
		t.Fatalf("%s, %v", state, err)
	}
	if len(*all) != 2*2*13 {
		t.Errorf("%d launches, want those up to the first look and of a round more", len(*all))
	}
	if f := ab.Family; f.Look != 3 || f.Looks != 3 || f.Comparisons[0].Pairs != 13 {
		t.Errorf("it was judged at look %d of %d, with %d pairs", f.Look, f.Looks, f.Comparisons[0].Pairs)
	}
	checkReplay(t, ab)
	if len(ab.decided) != 0 || len(ab.Family.Comparisons) != 2 {
		t.Errorf("decided: %v of %d", ab.decided, len(ab.Family.Comparisons))
	}
}

// A cell that fails on one side has no pairs, and the other cells are measured all the
// same. A signal ends the run.
func TestABFailures(t *testing.T) {
	value := noisy(2)
	ab, _ := newTestAB(t, 2, time.Hour, []int{12}, func(l launched) (float64, error) {
		if l.new && l.cell == "impl0" {
			return 0, errors.New("it broke")
		}
		return value(l)
	})
	if state, err := ab.run(t.Context()); err != nil || state != record.Decided {
		t.Fatalf("%s, %v", state, err)
	}
	if ab.New.counts.Failed != 12 || ab.Old.counts.Failed != 0 {
		t.Errorf("%d and %d launches failed", ab.New.counts.Failed, ab.Old.counts.Failed)
	}
	if !ab.decided["Wake/impl=impl1/park=futex/workers=1"] || len(ab.decided) != 1 {
		t.Errorf("decided: %v", ab.decided)
	}

	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	ab, _ = newTestAB(t, 2, time.Hour, []int{12}, func(l launched) (float64, error) {
		if n++; n == 5 {
			cancel()
		}
		return 1000, nil
	})
	if state, err := ab.run(ctx); !errors.Is(err, ErrInterrupted) || state != record.Interrupted {
		t.Errorf("after a signal: %s, %v", state, err)
	}
}

// A sideChild is a launch of an A/B run that measures in slices.
type sideChild struct {
	request launch.Request
	new     bool
	value   float64
	log     *[]string
}

func (c sideChild) say(what string) { *c.log = append(*c.log, fmt.Sprint(what, " ", c.new)) }

func (c sideChild) Slice(context.Context, time.Duration, time.Duration) ([]string, error) {
	c.say("slice")
	return nil, nil
}

func (c sideChild) End(context.Context) (record.Launch, error) {
	c.say("end")
	l := fakeLaunch(c.request)
	l.Metrics[0].Value = c.value
	return l, nil
}

func (c sideChild) Kill() { c.say("kill") }

// If both programs know slices, a cell's launches with both are alive at the same time and
// have slices in an order that is random in each pass. The cell that is only measured in
// one piece is launched as before.
func TestABSlices(t *testing.T) {
	const passes, rounds = 3, 40
	value := noisy(3)
	ab, all := newTestAB(t, 2, time.Hour, []int{12, rounds}, value)
	ab.settled = func(compare.Comparison) bool { return false }
	var log []string
	for _, s := range []*Session{ab.Old, ab.New} {
		p := &s.Plan
		p.Time, p.Slices, p.Lead, p.Groups = passes*sliceTime, passes, sliceLead, [][]int{{1}}
		s.groups = p.GroupOf()
		s.begin = func(_ context.Context, r launch.Request) (child, error) {
			new := s == ab.New
			v, err := value(launched{new, r.Cell.Impl, r.Round})
			c := sideChild{r, new, v, &log}
			c.say("begin")
			return c, err
		}
	}
	var work time.Duration
	ab.observe = func(e Event) {
		switch e := e.(type) {
		case PhaseBegan:
			work += e.Work
		case StepDone:
			work -= e.Work
		}
	}
	if state, err := ab.run(t.Context()); err != nil || state != record.Decided {
		t.Fatalf("%s, %v", state, err)
	}
	if work != 0 {
		t.Errorf("%v of the announced work was not done", work)
	}
	if c := ab.Family.Comparisons[1]; c.Verdict != compare.Worse {
		t.Errorf("%s: %s", c.Row, c.Verdict)
	}
	for _, l := range *all {
		if l.cell != "impl0" {
			t.Errorf("%+v measured in one piece", l)
		}
	}
	if each := 2 + 2*passes + 2; len(*all) != 2*rounds || len(log) != each*rounds {
		t.Fatalf("%d whole launches and %d steps of others", len(*all), len(log))
	}
	for r := range rounds {
		steps := log[r*10:][:10]
		var first []string
		for i := 0; i < len(steps); i += 2 {
			a, b := strings.Fields(steps[i]), strings.Fields(steps[i+1])
			want := "slice"
			switch i {
			case 0:
				want = "begin"
			case 8:
				want = "end"
			}
			if a[0] != want || b[0] != want || a[1] == b[1] {
				t.Fatalf("round %d: %q", r, steps)
			}
			if want == "slice" {
				first = append(first, a[1])
			}
		}
		if steps[0] == "begin true" != ab.newFirst[r][1] {
			t.Errorf("round %d: %s", r, steps[0])
		}
		var want []string // the old side's place is 0
		for places := range order.Passes(2, ab.Old.Plan.Seed, r, 1) {
			if want = append(want, fmt.Sprint(places[0] == 1)); len(want) == passes {
				break
			}
		}
		if !slices.Equal(first, want) {
			t.Errorf("round %d: the new side was first in the passes: %q, want %q", r, first, want)
		}
	}
}
