package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
)

// questions puts the comparisons of the family in the order of a reader: by
// workload and parameters, and in it by implementation and parker. Primary is that
// of the table.
func (g Group) questions(primary map[string]string, inputs []*source.Input) []Question {
	f := g.Family
	usual := usualSubmitter(inputs, f.Comparisons)
	all := []Question{}
	byTitle := map[string]int{}
	type place struct{ question, answer int }
	type subject struct{ row, unit string }
	byRow := map[subject]place{}
	several := severalUnits(f)
	for _, c := range f.Comparisons {
		of := subject{row: c.Row}
		if of.unit = several[c.Row]; of.unit != "" && c.Judged {
			of.unit = c.Unit
		}
		at, ok := byRow[of]
		if !ok {
			q, cell := g.question(c, usual)
			if of.unit != "" {
				q.Title, q.only = q.Title+", "+of.unit, of.unit
			}
			i, ok := byTitle[q.Title]
			if !ok {
				i = len(all)
				byTitle[q.Title] = i
				all = append(all, q)
			}
			at = place{i, len(all[i].Answers)}
			byRow[of] = at
			all[i].Answers = append(all[i].Answers, Answer{Row: c.Row, Impl: cell.Impl, Park: cell.Park})
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
		unit, known := primary[all[i].Workload]
		for j := range all[i].Answers {
			a := &all[i].Answers[j]
			if known && unit == "" {
				a.report()
			}
			a.Winner = winner(f.Baseline, a.Judged)
			a.Text = answer(f, *a)
		}
	}
	shorten(all)
	return all
}

// severalUnits returns the rows that are judged in several units, each with the first of
// them. Each unit is a question of its own; what is not judged is with the first.
func severalUnits(f compare.Family) map[string]string {
	first, several := map[string]string{}, map[string]string{}
	for _, c := range f.Comparisons {
		if !c.Judged {
			continue
		}
		if before, ok := first[c.Row]; !ok {
			first[c.Row] = c.Unit
		} else if before != c.Unit {
			several[c.Row] = before
		}
	}
	return several
}

// shorten gives each question the title that tells it from the others of its workload:
// what they have in common is left out.
func shorten(all []Question) {
	const workers = ""                                // no parameter has this name
	values := map[string]map[string]map[string]bool{} // by workload and parameter
	each := func(q Question, do func(name, value, word string)) {
		for _, p := range q.Params {
			do(p.Name, p.Value, p.Name+"="+p.Value)
		}
		if q.Workers > 0 {
			do(workers, fmt.Sprint(q.Workers), phrase.Count(q.Workers, "worker"))
		}
	}
	for _, q := range all {
		of := values[q.Workload]
		if of == nil {
			of = map[string]map[string]bool{}
			values[q.Workload] = of
		}
		each(q, func(name, value, _ string) {
			if of[name] == nil {
				of[name] = map[string]bool{}
			}
			of[name][value] = true
		})
	}
	for i, q := range all {
		if q.Params == nil && q.Workers == 0 {
			all[i].Short = q.Title // a name that is not of the suite's form, or nothing to leave out
			continue
		}
		words := []string{q.Workload}
		each(q, func(name, _, word string) {
			if len(values[q.Workload][name]) > 1 {
				words = append(words, word)
			}
		})
		if q.Config != "" {
			words = append(words, q.Config)
		}
		if q.only != "" {
			words = append(words, q.only)
		}
		all[i].Short = strings.Join(words, ", ")
	}
}

// report chooses the comparisons that stand for a workload without a unit in which
// it is judged.
func (a *Answer) report() {
	var units []record.Metric
	for _, c := range a.Others {
		units = append(units, record.Metric{Unit: c.Unit})
	}
	unit := record.Reported(units)
	for _, c := range a.Others {
		if c.Unit == unit {
			a.Reported = append(a.Reported, c)
		}
	}
}

// question is that of a comparison, with its cell. In its title is no submitter
// where that is the usual one.
func (g Group) question(c compare.Comparison, usual map[string]string) (q Question, cell record.Cell) {
	cell, ok := g.Cell(c)
	if !ok {
		return Question{Title: c.Row, Workload: c.Workload}, cell
	}
	q = Question{Workload: cell.Workload, Params: cell.Params, Workers: cell.Workers}
	words := []string{cell.Workload}
	for _, p := range cell.Params {
		if p.Name != Submitter || p.Value != usual[cell.Workload] {
			words = append(words, p.Name+"="+p.Value)
		}
	}
	if cell.Workers > 0 {
		words = append(words, phrase.Count(cell.Workers, "worker"))
	}
	q.Title, q.Config = strings.Join(words, ", "), c.Config
	if q.Config != "" {
		q.Title += ", " + q.Config
	}
	return q, cell
}

// Cell returns the baseline's cell in a comparison, without what the columns
// differ in. It is not ok if the name is not of the suite's form.
func (g Group) Cell(c compare.Comparison) (cell record.Cell, ok bool) {
	cell, err := record.ParseName(c.Old.Name)
	if err != nil {
		return record.Cell{}, false
	}
	switch key := strings.TrimPrefix(g.Column, "/"); {
	case key == g.Column: // no key of the name
	case key == "impl":
		cell.Impl = ""
	case key == "park":
		cell.Park = ""
	case key == "workers":
		cell.Workers = 0
	default:
		cell.Params = slices.DeleteFunc(cell.Params, func(p record.Param) bool { return p.Name == key })
	}
	return cell, true
}

// Subject names what an answer is about, in its question: the parker, or the
// implementation with its parker if these are not what is compared; "" if
// neither is known.
func (a Answer) Subject() string {
	return strings.Join(slices.DeleteFunc([]string{a.Impl, a.Park}, func(s string) bool { return s == "" }), ", ")
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

// Shown returns the comparisons that the answer is about: those that are judged, or
// else those that stand for a workload which is not.
func (a Answer) Shown() []compare.Comparison {
	if len(a.Judged) > 0 {
		return a.Judged
	}
	return a.Reported
}
