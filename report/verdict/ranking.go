package verdict

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// A Rank is the place of a column in a group, the baseline's too. The order is by the
// share of a column's comparisons that it wins, less the share that it loses, and then by
// the mean ratio. It describes the verdicts and is none itself: columns are compared with
// the baseline, not with each other.
type Rank struct {
	Column     string `json:"column"`
	Better     int    `json:"better"` // judged comparisons by their verdicts; none of the baseline
	Worse      int    `json:"worse"`
	Equivalent int    `json:"equivalent"`
	Unresolved int    `json:"unresolved"`

	// Missing is the number of judged answers in which the column has no comparison.
	Missing int `json:"missing"`

	// Ratio is the geometric mean of the estimated ratios of the judged comparisons, each
	// as if lower were better; nil if there is none.
	Ratio *float64 `json:"ratio"`
}

// Compared is the number of comparisons in which the column is judged.
func (r Rank) Compared() int { return r.Better + r.Worse + r.Equivalent + r.Unresolved }

// score is the share of what is won, less that of what is lost.
func (r Rank) score() float64 {
	return float64(r.Better-r.Worse) / float64(max(r.Compared(), 1))
}

// order compares ranks: the first is the best.
func (r Rank) order(o Rank) int {
	ratio := func(r Rank) float64 {
		if r.Ratio == nil {
			return math.Inf(1)
		}
		return *r.Ratio
	}
	return cmp.Or(cmp.Compare(o.score(), r.score()), cmp.Compare(ratio(r), ratio(o)))
}

// ranking ranks the columns of a group, the best first.
func (g Group) ranking() []Rank {
	one := 1.0
	all := []Rank{{Column: g.Baseline, Ratio: &one}}
	logs := map[string][]float64{}
	answers := 0
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			if len(a.Judged) > 0 {
				answers++
			}
			for _, c := range a.Shown() { // what is not judged has a rank, too
				if !slices.ContainsFunc(all, func(r Rank) bool { return r.Column == c.New.Column }) {
					all = append(all, Rank{Column: c.New.Column})
				}
			}
			for _, c := range a.Judged {
				r := &all[slices.IndexFunc(all, func(r Rank) bool { return r.Column == c.New.Column })]
				switch c.Verdict {
				case compare.Better:
					r.Better++
				case compare.Worse:
					r.Worse++
				case compare.Equivalent:
					r.Equivalent++
				default:
					r.Unresolved++
				}
				if c.Effect != nil && c.Effect.Ratio > 0 {
					l := math.Log(c.Effect.Ratio)
					if c.Better == record.Higher {
						l = -l
					}
					logs[r.Column] = append(logs[r.Column], l)
				}
			}
		}
	}
	for i := range all[1:] {
		r := &all[1+i]
		r.Missing = answers - r.Compared()
		if of := logs[r.Column]; len(of) > 0 {
			sum := 0.0
			for _, l := range of {
				sum += l
			}
			mean := math.Exp(sum / float64(len(of)))
			r.Ratio = &mean
		}
	}
	slices.SortStableFunc(all, Rank.order)
	return all
}

// sideBySide is how many columns are read side by side, besides the baseline.
const sideBySide = 6

// Ranked reports whether the group has so many columns that a reader needs their ranking
// first, since their ratios with intervals do not fit side by side.
func (g Group) Ranked() bool { return len(g.Ranking) > 1+sideBySide }

// ahead is the part of a sentence that sums up a ranking: who wins more than it loses, and
// how many lose more.
func (g Group) ahead() string {
	var won, lost []Rank
	for _, r := range g.Ranking {
		switch {
		case r.Column == g.Baseline:
		case r.Better > r.Worse:
			won = append(won, r)
		case r.Worse > r.Better:
			lost = append(lost, r)
		}
	}
	others := len(g.Ranking) - 1
	text := fmt.Sprintf("of %d compared with %s, %s better more often than worse", others, g.Baseline, isAre(len(won)))
	if len(won) > 0 {
		var names []string
		for _, r := range won[:min(len(won), named)] {
			names = append(names, fmt.Sprintf("%s: better in %d of %s, worse in %d", r.Column, r.Better, phrase.Count(r.Compared(), "comparison"), r.Worse))
		}
		if n := len(won) - named; n > 0 {
			names = append(names, fmt.Sprintf("%d more", n))
		}
		text += " (" + strings.Join(names, "; ") + ")"
	}
	return text + fmt.Sprintf(" and %s worse more often", isAre(len(lost)))
}

// isAre is "none is", "1 is", "3 are".
func isAre(n int) string {
	switch n {
	case 0:
		return "none is"
	case 1:
		return "1 is"
	}
	return fmt.Sprintf("%d are", n)
}
