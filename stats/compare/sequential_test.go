package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
)

func TestSchedule(t *testing.T) {
	// The boundaries' names promise what z-value a single comparison has to
	// reach; the spending functions are from Lan and DeMets.
	for _, c := range []struct {
		name  string
		spend Spending
		want  []float64 // spent after each fifth of the rounds, times alpha
	}{
		{"Pocock", Pocock, []float64{0.0148, 0.0262, 0.0354, 0.0433, 0.05}},
		{"O'Brien–Fleming", OBrienFleming, []float64{0.0000, 0.0019, 0.0114, 0.0284, 0.05}},
	} {
		s, err := NewSchedule(0.05, c.spend, 8, 16, 24, 32, 40)
		if err != nil {
			t.Fatal(c.name, err)
		}
		spent := 0.0
		for i, l := range s.Looks {
			if l.Rounds != 8*(i+1) {
				t.Errorf("%s: look %d after %d rounds", c.name, i+1, l.Rounds)
			}
			spent += 0.05 * l.Share
			if math.Abs(spent-c.want[i]) > 0.0001 {
				t.Errorf("%s: %.4f spent at look %d, want %.4f", c.name, spent, i+1, c.want[i])
			}
		}
	}
	if s, err := NewSchedule(0.05, OBrienFleming, 10); err != nil || s.Looks[0] != (Look{Rounds: 10, Share: 1}) {
		t.Errorf("one look: %+v, %v", s, err)
	}
	linear := func(_, t float64) float64 { return t }
	if s, err := NewSchedule(0.05, linear, 10, 20); err != nil || s.Looks[0].Share != 0.5 {
		t.Errorf("linear: %+v, %v", s, err)
	}
	for _, c := range []struct {
		spend  Spending
		rounds []int
		err    string
	}{
		{Pocock, nil, "without looks"},
		{Pocock, []int{10, 10}, "ascending"},
		{Pocock, []int{0, 10}, "ascending"},
		{Pocock, []int{20, 10}, "ascending"},
		{OBrienFleming, []int{1, 10000}, "no share"},
		{func(_, t float64) float64 { return 2 * t }, []int{5, 10}, "no share"},
		{func(_, t float64) float64 { return math.NaN() }, []int{5, 10}, "no share"},
	} {
		if _, err := NewSchedule(0.05, c.spend, c.rounds...); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%v: error %v, want one with %q", c.rounds, err, c.err)
		}
	}
	for _, s := range []Schedule{{}, {Looks: []Look{{Rounds: 10, Share: 1}, {Rounds: 20, Share: 1}}}} {
		if _, err := NewSequence(s, "old", Options{}, resolved); err == nil {
			t.Errorf("schedule %+v was accepted", s)
		}
	}
}

// Looking again and again at a level of alpha finds something that is not there
// too often; with the shares of a schedule it does not, and verdicts on
// effects that are there are right. The launches are those of a duel.
func TestRepeatedLooks(t *testing.T) {
	skipRaced(t)
	rounds := []int{9, 11, 14, 18, 23, 30, 40}
	nothing, mixed := []float64{0}, []float64{0, 0.05, -0.019}
	all := machines()
	for _, c := range []struct {
		name     string
		spend    Spending
		effects  []float64
		machines []machine
	}{
		{"Pocock, nothing there", Pocock, nothing, all},
		{"O'Brien–Fleming, nothing there", OBrienFleming, nothing, all[:1]},
		{"Pocock, mixed", Pocock, mixed, all[:1]},
		{"O'Brien–Fleming, mixed", OBrienFleming, mixed, all[:1]},
	} {
		m, runs := len(c.effects), 900/len(c.effects)
		for _, machine := range c.machines {
			t.Run(c.name+"/"+machine.name, func(t *testing.T) {
				t.Parallel()
				o, _ := Options{}.withDefaults()
				s, err := NewSchedule(o.Alpha, c.spend, rounds...)
				if err != nil {
					t.Fatal(err)
				}
				rng := rand.New(rand.NewPCG(10, 10))
				wrong, naive, needed, decided := 0, 0, 0, 0
				for range runs {
					d := machine.duel(rng, rounds[len(rounds)-1], c.effects)
					q, err := NewSequence(s, "", o, resolved)
					if err != nil {
						t.Fatal(err)
					}
					var all []*contrast
					naively := false
					last := make([]int, m) // round at which each was decided
					for look, n := range rounds {
						all = contrasts(d, n)
						naively = naively || slices.ContainsFunc(all, func(c *contrast) bool { return c.P <= o.Alpha/float64(m) })
						q.step(all, s.Looks[look].Share, m)
						for i, c := range all {
							if c.Verdict == Unresolved || c.Look == look+1 {
								last[i] = n
							}
						}
					}
					anyWrong := false
					for i, contrast := range all {
						needed += last[i]
						anyWrong = anyWrong || o.wrong(contrast, c.effects[i])
						if contrast.Verdict != Unresolved {
							decided++
						}
					}
					if anyWrong {
						wrong++
					}
					if naively {
						naive++
					}
				}
				limit := refutes(runs, 2*o.Alpha)
				if wrong > limit {
					t.Errorf("%d of %d runs have a wrong verdict: more than %d do not exclude twice the error rate", wrong, runs, limit)
				}
				if machine.name == "normal" {
					if null := m == 1; null && naive <= limit {
						t.Errorf("looks at full alpha are wrong in %d of %d runs only: the test tests nothing", naive, runs)
					} else if !null && (decided < runs || needed > 35*m*runs) {
						t.Errorf("%d of %d decided, with %d rounds: nothing is saved", decided, m*runs, needed)
					}
				}
				t.Logf("of %d runs %d wrong, %d if looked at naively; %d of %d decided, after %.1f rounds on average",
					runs, wrong, naive, decided, m*runs, float64(needed)/float64(m*runs))
			})
		}
	}
}

// first returns the table with the first rounds of its series only.
func (t Table) first(rounds int) Table {
	all := t.Series
	t.Series = nil
	for _, s := range all {
		s.Observations = s.Observations[:rounds]
		t.Series = append(t.Series, s)
	}
	return t
}

func TestSequence(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	var old, slow, noisy []float64
	for range 30 {
		x := 100 * math.Exp(rng.NormFloat64())
		old = append(old, x)
		slow = append(slow, 1.5*x)
		noisy = append(noisy, 100*math.Exp(rng.NormFloat64()))
	}
	table := Table{Series: []Series{series("old", record.Lower, old...), series("slow", record.Lower, slow...), series("noisy", record.Lower, noisy...)}}

	s, err := NewSchedule(0.05, Pocock, 10, 20, 30)
	if err != nil {
		t.Fatal(err)
	}
	q, err := NewSequence(s, "old", Options{}, resolved)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Look(Table{}); err == nil {
		t.Fatal("an empty table was accepted")
	}
	verdicts := func(f Family) (v []Verdict) {
		for _, c := range f.Comparisons {
			v = append(v, c.Verdict)
		}
		return v
	}
	want := []Verdict{Worse, Unresolved}
	var first Comparison
	for look := 1; look <= 3; look++ {
		l, ok := q.Next()
		if !ok || l.Rounds != 10*look {
			t.Fatalf("look %d is %+v, %v", look, l, ok)
		}
		now := table.first(l.Rounds)
		if look == 2 {
			now.Series[1].Observations = now.Series[1].Observations[:10] // decided, and not measured any more
		}
		f, err := q.Look(now)
		if err != nil {
			t.Fatal(err)
		}
		if f.Look != look || f.Looks != 3 || f.Size != 2 {
			t.Errorf("look %d: %+v", look, f)
		}
		if got := verdicts(f); !slices.Equal(got, want) {
			t.Errorf("look %d: verdicts %v, want %v", look, got, want)
		}
		if look == 1 {
			first = f.Comparisons[0]
		}
		if got := f.Comparisons[0]; got.Look != 1 || got.Pairs != 10 || got.Effect != first.Effect || got.MDE != first.MDE {
			t.Errorf("look %d: what was decided at the first is now %+v, was %+v", look, got, first)
		}
		// Of two comparisons the direction of one is found from the first look on.
		confidence := 1 - 0.05*l.Share/1.5
		got := f.Comparisons[1]
		if got.Look != 0 || got.Pairs != 10*look || math.Abs(got.Effect.Interval.Confidence-confidence) > 1e-12 {
			t.Errorf("look %d: what is open is %+v with %+v, want confidence %v", look, got, got.Effect.Interval, confidence)
		}
	}
	if _, ok := q.Next(); ok {
		t.Error("a fourth look is offered")
	}
	if _, err := q.Look(table); err == nil || !strings.Contains(err.Error(), "all 3 looks are spent") {
		t.Errorf("a fourth look: %v", err)
	}
}

// The number of comparisons is what alpha is divided by. It may not change.
func TestSequenceFamily(t *testing.T) {
	s, err := NewSchedule(0.05, Pocock, 10, 20)
	if err != nil {
		t.Fatal(err)
	}
	a, b := scaled(1.1)
	two := Table{Series: []Series{series("old", record.Lower, a...), series("x", record.Lower, b...)}}
	three := Table{Series: append(slices.Clone(two.Series), series("y", record.Lower, b...))}
	for _, c := range []struct {
		name          string
		first, second Table
		err           string
	}{
		{"one more", two, three, "not compared at the first look"},
		{"one less", three, two, "missing now"},
	} {
		q, err := NewSequence(s, "old", Options{}, resolved)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.Look(c.first); err != nil {
			t.Fatal(err)
		}
		if _, err := q.Look(c.second); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.err)
		}
		if l, ok := q.Next(); !ok || l.Rounds != 20 {
			t.Errorf("%s: the look was spent by an error", c.name)
		}
	}
}

// resolved is for who wants nothing but a verdict.
func resolved(c Comparison) bool { return c.Verdict != Unresolved }

// What has a direction and is not settled goes on: it keeps the direction, and the
// p by which it was found, and does not count twice in the correction of the
// others. What is settled without a verdict stays so.
func TestSequenceGoesOn(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 12))
	var old, slow, noisy []float64
	for range 30 {
		x := 100 * math.Exp(rng.NormFloat64())
		old, slow = append(old, x), append(slow, 1.5*x*math.Exp(0.01*rng.NormFloat64()))
		noisy = append(noisy, x*math.Exp(rng.NormFloat64()))
	}
	for i := 10; i < 30; i++ {
		slow[i] = old[i] * math.Exp(0.01-0.02*float64(i%2)) // its direction is no longer to be seen
	}
	s, err := NewSchedule(0.05, Pocock, 10, 20, 30)
	if err != nil {
		t.Fatal(err)
	}
	settled := func(c Comparison) bool { return c.New.Column == "noisy" && c.Pairs == 20 }
	q, err := NewSequence(s, "old", Options{}, settled)
	if err != nil {
		t.Fatal(err)
	}
	table := Table{Series: []Series{series("old", record.Lower, old...), series("slow", record.Lower, slow...), series("noisy", record.Lower, noisy...)}}
	var first Comparison
	for look := 1; look <= 3; look++ {
		l, _ := q.Next()
		f, err := q.Look(table.first(l.Rounds))
		if err != nil {
			t.Fatal(err)
		}
		slow, noisy := f.Comparisons[0], f.Comparisons[1]
		if look == 1 {
			first = slow
		}
		if slow.Verdict != Worse || slow.Pairs != 10*look || slow.Look != 0 || slow.AdjustedP != first.AdjustedP {
			t.Errorf("look %d: %s with %d pairs at look %d, p %v; want %s, p %v", look, slow.Verdict, slow.Pairs, slow.Look, slow.AdjustedP, Worse, first.AdjustedP)
		}
		if i := slow.Effect.Interval; look == 3 && i.Lo > 1 {
			t.Errorf("the interval %+v tells the direction at the last look: the test tests nothing", i)
		}
		if want := min(10*look, 20); noisy.Pairs != want || noisy.Verdict != Unresolved || (noisy.Look == 2) != (look >= 2) {
			t.Errorf("look %d: %s with %d pairs at look %d, want %d pairs, unresolved", look, noisy.Verdict, noisy.Pairs, noisy.Look, want)
		}
		want := 1 - 0.05*l.Share/1.5 // one direction of two was found
		if got := slow.Effect.Interval.Confidence; math.Abs(got-want) > 1e-12 {
			t.Errorf("look %d: confidence %v, want %v", look, got, want)
		}
	}
}
