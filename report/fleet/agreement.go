package fleet

import (
	"cmp"
	"math"
	"os"
	"slices"

	"github.com/idlebench/idlebench/stats/compare"
)

// An Agreement is one comparison over all machines that are fit.
type Agreement struct {
	Family, Question string
	Baseline, Other  string

	Better, Worse, Equivalent, Unresolved int // machines, by the verdict on Other

	ratios []ratio // other over baseline, in ascending order
}

// A ratio is that of one machine.
type ratio struct {
	value   float64
	machine string
}

// Opposite reports whether Other is significantly better on one machine and significantly
// worse on another.
func (a Agreement) Opposite() bool { return a.Better > 0 && a.Worse > 0 }

// Agreements counts the verdicts on each comparison, in the order of the first machine that
// has it.
func Agreements(machines []Machine) (all []*Agreement) {
	type key struct{ family, question, other string }
	known := make(map[key]*Agreement)
	for _, m := range machines {
		for _, a := range m.Answers {
			for _, c := range a.Judged {
				k := key{a.Family, a.Question, c.New.Column}
				at := known[k]
				if at == nil {
					at = &Agreement{Family: a.Family, Question: a.Question, Baseline: a.Baseline, Other: c.New.Column}
					known[k] = at
					all = append(all, at)
				}
				at.add(m.Name, c)
			}
		}
	}
	for _, a := range all {
		slices.SortStableFunc(a.ratios, func(x, y ratio) int { return cmp.Compare(x.value, y.value) })
	}
	return all
}

func (a *Agreement) add(machine string, c compare.Comparison) {
	switch c.Verdict {
	case compare.Better:
		a.Better++
	case compare.Worse:
		a.Worse++
	case compare.Equivalent:
		a.Equivalent++
	default:
		a.Unresolved++
	}
	if c.Effect != nil {
		a.ratios = append(a.ratios, ratio{c.Effect.Ratio, machine})
	}
}

// median is the median ratio over machines; NaN if there is none.
func (a Agreement) median() float64 { return median(a.ratios) }

func median(sorted []ratio) float64 {
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	return math.Sqrt(sorted[(n-1)/2].value * sorted[n/2].value)
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
