package planted

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/stats/advice"
)

// Wrong advice without a warning: with 1 % of 200 runs, 8 or more have a probability below
// 0.1 %. Where the best is well ahead, right in 95 %: of 160 runs fewer than 143 have one of
// about 0.5 %. The seed is fixed.
func TestAdviceIsRight(t *testing.T) {
	r := Check(1, 200)
	if all := r.Total(); all.Wrong > 7 {
		t.Errorf("%d of %d wrong without a warning", all.Wrong, all.Runs)
	}
	right := 0
	for _, k := range []Kind{Same, Worse, Better, Mixed} {
		right += r[k].Right
	}
	if right < 143 {
		t.Errorf("%d of 160 right", right)
	}
	if r[Better].Changed == 0 || r[Worse].Changed > 4 {
		t.Errorf("changed %d of 40 where another is better, %d of 40 where none is", r[Better].Changed, r[Worse].Changed)
	}
}

// The judge of advice is no rubber stamp: advice from data in which every value is turned
// upside down is wrong.
func TestJudgeNoticesWrongAdvice(t *testing.T) {
	var c Counts
	for i := range 20 {
		r := New(rng(uint64(i)), Worse)
		for _, v := range r.Cells {
			for round := range v.Latency {
				if v.Latency[round] > 0 {
					v.Latency[round] = 1 / v.Latency[round]
					v.CPU[round] = 1 / v.CPU[round]
				}
			}
		}
		c.add(r)
	}
	if c.Right > 2 || c.Wrong < 10 {
		t.Errorf("of 20 with the opposite values %d count as right, %d as wrong", c.Right, c.Wrong)
	}
}

func rng(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

func TestTruth(t *testing.T) {
	for _, k := range Kinds {
		r := New(rng(3), k)
		best := r.best()
		gain := math.Expm1(r.Scores[r.Current] - r.Scores[best])
		if keep := k == Same || k == Worse; keep != (best == r.Current) || !keep && gain < 0.02 {
			t.Errorf("%s: the best is %s by %.3f, the current one %s", k, best, gain, r.Current)
		}
		if _, err := advice.Advise(r.Data, advice.Balanced, r.Current); err != nil {
			t.Errorf("%s: %v", k, err)
		}
	}
}

func TestWrite(t *testing.T) {
	var b strings.Builder
	if err := (Result{Same: {Runs: 4, Right: 3, Warned: 1}}).Write(&b); err != nil {
		t.Fatal(err)
	}
	want := `| truth | runs | right | wrong with a warning | wrong without one | changed |
|---|---|---|---|---|---|
| same | 4 | 75.0 % | 25.0 % | 0.0 % | 0.0 % |
| all | 4 | 75.0 % | 25.0 % | 0.0 % | 0.0 % |
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}
