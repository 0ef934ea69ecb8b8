package engine

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/record"
)

// rounds measures everything that is left, and forgets whether something was left out.
func (s *Session) rounds(ctx context.Context) error {
	_, err := s.stages(ctx)
	return err
}

// left returns about how long that takes if nothing is left out.
func (s *Session) left() time.Duration {
	return s.remaining(0, s.Plan.Rounds, everything(s.Plan), tally{})
}

// adaptivePlan has three managers under two workloads, a floor, and three stages.
func adaptivePlan(t *testing.T) record.Plan {
	t.Helper()
	p := record.Plan{Seed: 1, Rounds: 40, MaxLaunches: 400}
	for _, w := range []string{"wake", "poisson"} {
		for _, impl := range []string{"bitmap", "mutexonly", "channels"} {
			p.Cells = append(p.Cells, record.Cell{Workload: w, Impl: impl, Park: "cond", Workers: 1})
		}
	}
	p.Cells = append(p.Cells, record.Cell{Workload: "wake", Impl: "floor", Park: "futex", Workers: 1})
	for i, share := range []float64{0.4, 0.3, 0.3} {
		p.Looks = append(p.Looks, record.Look{Rounds: []int{12, 20, 40}[i], Share: share})
	}
	p.Order = order.Cells(p.Cells, p.Rounds, p.Seed)
	return p
}

// adaptive returns a session in which wake with mutexonly is 20 % slower, poisson with
// channels as fast as bitmap within a fraction of a percent, and the other two cannot be
// told apart from noise.
func adaptive(t *testing.T, p record.Plan) *Session {
	t.Helper()
	s := newSession(t, p, nil)
	at := time.Unix(0, 0)
	s.measure = func(_ context.Context, r launch.Request) (record.Launch, error) {
		at = at.Add(time.Second)
		value := 100.0
		switch name := r.Cell.Workload + " " + r.Cell.Impl; {
		case name == "wake mutexonly":
			value = 120 + 0.01*float64(r.Round%3)
		case name == "wake channels", name == "poisson mutexonly":
			value = 100 * (1 + 0.2*float64(1-2*(r.Round%2)))
		case name == "poisson channels":
			value = 100 + 0.01*float64(r.Round%2)
		}
		return record.Launch{Cell: r.Cell, Round: r.Round, N: 1, Start: at, Metrics: []record.Metric{{Value: value, Unit: "ns/op"}}}, nil
	}
	return s
}

// rounds of each cell, by "workload impl".
func roundsOf(t *testing.T, folder string) map[string]int {
	t.Helper()
	run, err := record.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	n := make(map[string]int)
	for _, l := range run.Recorded {
		name := l.Cell.Workload + " " + l.Cell.Impl
		if l.Round != n[name] {
			t.Errorf("%s: round %d after %d others", name, l.Round, n[name])
		}
		n[name]++
	}
	return n
}

// After a look only those cells go on whose comparison is open, and the baseline's.
func TestRoundsGoToWhatIsUndecided(t *testing.T) {
	for _, tt := range []struct {
		what  string
		most  int // launches
		want  map[string]int
		state record.State
	}{
		{"until the last look", 400, map[string]int{
			"wake bitmap": 40, "wake mutexonly": 12, "wake channels": 40,
			"poisson bitmap": 40, "poisson mutexonly": 40, "poisson channels": 12, "wake floor": 12,
		}, record.Decided},
		{"until a bound", 7*12 + 4*8, map[string]int{
			"wake bitmap": 20, "wake mutexonly": 12, "wake channels": 20,
			"poisson bitmap": 20, "poisson mutexonly": 20, "poisson channels": 12, "wake floor": 12,
		}, record.Decided},
		{"no further than the first look", 7*12 + 4*8 - 1, map[string]int{
			"wake bitmap": 12, "wake mutexonly": 12, "wake channels": 12,
			"poisson bitmap": 12, "poisson mutexonly": 12, "poisson channels": 12, "wake floor": 12,
		}, record.Decided},
	} {
		p := adaptivePlan(t)
		p.MaxLaunches = tt.most
		s := adaptive(t, p)
		state, err := s.Measure(t.Context())
		if err != nil || state != tt.state {
			t.Fatalf("%s: %s, %v, want %s", tt.what, state, err, tt.state)
		}
		if got := fmt.Sprint(roundsOf(t, s.Folder)); got != fmt.Sprint(tt.want) {
			t.Errorf("%s: %s, want %v", tt.what, got, tt.want)
		}
	}
}

// A run that was stopped anywhere and resumed makes the launches that it would have made
// without the stop, also after an interim analysis.
func TestAdaptiveRunIsResumed(t *testing.T) {
	p := adaptivePlan(t)
	whole := adaptive(t, p)
	if _, err := whole.Measure(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := sequence(t, whole.Folder)
	for _, stopAfter := range []int{5, 7 * 12, 7*12 + 9, len(want) - 1} {
		s := adaptive(t, p)
		ctx, cancel := context.WithCancel(t.Context())
		measure, n := s.measure, 0
		s.measure = func(ctx context.Context, r launch.Request) (record.Launch, error) {
			if n++; n > stopAfter {
				cancel()
			}
			return measure(ctx, r)
		}
		if _, err := s.Measure(ctx); stop(t, err).Reason != Interrupted {
			t.Fatal(err)
		}
		w, _, err := record.Resume(s.Folder, time.Unix(1000, 0))
		if err != nil {
			t.Fatal(err)
		}
		again := adaptive(t, p)
		if err := again.writer.Close(record.Interrupted); err != nil {
			t.Fatal(err)
		}
		again.writer, again.Folder = w, s.Folder
		if state, err := again.Measure(t.Context()); err != nil || state != record.Decided {
			t.Fatalf("%s, %v", state, err)
		}
		if got := sequence(t, s.Folder); !slices.Equal(got, want) {
			t.Errorf("stopped after %d launches: %d launches, want %d as without the stop", stopAfter, len(got), len(want))
		}
	}
}

// A run that judges is adaptive; its first look is where a verdict is possible.
func TestSchedule(t *testing.T) {
	e := Engine{Catalog: catalogue}
	p := record.Plan{Cells: cellsFor(t, false, 2), Rounds: Normal.Rounds, Warmup: Normal.Warmup, Time: Normal.Time}
	Slice(catalogue, &p, order.Groups(p.Cells))
	if err := e.Schedule(&p, true); err != nil {
		t.Fatal(err)
	}
	families := e.Families(p)
	first := p.Looks[0]
	if len(p.Looks) != len(growth) || first.Rounds < Normal.Rounds || p.Rounds != p.Looks[len(growth)-1].Rounds || len(p.Order) != p.Rounds {
		t.Errorf("looks %+v, %d rounds, an order of %d", p.Looks, p.Rounds, len(p.Order))
	}
	if least := 1 / float64(uint(1)<<(first.Rounds-2)); least > familyError*first.Share/float64(families[0].Comparisons) {
		t.Errorf("with a round less than %d nothing could be found at the first look", first.Rounds)
	}
	if p.MaxLaunches <= first.Rounds*len(p.Cells) {
		t.Errorf("%d launches leave nothing for what is undecided", p.MaxLaunches)
	}
	alone := record.Plan{Cells: cellsOf(t, "Wake/impl=bitmap/park=cond/workers=1/gap=1us"), Rounds: 3}
	if err := e.Schedule(&alone, true); err != nil || alone.Looks != nil || alone.Rounds != 3 {
		t.Errorf("nothing to judge: %+v, %v", alone, err)
	}
	fixed := record.Plan{Cells: p.Cells, Rounds: 5}
	if err := e.Schedule(&fixed, false); err != nil || fixed.Looks != nil || len(fixed.Order) != 5 {
		t.Errorf("a fixed number of rounds: %+v, %v", fixed.Looks, err)
	}
	if d := Estimate(p); d == 0 || d > 10*time.Minute {
		t.Errorf("a default run takes up to %v", d)
	}
}
