// Package planted makes runs whose right advice is known, and counts how often the advice is
// right.
//
// # The noise
//
// In the logarithm, a value is the sum of: the situation's level; what slows the machine for a
// round, which is autocorrelated and shared by all candidates; what slows a candidate in a
// round, autocorrelated too; and the noise of a launch, which has heavy tails (Student's t
// with three degrees of freedom). One launch in 50 is an outlier of up to three times the
// value, and one in 50 is missing. The noise of a launch is that of real runs on virtual
// machines: its scale is between 3 % and 15 %, another one in each run.
//
// # The truth
//
// A run has three workloads with two values of a parameter each, five candidates and 21
// rounds. It is one of these, in equal numbers:
//
//   - Same: all candidates are equal. Right is to keep the current one.
//   - Worse: the current one is the best, by 10 to 50 %. Right is to keep it.
//   - Better: one is better than the current one by 10 to 60 %, and the others are equal to
//     it or worse. Right is to use that one.
//   - Mixed: one is much better in two of three workloads and worse in the third, so that it is
//     better by 20 to 60 % in all.
//   - Small: one is better by 2 to 8 %. Right is to use that one; to keep the current one with
//     that gain not excluded is a warning.
//
// # Right and wrong
//
// An advice is right if it names the best candidate, or one within 2 % of it. It is wrong
// without a warning if it advises a change to what is not better, or names a candidate that is worse than that, and neither lists the
// best one among the rivals nor, if it keeps the current one, says that so much may be gained.
package planted

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/advice"
)

// A Kind is what is true of a run.
type Kind string

// The kinds, as the package documentation has them.
const (
	Same   Kind = "same"
	Worse  Kind = "worse"
	Better Kind = "better"
	Mixed  Kind = "mixed"
	Small  Kind = "small"
)

// Kinds are all kinds.
var Kinds = []Kind{Same, Worse, Better, Mixed, Small}

const (
	candidates = 5
	workloads  = 3
	params     = 2
	rounds     = 21
	near       = 0.02 // what is no worse than this is as good
)

// A Run is made up.
type Run struct {
	advice.Data
	Current advice.Candidate
	Scores  map[advice.Candidate]float64 // true logarithms, balanced
}

// best returns the candidate with the lowest true score.
func (r Run) best() advice.Candidate {
	best := r.Current
	for _, v := range r.Cells {
		if r.Scores[v.Candidate] < r.Scores[best] {
			best = v.Candidate
		}
	}
	return best
}

// New makes a run.
func New(rng *rand.Rand, kind Kind) Run {
	var names []advice.Candidate
	for i := range candidates {
		names = append(names, advice.Candidate{Design: fmt.Sprintf("design%d", i), Parker: "futex"})
	}
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	r := Run{Data: advice.Data{Rounds: rounds}, Current: names[0], Scores: map[advice.Candidate]float64{}}
	between := func(lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }
	effects := make([][workloads]float64, candidates) // logarithms
	all := func(i int, e float64) {
		for w := range workloads {
			effects[i][w] = e
		}
	}
	for i := 1; i < candidates; i++ {
		switch {
		case kind == Same:
		case kind == Worse:
			all(i, math.Log(between(1.1, 1.5)))
		case i == 1 && kind == Better:
			all(i, -math.Log(between(1.1, 1.6)))
		case i == 1 && kind == Mixed:
			gain := math.Log(between(1.2, 1.6))
			for w := range workloads {
				effects[i][w] = -2 * gain
			}
			effects[i][rng.IntN(workloads)] = gain
		case i == 1 && kind == Small:
			all(i, -math.Log(between(1.02, 1.08)))
		default:
			all(i, math.Log(between(1, 1.3)))
		}
	}
	for i, c := range names {
		for _, e := range effects[i] {
			r.Scores[c] += e / workloads
		}
	}
	scale := between(0.03, 0.15)
	for w := range workloads {
		for p := range params {
			s := advice.Situation{Workload: fmt.Sprintf("load%d", w), Params: []record.Param{{Name: "gap", Value: fmt.Sprintf("%dus", 20*(p+1))}}, Workers: 1}
			level := between(7, 14)
			machine := carried(rng, 0.8, 0.3)
			for i, c := range names {
				v := advice.Values{Situation: s, Candidate: c, Latency: make([]float64, rounds), CPU: make([]float64, rounds)}
				own := carried(rng, 0.5, scale)
				for round := range rounds {
					if rng.IntN(50) == 0 {
						continue
					}
					shared := level + machine[round] + own[round] + effects[i][w]
					v.Latency[round] = math.Exp(shared + scale*heavy(rng))
					v.CPU[round] = math.Exp(shared + 0.5*scale*heavy(rng))
				}
				r.Cells = append(r.Cells, v)
			}
		}
	}
	return r
}

// carried is an autoregression over the rounds.
func carried(rng *rand.Rand, coefficient, sd float64) []float64 {
	x := make([]float64, rounds)
	for i := range x {
		x[i] = sd * rng.NormFloat64()
		if i > 0 {
			x[i] = coefficient*x[i-1] + math.Sqrt(1-coefficient*coefficient)*x[i]
		}
	}
	return x
}

// heavy is Student's t with three degrees of freedom, and rarely an outlier in units that
// make it several times the value.
func heavy(rng *rand.Rand) float64 {
	a, b, c := rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()
	t := rng.NormFloat64() / math.Sqrt((a*a+b*b+c*c)/3)
	if rng.IntN(50) == 0 {
		t += 10 * rng.Float64()
	}
	return t
}

// Counts are how often the advice was right.
type Counts struct {
	Runs, Right, Warned, Wrong int
	Changed                    int // advised a change
}

// A Result has the counts of each kind.
type Result map[Kind]Counts

// Check advises on a number of runs.
func Check(seed uint64, runs int) Result {
	result := Result{}
	for i := range runs {
		kind := Kinds[i%len(Kinds)]
		r := New(rand.New(rand.NewPCG(seed, uint64(i))), kind)
		c := result[kind]
		c.add(r)
		result[kind] = c
	}
	return result
}

// add judges the advice on a run. A run without advice has said why: that is a warning.
func (c *Counts) add(r Run) {
	c.Runs++
	a, err := advice.Advise(r.Data, advice.Balanced, r.Current)
	if err != nil {
		c.Warned++
		return
	}
	if !a.Keep {
		c.Changed++
	}
	best := r.best()
	lost := math.Expm1(r.Scores[a.Choice] - r.Scores[best])
	switch {
	case !a.Keep && r.Scores[a.Choice] >= r.Scores[r.Current]: // a change for nothing, or for the worse
		c.Wrong++
	case lost <= near:
		c.Right++
	case slices.Contains(a.Rivals, best) && (a.Keep || r.Scores[a.Choice] < r.Scores[r.Current]):
		c.Warned++
	default:
		c.Wrong++
	}
}

// Total sums the kinds.
func (r Result) Total() (t Counts) {
	for _, c := range r {
		t.Runs += c.Runs
		t.Right += c.Right
		t.Warned += c.Warned
		t.Wrong += c.Wrong
		t.Changed += c.Changed
	}
	return t
}

// Write prints the counts as a table in Markdown.
func (r Result) Write(w io.Writer) error {
	text := "| truth | runs | right | wrong with a warning | wrong without one | changed |\n|---|---|---|---|---|---|\n"
	line := func(name string, c Counts) {
		if c.Runs == 0 {
			return
		}
		share := func(n int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(c.Runs)) }
		text += fmt.Sprintf("| %s | %d | %s | %s | %s | %s |\n", name, c.Runs, share(c.Right), share(c.Warned), share(c.Wrong), share(c.Changed))
	}
	for _, k := range Kinds {
		line(string(k), r[k])
	}
	line("all", r.Total())
	_, err := io.WriteString(w, text)
	return err
}
