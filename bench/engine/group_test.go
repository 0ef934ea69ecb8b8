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
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
)

// A stage has children that take no time, and a record of what they did.
type stage struct {
	log   []string       // "begin impl0", "slice impl0", "whole impl0", "end impl0", "kill impl0"
	led   []string       // implementations whose slice had the longer lead
	alive map[string]int // children by implementation

	// slice says which limits the next slice of a child exceeds, or how it fails.
	slice func(impl string) ([]string, error)
	begin func(impl string) error
	whole func(impl string) ([]string, error)
	end   func(impl string) error
}

// A fakeChild is a child on a stage.
type fakeChild struct {
	stage   *stage
	request launch.Request
	kept    int
}

func (s *stage) say(what, impl string) { s.log = append(s.log, what+" "+impl) }

func (c *fakeChild) Slice(_ context.Context, lead, length time.Duration) ([]string, error) {
	impl := c.request.Cell.Impl
	if lead == sliceLead+leadIn(sliceTime) {
		c.stage.led = append(c.stage.led, impl)
		lead = sliceLead
	}
	if lead != sliceLead || length != sliceTime || c.stage.alive[impl] != 1 {
		return nil, fmt.Errorf("a slice of %v after %v, with %d children", length, lead, c.stage.alive[impl])
	}
	c.stage.say("slice", impl)
	if c.stage.slice == nil {
		c.kept++
		return nil, nil
	}
	exceeded, err := c.stage.slice(impl)
	if err == nil && exceeded == nil {
		c.kept++
	}
	return exceeded, err
}

func (c *fakeChild) End(context.Context) (record.Launch, error) {
	impl := c.request.Cell.Impl
	c.stage.say("end", impl)
	if c.stage.end != nil {
		if err := c.stage.end(impl); err != nil {
			return record.Launch{}, err
		}
	}
	c.stage.alive[impl]--
	l := fakeLaunch(c.request)
	l.Conditions = []record.Pair{{Key: "slices", Value: fmt.Sprint(c.kept)}}
	return l, nil
}

func (c *fakeChild) Kill() {
	c.stage.say("kill", c.request.Cell.Impl)
	c.stage.alive[c.request.Cell.Impl]--
}

func fakeLaunch(r launch.Request) record.Launch {
	return record.Launch{Cell: r.Cell, Round: r.Round, N: 1, Start: time.Unix(1, 0), Metrics: []record.Metric{{Value: 1, Unit: "ns/op"}}}
}

// perform returns a session whose children are on the stage.
func (s *stage) perform(t *testing.T, plan record.Plan) *Session {
	t.Helper()
	session := newSession(t, plan, nil)
	s.direct(session)
	return session
}

func (s *stage) direct(session *Session) {
	s.alive = make(map[string]int)
	session.begin = func(_ context.Context, r launch.Request) (child, error) {
		impl := r.Cell.Impl
		if s.begin != nil {
			if err := s.begin(impl); err != nil {
				return nil, err
			}
		}
		s.say("begin", impl)
		s.alive[impl]++
		return &fakeChild{s, r, 0}, nil
	}
	session.measure = func(_ context.Context, r launch.Request) (record.Launch, error) {
		s.say("whole", r.Cell.Impl)
		l := fakeLaunch(r)
		var err error
		if s.whole != nil {
			l.Invalid, err = s.whole(r.Cell.Impl)
		}
		return l, err
	}
}

// slicedPlan is a plan of one group.
func slicedPlan(cells, rounds, number int) record.Plan {
	p := smallPlan(cells, rounds)
	p.Time, p.Slices, p.Lead = time.Duration(number)*sliceTime, number, sliceLead
	p.Groups = order.Groups(p.Cells)
	return p
}

// of returns the entries of the log that begin with a word, without it.
func (s *stage) of(word string) (impls []string) {
	for _, entry := range s.log {
		if impl, ok := strings.CutPrefix(entry, word+" "); ok {
			impls = append(impls, impl)
		}
	}
	return impls
}

// The launches of a group all begin before the first slice, have one slice in each pass,
// in the order of the passes, and end after the last.
func TestGroup(t *testing.T) {
	plan := slicedPlan(3, 2, 4)
	s := &stage{}
	session := s.perform(t, plan)
	if err := session.rounds(t.Context()); err != nil {
		t.Fatal(err)
	}
	var want, led []string
	for round, cells := range plan.Order {
		for _, i := range cells {
			want = append(want, fmt.Sprint("begin impl", i))
		}
		pass := 0
		for order := range order.Passes(3, plan.Seed, round, 0) {
			if pass++; pass > 4 {
				break
			}
			led = append(led, fmt.Sprint("impl", order[0]))
			for _, place := range order {
				want = append(want, fmt.Sprint("slice impl", place))
			}
		}
		for _, i := range cells {
			want = append(want, fmt.Sprint("end impl", i))
		}
	}
	if diff := cmp.Diff(want, s.log); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(led, s.led); diff != "" {
		t.Errorf("the first of each pass has a longer lead: %s", diff)
	}
	if n := len(sequence(t, session.Folder)); n != 6 {
		t.Errorf("%d launches are recorded, want 6", n)
	}
	if diff := cmp.Diff(Counts{Launches: 6}, session.counts); diff != "" {
		t.Error(diff)
	}
}

// A slice that was disturbed is repeated after the planned ones, within bounds. What
// counts is how many are left in the end.
func TestSlicesAreRepeated(t *testing.T) {
	for _, tt := range []struct {
		what  string
		slice map[string]int // how many slices of each implementation are disturbed, from its first on
		want  []string
		total int // slices
		empty int
	}{
		{"none", nil, []string{"impl0", "impl1"}, 12, 0},
		{"some", map[string]int{"impl0": 2, "impl1": 1}, []string{"impl0", "impl1"}, 15, 0},
		{"more than are repeated", map[string]int{"impl0": 7}, []string{"impl0", "impl1"}, 17, 0},
		{"few are left", map[string]int{"impl0": 9}, []string{"impl0 0 migrations,steal", "impl1"}, 17, 1},
		{"all", map[string]int{"impl0": 100, "impl1": 100}, []string{"impl0 0 migrations,steal", "impl1 0 migrations,steal"}, 17, 2},
	} {
		t.Run(tt.what, func(t *testing.T) {
			taken := make(map[string]int)
			s := &stage{slice: func(impl string) ([]string, error) {
				if taken[impl]++; taken[impl] <= tt.slice[impl] {
					return []string{"migrations", "steal"}[taken[impl]%2:], nil // both, or the second
				}
				return nil, nil
			}}
			session := s.perform(t, slicedPlan(2, 1, 6))
			if err := session.rounds(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := sequence(t, session.Folder)
			for i := range got {
				got[i] = strings.TrimPrefix(got[i], "0 ")
			}
			slices.Sort(got)
			for i := range got { // which limit came first depends on nothing that matters
				got[i] = strings.Replace(got[i], "steal,migrations", "migrations,steal", 1)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if n := len(s.of("slice")); n != tt.total {
				t.Errorf("%d slices, want %d", n, tt.total)
			}
			if session.counts.Empty != tt.empty {
				t.Errorf("%d empty slots, want %d", session.counts.Empty, tt.empty)
			}
			// Invalid launches in slices are not repeated as a whole, in a resumed run neither.
			s.log = nil
			if d := session.left(); d != 0 {
				t.Errorf("%v left", d)
			}
			if err := session.rounds(t.Context()); err != nil || len(s.log) > 0 {
				t.Errorf("again: %v, %v", err, s.log)
			}
		})
	}
}

// A child that fails, whenever it does, costs its own cell only.
func TestChildFails(t *testing.T) {
	broken := errors.New("hung")
	fail := func(impl string) error {
		if impl == "impl1" {
			return broken
		}
		return nil
	}
	n := 0
	for what, s := range map[string]*stage{
		"begin": {begin: fail},
		"end":   {end: fail},
		"slice": {slice: func(impl string) ([]string, error) {
			if impl == "impl1" {
				n++
			}
			if n == 3 {
				return nil, fail(impl)
			}
			return nil, nil
		}},
	} {
		session := s.perform(t, slicedPlan(3, 2, 4))
		var work time.Duration
		session.observe = func(e Event) {
			if done, ok := e.(StepDone); ok {
				work += done.Work
			}
		}
		n = 0
		if err := session.rounds(t.Context()); err != nil {
			t.Fatal(err)
		}
		run, err := record.Read(session.Folder)
		if err != nil {
			t.Fatal(err)
		}
		var failed []string
		for _, f := range run.Failures {
			failed = append(failed, fmt.Sprint(f.Round, f.Cell.Impl, f.Error))
		}
		want := []string{"0impl1hung", "1impl1hung"}
		if what == "slice" {
			want = want[:1] // in the second round all goes well
		}
		if diff := cmp.Diff(want, failed); diff != "" || len(run.Recorded) != 6-len(want) {
			t.Errorf("%s: %d launches, %s", what, len(run.Recorded), diff)
		}
		for impl, n := range s.alive {
			if n != 0 {
				t.Errorf("%s: %d children of %s are alive in the end", what, n, impl)
			}
		}
		if want := 6 * cost(session.Plan, true); work != want {
			t.Errorf("%s: steps of %v, want %v", what, work, want)
		}
	}
}

// A cell of the group that is measured in one piece is launched once while the others
// rest, after they have begun and before they end, and is repeated by the launch.
func TestWholeInGroup(t *testing.T) {
	plan := slicedPlan(3, 40, 6)
	whole := plan.Cells[1].Impl
	plan.Cells[1] = matrix.Vary(plan.Cells[1], "whole")
	plan.Order = nil
	for range plan.Rounds {
		plan.Order = append(plan.Order, []int{0, 1, 2})
	}
	n := 0
	s := &stage{whole: func(string) ([]string, error) {
		if n++; n == 3 || n == 7 || n == 8 || n == 9 || n == 10 {
			return []string{"steal"}, nil
		}
		return nil, nil
	}}
	session := s.perform(t, plan)
	work := session.left()
	session.observe = func(e Event) {
		if done, ok := e.(StepDone); ok {
			work -= done.Work
		}
	}
	if err := session.rounds(t.Context()); err != nil {
		t.Fatal(err)
	}
	if work != 0 {
		t.Errorf("%v of the work that was announced was not reported as done", work)
	}
	// A group of three may repeat six slices: one whole launch. So the launch of the third
	// round was repeated, and that of the sixth once, the third of these is not.
	if want := (Counts{Launches: 123, Invalid: 5, Limits: map[string]int{"steal": 5}, Empty: 2}); !cmp.Equal(session.counts, want) {
		t.Errorf("counts %+v, want %+v", session.counts, want)
	}
	begun := slices.Contains(s.of("begin"), whole)
	passes := make(map[int]int) // of whole launches
	at := 0
	for _, entry := range s.log {
		switch what, impl, _ := strings.Cut(entry, " "); {
		case what == "begin":
			at = 0
		case what == "slice" && impl != whole:
			at++
		case what == "whole" && at < 12:
			if s.alive == nil {
				t.Fatal("no children")
			}
			passes[at/2]++
		}
	}
	if begun || len(passes) != 6 {
		t.Errorf("a child began: %v; whole launches by pass: %v, want some in each", begun, passes)
	}
}

// A group that is stopped at any step leaves nothing behind, and is measured again as a
// whole: a run that is stopped and resumed has the launches of one that was not.
func TestStopInGroup(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 0))
		plan := slicedPlan(1+rng.IntN(3), 3, 2)
		var done []string
		s := &stage{}
		step, until := 0, 1+rng.IntN(40)
		var interrupt context.CancelFunc
		doing := func(string) error {
			if step++; step == until {
				interrupt()
				return context.Canceled
			}
			return nil
		}
		s.begin, s.end = doing, doing
		s.slice = func(impl string) ([]string, error) { return nil, doing(impl) }
		session := s.perform(t, plan)
		for stops := 0; ; stops++ {
			var ctx context.Context
			ctx, interrupt = context.WithCancel(t.Context())
			err := session.rounds(ctx)
			interrupt()
			for impl, n := range s.alive {
				if n != 0 {
					t.Fatalf("%d children of %s are alive", n, impl)
				}
			}
			if err == nil {
				break
			}
			if why := stop(t, err); why.Reason != Interrupted {
				t.Fatal(err)
			}
			if err := session.writer.Close(record.Interrupted); err != nil {
				t.Fatal(err)
			}
			run := record.Run{}
			if session.writer, run, err = record.Resume(session.Folder, time.Unix(0, 0)); err != nil {
				t.Fatal(err)
			}
			if len(run.Recorded)%len(plan.Cells) != 0 {
				t.Errorf("%d launches are recorded: not whole groups of %d", len(run.Recorded), len(plan.Cells))
			}
			until = step + 1 + rng.IntN(60)
		}
		if done = sequence(t, session.Folder); len(done) != 3*len(plan.Cells) {
			t.Errorf("%d launches in the end", len(done))
		}
		for k, l := range done {
			round := k / len(plan.Cells)
			if want := fmt.Sprintf("%d impl%d", round, plan.Order[round][k%len(plan.Cells)]); l != want {
				t.Errorf("launch %d is %s, want %s", k, l, want)
			}
		}
	}
}

// What of a group a stopped machine has lost is measured again, and nothing else is.
func TestGroupLosesSome(t *testing.T) {
	plan := slicedPlan(3, 1, 2)
	s := &stage{}
	session := s.perform(t, plan)
	first := plan.Cells[plan.Order[0][0]]
	if err := session.append(fakeLaunch(launch.Request{Cell: first})); err != nil {
		t.Fatal(err)
	}
	if d := session.left(); d != 2*cost(plan, true) {
		t.Errorf("%v left", d)
	}
	if err := session.rounds(t.Context()); err != nil {
		t.Fatal(err)
	}
	if begun := s.of("begin"); len(begun) != 2 || slices.Contains(begun, first.Impl) {
		t.Errorf("%q began, want all but %s", begun, first.Impl)
	}
	if n := len(sequence(t, session.Folder)); n != 3 {
		t.Errorf("%d launches in the end", n)
	}
}

// What stops a session stops it in the middle of a group too, with the right reason.
func TestGroupStops(t *testing.T) {
	s := &stage{slice: func(string) ([]string, error) { return nil, fmt.Errorf("cpu: CPU 1: %w", cpu.ErrUnavailable) }}
	session := s.perform(t, slicedPlan(2, 1, 2))
	if why := stop(t, session.rounds(t.Context())); why.Reason != CPULost {
		t.Errorf("stopped because of %s", why.Reason)
	}
	if n := s.alive["impl0"] + s.alive["impl1"]; n != 0 {
		t.Errorf("%d children are alive", n)
	}

	s = &stage{}
	session = s.perform(t, slicedPlan(2, 1, 2))
	session.program = &Program{Path: session.Folder + "/nothing"}
	if why := stop(t, session.rounds(t.Context())); why.Reason != ProgramChanged || len(s.log) > 0 {
		t.Errorf("stopped because of %s after %v", why.Reason, s.log)
	}

	session = s.perform(t, slicedPlan(2, 1, 2))
	if err := session.writer.Close(record.Interrupted); err != nil { // then it cannot write
		t.Fatal(err)
	}
	if why := stop(t, session.rounds(t.Context())); why.Reason != Unwritable {
		t.Errorf("stopped because of %s", why.Reason)
	}
}

// Groups and other cells take turns in a round, and the repeats of one do not count for
// the other.
func TestGroupsAndOthers(t *testing.T) {
	plan := smallPlan(4, 1)
	for i := range plan.Cells {
		plan.Cells[i].Workload = []string{"wake", "wake", "idle", "ping_pong"}[i]
	}
	plan.Time, plan.Slices, plan.Lead, plan.Groups = sliceTime, 1, sliceLead, [][]int{{0, 1}, {3}}
	plan.Order = [][]int{{1, 0, 2, 3}}
	n := 0
	s := &stage{
		slice: func(string) ([]string, error) { return []string{"steal"}, nil },
		whole: func(string) ([]string, error) {
			if n++; n <= 2 {
				return []string{"steal"}, nil
			}
			return nil, nil
		},
	}
	session := s.perform(t, plan)
	if err := session.rounds(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"0 impl1 0 steal", "0 impl0 0 steal", "0 impl2 0 steal", "0 impl2 1 steal", "0 impl2 2 ", "0 impl3 0 steal"}
	if diff := cmp.Diff(want, sequence(t, session.Folder)); diff != "" {
		t.Error(diff)
	}
}
