package verdict

import (
	"strings"

	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/family"
)

// A Row is a comparison with the names by which a table shows it.
type Row struct {
	Title      string // the question, short, with what else tells the row from others
	Subject    string // what is compared with the baseline: mutexonly/futex
	Comparison compare.Comparison
}

// Rows returns the comparisons that the answers show, in their order.
func (g Group) Rows() (rows []Row) {
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			for _, c := range a.Shown() {
				r := Row{Title: q.Short, Subject: c.New.Column, Comparison: c}
				switch {
				case g.Column != family.ImplKey:
					if of := a.Subject(); of != "" && !g.oneSubject() {
						r.Title += ", " + of
					}
				case a.Park != "" && !strings.Contains(r.Subject, "/"): // one that sleeps in its own way has its parker
					r.Subject += "/" + a.Park
				}
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// oneSubject reports whether all answers are about the same implementation and parker.
func (g Group) oneSubject() bool {
	first, some := "", false
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			if some && a.Subject() != first {
				return false
			}
			first, some = a.Subject(), true
		}
	}
	return true
}
