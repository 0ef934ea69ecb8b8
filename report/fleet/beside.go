package fleet

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/stats/compare"
)

// A Beside sets simulated machines beside those that measured and are fit.
type Beside struct {
	rows   []*besideRow // by workload, design and number of workers
	models int
}

// A besideRow is one comparison of designs.
type besideRow struct {
	pair
	name, question string
	cell           record.Cell
	measured       Agreement // over machines that are fit; zero if none compared it
	orders         []*Order  // of each model; nil if it does not have it
}

// NewBeside compares what fit machines measured with what was simulated, by cells. Of the
// machines it has the comparisons of managers only.
func NewBeside(machines []Machine, models []Model) *Beside {
	b := &Beside{models: len(models)}
	known := make(map[pair]*besideRow)
	row := func(p pair, question, other, baseline string) *besideRow {
		r := known[p]
		if r == nil {
			r = &besideRow{pair: p, name: other + " vs " + baseline, question: question, orders: make([]*Order, len(models))}
			r.cell, _ = record.ParseName(p.of) // the zero cell sorts first
			known[p] = r
			b.rows = append(b.rows, r)
		}
		return r
	}
	for _, m := range Fit(machines) {
		for _, a := range m.Answers {
			if a.Family != Managers {
				continue
			}
			for _, c := range a.Judged {
				row(pairOf(c), a.Question, c.New.Column, a.Baseline).measured.add(m.Name, c)
			}
		}
	}
	for i := range models {
		for j := range models[i].Orders {
			o := &models[i].Orders[j]
			row(o.pair, o.Question, o.Other, o.Baseline).orders[i] = o
		}
	}
	for _, r := range b.rows {
		slices.SortStableFunc(r.measured.ratios, func(x, y ratio) int { return cmp.Compare(x.value, y.value) })
	}
	slices.SortStableFunc(b.rows, func(x, y *besideRow) int {
		return cmp.Or(strings.Compare(x.curve(), y.curve()), x.cell.Workers-y.cell.Workers, strings.Compare(x.against, y.against))
	})
	return b
}

// curve is alike for rows that differ in the number of workers only.
func (r *besideRow) curve() string {
	c := r.cell
	c.Workers = 1
	return c.Name()
}

// machines is how many fit machines judged the comparison.
func (r *besideRow) machines() int {
	return r.measured.Better + r.measured.Worse + r.measured.Equivalent + r.measured.Unresolved
}

func (r *besideRow) simulated() bool {
	return slices.ContainsFunc(r.orders, func(o *Order) bool { return o != nil })
}

// direction is what fit machines say of the comparison as far as they do not contradict
// each other: better or worse if some say so and none the opposite.
func (a Agreement) direction() compare.Verdict {
	switch {
	case a.Opposite():
		return compare.Unresolved
	case a.Better > 0:
		return compare.Better
	case a.Worse > 0:
		return compare.Worse
	case a.Equivalent > 0 && a.Unresolved == 0:
		return compare.Equivalent
	}
	return compare.Unresolved
}

// opposite reports whether a model has the order that is the opposite of the measured one.
func (r *besideRow) opposite(o *Order) bool {
	d := r.measured.direction()
	return o.Verdict == compare.Better && d == compare.Worse || o.Verdict == compare.Worse && d == compare.Better
}

// Summary says in a sentence or two what is simulated and was not measured.
func (b *Beside) Summary() string {
	all, only := 0, 0
	for _, r := range b.rows {
		if r.simulated() {
			all++
			if r.machines() == 0 {
				only++
			}
		}
	}
	return fmt.Sprintf("Not measured and in no count of machines: %s, with %s, %d of them on no machine that is fit.",
		phrase.Count(b.models, "simulated machine"), phrase.Count(all, "comparison"), only)
}

// A tally says how far a model has the order that machines measured.
type tally struct {
	all, both      int // comparisons of the model, and those that were measured as well
	same, opposite int // orders; of the others in both, one side has none, or a tie
}

func (b *Beside) tally(model int) (t tally) {
	for _, r := range b.rows {
		o := r.orders[model]
		if o == nil {
			continue
		}
		t.all++
		if r.machines() == 0 {
			continue
		}
		t.both++
		switch {
		case r.opposite(o):
			t.opposite++
		case o.Verdict != compare.Unresolved && r.measured.direction() == o.Verdict:
			t.same++
		}
	}
	return t
}

const nothingToCompare = "nothing can be compared: no workload has both the baseline and another design"

func (t tally) String() string {
	switch {
	case t.all == 0:
		return nothingToCompare
	case t.both == 0:
		return phrase.Count(t.all, "comparison") + ", none of them measured on a machine that is fit"
	}
	return fmt.Sprintf("%s, %d of them measured as well: %d in the same order, %d in the opposite order", phrase.Count(t.all, "comparison"), t.both, t.same, t.opposite)
}

// simulatedSection shows simulated machines next to measured ones.
func simulatedSection(b *Beside, machines []Machine, models []Model, from string) page.Section {
	s := page.Section{ID: "simulated", Title: "Simulated machines",
		Lead: "Models, on which nothing was measured: they are in no other section and in no count of machines. They show what the fleet has no machine for."}
	s.Blocks = append(s.Blocks, page.Note{Kind: page.Remark, Text: "Each ratio is to the baseline in the same cell on the same machine, seed by seed on a model. Models have no floor, so multiples of a floor are not shown, and no times. " +
		"An order on a model may be claimed only if it holds with every seed, which is shown here, and with every constant varied, which the model's own report shows."})
	s.Blocks = append(s.Blocks, b.modelTable(machines, models, from))
	if len(b.rows) == 0 {
		s.Blocks = append(s.Blocks, page.Missing{What: "No comparison was measured or simulated."})
		return s
	}
	s.Blocks = append(s.Blocks, b.gaps(len(Fit(machines))), b.table(models))
	return s
}

// modelTable lists the models.
func (b *Beside) modelTable(machines []Machine, models []Model, from string) page.Table {
	t := page.Table{ID: "models-table", Caption: "A name leads to the model's own report, if it is in the folder",
		Columns: []page.Column{{Title: "simulated machine"}, {Title: "model of"}, {Title: "CPUs", Number: true}, {Title: "seeds", Number: true},
			{Title: "comparisons", Number: true}, {Title: "also measured", Number: true}, {Title: "same order", Number: true}, {Title: "opposite order", Number: true}}}
	for i, m := range models {
		var cpus float64
		fmt.Sscan(m.CPUs, &cpus)
		name := page.Cell{Text: m.Name, Page: m.Result.page(from), Notes: []string{"simulated", m.Result.Folder}}
		if other := otherCommit(m, machines); other != "" {
			name.Notes = append(name.Notes, fmt.Sprintf("of commit %s, while the machines measured %s", m.commit, other))
		}
		if own, other := otherBaseline(m, machines); other != "" {
			name.Notes = append(name.Notes, fmt.Sprintf("compared with %s, while the machines were with %s", own, other))
		}
		n := b.tally(i)
		if n.all == 0 {
			name.Notes = append(name.Notes, nothingToCompare)
		}
		t.Rows = append(t.Rows, []page.Cell{name, {Text: m.Title}, {Text: m.CPUs, Value: cpus}, count(m.Seeds, page.Plain),
			count(n.all, page.Plain), count(n.both, page.Plain), count(n.same, page.Plain), count(n.opposite, page.Strong)})
	}
	return t
}

// otherCommit is the commit that the machines measured, if it is known not to be that of
// the model. The machines are of one pack, so any of them has it.
func otherCommit(m Model, machines []Machine) string {
	if len(machines) == 0 || machines[0].commit == m.commit || machines[0].commit == environ.Unknown || m.commit == environ.Unknown {
		return ""
	}
	return machines[0].commit
}

// otherBaseline is the baseline of a model and that of the machines, if they differ.
func otherBaseline(m Model, machines []Machine) (own, other string) {
	for _, x := range machines {
		for _, a := range x.Answers {
			if a.Family == Managers && len(m.Orders) > 0 && a.Baseline != m.Orders[0].Baseline {
				return m.Orders[0].Baseline, a.Baseline
			}
		}
	}
	return "", ""
}

// gaps counts comparisons by the number of workers.
func (b *Beside) gaps(fit int) page.Table {
	type counts struct{ measured, simulated, both int }
	by := make(map[int]*counts)
	var workers []int
	for _, r := range b.rows {
		n := by[r.cell.Workers]
		if n == nil {
			n = new(counts)
			by[r.cell.Workers] = n
			workers = append(workers, r.cell.Workers)
		}
		switch {
		case r.machines() > 0 && r.simulated():
			n.both++
		case r.simulated():
			n.simulated++
		default:
			n.measured++
		}
	}
	slices.Sort(workers)
	t := page.Table{ID: "gaps-table", Caption: fmt.Sprintf("Comparisons by the number of workers: what %s that are fit have, and what only models have", phrase.Count(fit, "machine")),
		Columns: []page.Column{{Title: "workers", Number: true}, {Title: "only measured", Number: true}, {Title: "both", Number: true}, {Title: "only simulated", Number: true}}}
	for _, w := range workers {
		n := by[w]
		only := count(n.simulated, page.Plain)
		if n.measured+n.both == 0 {
			only.Tone, only.Notes = page.Strong, []string{"a gap"}
		}
		t.Rows = append(t.Rows, []page.Cell{count(w, page.Plain), count(n.measured, page.Plain), count(n.both, page.Plain), only})
	}
	return t
}

// table has a column for what was measured and one for each model.
func (b *Beside) table(models []Model) page.Table {
	t := page.Table{ID: "beside-table", Filter: true, Dense: true,
		Caption: "Ratio to the baseline: measured, the median and the extremes over fit machines; simulated, the median and the extremes over seeds. Tones of models: all seeds beyond 2 %, or all within",
		Columns: []page.Column{{Title: "comparison"}, {Title: "measured", Number: true}}}
	for _, m := range models {
		if len(m.Orders) > 0 {
			t.Columns = append(t.Columns, page.Column{Title: "simulated: " + m.Name, Number: true})
		}
	}
	for _, r := range b.rows {
		if !r.simulated() {
			continue // it is under "How far machines agree"
		}
		name := page.Cell{Text: r.name, Notes: []string{r.question}}
		row := []page.Cell{{}, r.measuredCell()}
		for i, o := range r.orders {
			if len(models[i].Orders) == 0 {
				continue
			}
			if o != nil && r.opposite(o) && name.Tone == page.Plain {
				name.Tone, name.Notes = page.Strong, append(name.Notes, "opposite to what was measured")
			}
			row = append(row, o.cell())
		}
		row[0] = name
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (r *besideRow) measuredCell() page.Cell {
	c := times(r.measured.median(), "")
	n := r.machines()
	if n == 0 {
		return c
	}
	c.Tone = tone(r.measured.direction())
	if ratios := r.measured.ratios; len(ratios) > 1 {
		c.Notes = append(c.Notes, fmt.Sprintf("%.3g to %.3g", ratios[0].value, ratios[len(ratios)-1].value))
	}
	c.Notes = append(c.Notes, phrase.Count(n, "machine"))
	return c
}

// cell shows the order on a model, which may not have it.
func (o *Order) cell() page.Cell {
	if o == nil {
		return times(math.NaN(), "")
	}
	c := times(o.Ratio.Mid, "")
	c.Tone = tone(o.Verdict)
	if o.Ratio.Low != o.Ratio.High {
		c.Notes = []string{fmt.Sprintf("%.3g to %.3g", o.Ratio.Low, o.Ratio.High)}
	}
	return c
}

func tone(v compare.Verdict) page.Tone {
	switch v {
	case compare.Better:
		return page.Better
	case compare.Worse:
		return page.Worse
	case compare.Equivalent:
		return page.Equivalent
	}
	return page.Plain
}
