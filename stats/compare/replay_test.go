package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
)

// tableOf makes the table of an old and a new with the given differences, by comparison and
// round.
func tableOf(d [][]float64) Table {
	t := Table{Primary: map[string]string{"wake": "p50-ns/wake"}}
	for i, rounds := range d {
		for _, column := range []string{Old, New} {
			s := Series{Row: fmt.Sprint("row ", i), Column: column, Workload: "wake", Unit: "p50-ns/wake", Better: record.Lower}
			for r, x := range rounds {
				if column == Old {
					x = 0
				}
				s.Observations = append(s.Observations, Observation{Round: r, Value: 1000 * math.Exp(x)})
			}
			t.Series = append(t.Series, s)
		}
	}
	return t
}

// stop measures as a run does that stops a comparison once it is settled.
func stop(t *testing.T, s Schedule, d [][]float64) (measured [][]float64, last Family) {
	t.Helper()
	q, err := NewSequence(s, Old, Options{}, resolved)
	if err != nil {
		t.Fatal(err)
	}
	measured = make([][]float64, len(d))
	settled := make([]bool, len(d))
	for _, look := range s.Looks {
		for i := range d {
			if !settled[i] {
				measured[i] = d[i][:look.Rounds]
			}
		}
		if last, err = q.Look(tableOf(measured)); err != nil {
			t.Fatal(err)
		}
		for i, c := range last.Comparisons {
			settled[i] = c.Look > 0
		}
		if !slices.Contains(settled, false) {
			break
		}
	}
	return measured, last
}

// What a run stopped is judged as it was then, and with the error rate of the run. Judged
// as if it had not been stopped it is wrong more often.
func TestReplay(t *testing.T) {
	skipRaced(t)
	const runs = 200
	for name, spend := range map[string]Spending{"O'Brien–Fleming": OBrienFleming, "Pocock": Pocock} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, _ := Options{}.withDefaults()
			s, err := NewSchedule(o.Alpha, spend, 10, 14, 20, 28)
			if err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(19, 19))
			wrong := func(f Family) bool {
				return slices.ContainsFunc(f.Comparisons, func(c Comparison) bool { return c.Verdict == Better || c.Verdict == Worse })
			}
			replayed, plain := 0, 0
			for range runs {
				d := machines()[0].duel(rng, 28, make([]float64, 1))
				measured, last := stop(t, s, d)
				f, err := Replay(s, tableOf(measured), Old, Options{}, resolved)
				if err != nil {
					t.Fatal(err)
				}
				if wrong(f) != wrong(last) || f.Look != last.Look {
					t.Fatalf("the run ended at look %d, wrong %v; judged again at look %d, wrong %v", last.Look, wrong(last), f.Look, wrong(f))
				}
				if wrong(f) {
					replayed++
				}
				if f, err = Compare(tableOf(measured), Old, Options{}); err != nil {
					t.Fatal(err)
				}
				if wrong(f) {
					plain++
				}
			}
			if limit := refutes(runs, 2*o.Alpha); replayed > limit {
				t.Errorf("%d of %d runs have a wrong verdict: more than %d do not exclude twice the error rate", replayed, runs, limit)
			}
			if plain <= replayed {
				t.Errorf("judged without looks %d of %d runs are wrong, and %d with them: the test tests nothing", plain, runs, replayed)
			}
			t.Logf("%d of %d runs wrong, %d if the looks are ignored", replayed, runs, plain)
		})
	}
}

// Launches after the last look do not count, nor does anything without a look.
func TestReplayInterrupted(t *testing.T) {
	s, err := NewSchedule(0.05, Pocock, 10, 20)
	if err != nil {
		t.Fatal(err)
	}
	slower := slices.Repeat([]float64{0.1}, 20)
	never := func(Comparison) bool { return false }
	for _, c := range []struct {
		name   string
		rounds []int // measured, of each comparison
		pairs  []int
		looks  int
	}{
		{"all looks", []int{20, 20}, []int{20, 20}, 2},
		{"one stopped", []int{10, 20}, []int{10, 20}, 2},
		{"interrupted after a look", []int{17, 17}, []int{10, 10}, 1},
		{"interrupted before any", []int{9, 9}, []int{9, 9}, 0},
	} {
		f, err := Replay(s, tableOf([][]float64{slower[:c.rounds[0]], slower[:c.rounds[1]]}), Old, Options{}, never)
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range f.Comparisons {
			if got.Pairs != c.pairs[i] || f.Look != c.looks || (got.Verdict == Worse) != (c.looks > 0) {
				t.Errorf("%s: %d pairs, look %d, %s, want %d pairs, look %d", c.name, got.Pairs, f.Look, got.Verdict, c.pairs[i], c.looks)
			}
			if c.looks == 0 && !strings.Contains(got.Reason, "before its first interim analysis") {
				t.Errorf("%s: reason %q", c.name, got.Reason)
			}
		}
	}
}
