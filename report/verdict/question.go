package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/result"
	"github.com/idlebench/idlebench/report/compare"
)

// questions puts the comparisons of a family in the order of a reader: by
// workload and parameters, and in it by parker.
func questions(f compare.Family) []Question {
	all := []Question{}
	byTitle := map[string]int{}
	type place struct{ question, answer int }
	byRow := map[string]place{}
	for _, c := range f.Comparisons {
		at, ok := byRow[c.Row]
		if !ok {
			q, park := question(c)
			i, ok := byTitle[q.Title]
			if !ok {
				i = len(all)
				byTitle[q.Title] = i
				all = append(all, q)
			}
			at = place{i, len(all[i].Answers)}
			byRow[c.Row] = at
			all[i].Answers = append(all[i].Answers, Answer{Row: c.Row, Park: park})
		}
		q := &all[at.question]
		a := &q.Answers[at.answer]
		if c.Judged {
			q.Unit = c.Unit
			a.Judged = append(a.Judged, c)
		} else {
			a.Others = append(a.Others, c)
		}
	}
	for i := range all {
		for j := range all[i].Answers {
			a := &all[i].Answers[j]
			a.Winner = winner(f.Baseline, a.Judged)
			a.Text = answer(f, *a)
		}
	}
	return all
}

// question is that of a comparison, with the parker of its baseline.
func question(c compare.Comparison) (q Question, park string) {
	cell, err := result.ParseName(c.Old.Name)
	if err != nil {
		return Question{Title: c.Row, Workload: c.Workload}, ""
	}
	q = Question{Workload: cell.Workload, Params: cell.Params, Workers: cell.Workers}
	words := []string{cell.Workload}
	for _, p := range cell.Params {
		words = append(words, p.Name+"="+p.Value)
	}
	words = append(words, count(cell.Workers, "worker"))
	q.Title = strings.Join(words, ", ")
	return q, cell.Park
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// winner returns the column that is known to be better than all others; "" if
// none is.
func winner(baseline string, judged []compare.Comparison) string {
	better, worse := "", 0
	for _, c := range judged {
		switch c.Verdict {
		case compare.Better:
			better = c.New.Column
		case compare.Worse:
			worse++
		}
	}
	switch {
	case len(judged) == 0:
	case worse == len(judged):
		return baseline
	case worse == len(judged)-1 && better != "":
		return better
	}
	return ""
}

// Decided reports whether there is any verdict but unresolved.
func (a Answer) Decided() bool {
	return slices.ContainsFunc(a.Judged, func(c compare.Comparison) bool { return c.Verdict != compare.Unresolved })
}
