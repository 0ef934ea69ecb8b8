package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/family"
)

// Submitter is the parameter that says who submits.
const Submitter = "submitter"

// Block is the submitter with which the others are compared: a goroutine that
// blocks after it has submitted.
const Block = "block"

// Beyond is how far a ratio is from 1 before it is worth a row: 10 %.
const Beyond = 0.1

// Submitters says whether it matters who submits, in the cells that were measured
// with [Block] and with others.
//
// Each ratio is of the same cell with another submitter, paired by round, with a
// 95 % interval of its own. The cells of two submitters are not launched directly
// after each other, so that a drift of the machine within a round is part of it.
type Submitters struct {
	Effects []SubmitterEffect `json:"effects"` // all, in the order of the cells

	// Reversals are sentences without a full stop: of two parkers one is better
	// with one submitter and worse with another, or a verdict differs.
	Reversals []string `json:"reversals"`
}

// A SubmitterEffect is what another submitter does to one subject.
type SubmitterEffect struct {
	Title      string             `json:"title"` // "wake, gap=200us, 1 worker"
	Impl       string             `json:"impl"`
	Park       string             `json:"park"`
	Comparison compare.Comparison `json:"comparison"` // of the column new.column with Block; not judged
}

// Saturated reports whether the load was too much with one of the two in half of
// the launches or more, so that a ratio of latencies says nothing.
func (e SubmitterEffect) Saturated() bool {
	half := func(s compare.Side) bool { return s.Valid > 0 && 2*s.Saturated >= s.Valid }
	return half(e.Comparison.Old) || half(e.Comparison.New)
}

// Differs reports whether the whole interval is more than [Beyond] away from 1.
func (e SubmitterEffect) Differs() bool {
	i := e.interval()
	return i != nil && (i.Lo > 1+Beyond || i.Hi < 1-Beyond)
}

// within reports whether the whole interval is no more than [Beyond] away.
func (e SubmitterEffect) within() bool {
	i := e.interval()
	return i != nil && i.Lo >= 1-Beyond && i.Hi <= 1+Beyond
}

// interval returns that of the ratio; nil if it has none that says anything.
func (e SubmitterEffect) interval() *compare.Interval {
	if e.Comparison.Effect == nil || e.Saturated() {
		return nil
	}
	return e.Comparison.Effect.Interval
}

// Rows returns the effects by cell: those of one subject with all submitters.
func (s Submitters) Rows() (rows [][]SubmitterEffect) {
	for _, e := range s.Effects {
		if n := len(rows); n > 0 && rows[n-1][0].Comparison.Row == e.Comparison.Row {
			rows[n-1] = append(rows[n-1], e)
		} else {
			rows = append(rows, []SubmitterEffect{e})
		}
	}
	return rows
}

// Summary counts the effects, in one sentence.
func (s Submitters) Summary() string {
	var beyond, within, open, none, saturated int
	for _, e := range s.Effects {
		switch {
		case e.Saturated():
			saturated++
		case e.Differs():
			beyond++
		case e.within():
			within++
		case e.interval() != nil:
			open++
		default:
			none++
		}
	}
	parts := []string{
		fmt.Sprintf("%d differ by more than %.0f %%", beyond, 100*Beyond),
		fmt.Sprintf("%d do not", within),
		fmt.Sprintf("%d are inconclusive", open),
	}
	if saturated > 0 {
		parts = append(parts, fmt.Sprintf("%d are saturated", saturated))
	}
	if none > 0 {
		parts = append(parts, fmt.Sprintf("%d have too few rounds for an interval", none))
	}
	return fmt.Sprintf("Of %s to submitter=%s, %s.", phrase.Count(len(s.Effects), "ratio"), Block, strings.Join(parts, ", "))
}

// submitters compares the submitters in a table; nil if there is nothing to
// compare. Judged is the family of the table's verdicts.
func submitters(t compare.Table, judged compare.Family) *Submitters {
	bySubmitter, byPark := compare.Table{Primary: map[string]string{}}, compare.Table{Primary: map[string]string{}}
	for _, s := range measuredWithSeveral(t) {
		bySubmitter.Primary[s.Workload], byPark.Primary[s.Workload] = "", ""
		cell, _ := record.ParseName(s.Name) // it has a submitter, so it can be parsed
		who, _ := submitterOf(cell)
		s.Row, s.Column = withoutSubmitter(s.Name), who
		bySubmitter.Series = append(bySubmitter.Series, s)
		if record.RoleOf(cell) == record.Implementation {
			s.Row, s.Column = family.WithoutPark(s.Name, cell.Park), cell.Park
			byPark.Series = append(byPark.Series, s)
		}
	}
	if !slices.Contains(bySubmitter.Columns(), Block) || len(bySubmitter.Columns()) < 2 {
		return nil
	}
	f, err := compare.Compare(bySubmitter, Block, compare.Options{})
	if err != nil || len(f.Comparisons) == 0 {
		return nil // what is wrong with the table the verdicts say already
	}
	all := &Submitters{Reversals: append(append([]string{}, parkersReversed(byPark)...), verdictsReversed(judged)...)}
	for _, c := range f.Comparisons {
		cell, _ := record.ParseName(c.Old.Name)
		all.Effects = append(all.Effects, SubmitterEffect{Title: titleWithout(cell), Impl: cell.Impl, Park: cell.Park, Comparison: c})
	}
	return all
}

// measuredWithSeveral returns, of the cells that have the same name but for the
// submitter, the series in the unit that represents their workload.
func measuredWithSeveral(t compare.Table) (series []compare.Series) {
	// A cell has a series in each unit: its name is parsed once.
	without := map[string]string{} // submitter, by name
	units := map[string][]record.Metric{}
	who := map[string][]string{}
	for _, s := range t.Series {
		if list := units[s.Workload]; !slices.ContainsFunc(list, func(m record.Metric) bool { return m.Unit == s.Unit }) {
			units[s.Workload] = append(list, record.Metric{Unit: s.Unit})
		}
		if _, ok := without[s.Name]; ok {
			continue
		}
		name := s.Name
		if cell, err := record.ParseName(s.Name); err == nil {
			if v, ok := submitterOf(cell); ok {
				if name = withoutSubmitter(s.Name); !slices.Contains(who[name], v) {
					who[name] = append(who[name], v)
				}
			}
		}
		without[s.Name] = name
	}
	for _, s := range t.Series {
		unit, known := t.Primary[s.Workload]
		switch {
		case !known:
			unit = "ns/op"
		case unit == "":
			unit = record.Reported(units[s.Workload])
		}
		if s.Unit == unit && len(who[without[s.Name]]) > 1 {
			series = append(series, s)
		}
	}
	return series
}

// A signed is what is known of a pair of parkers: the submitters with which the
// second is better than the first, and those with which it is worse.
type signed struct{ better, worse []string }

// parkersReversed finds the pairs of parkers in which one is better with one submitter
// and worse with another, each by an interval on one side of 1.
func parkersReversed(t compare.Table) (sentences []string) {
	parks := t.Columns()
	var order []string
	impls := map[string][]string{} // by sentence
	for i, first := range parks {
		f, err := compare.Compare(t, first, compare.Options{})
		if err != nil {
			continue
		}
		found := map[string]*signed{}
		var keys []string
		cells := map[string]record.Cell{}
		for _, c := range f.Comparisons {
			if slices.Index(parks, c.New.Column) < i || c.Effect == nil || c.Effect.Interval == nil {
				continue
			}
			cell, _ := record.ParseName(c.New.Name)
			key := withoutSubmitter(c.New.Name)
			if found[key] == nil {
				found[key], cells[key] = &signed{}, cell
				keys = append(keys, key)
			}
			found[key].add(c, cell)
		}
		for _, key := range keys {
			if s := found[key]; len(s.better) > 0 && len(s.worse) > 0 {
				text := fmt.Sprintf("%s: %s is better than %s with %s, and worse with %s",
					titleWithout(cells[key]), cells[key].Park, first, strings.Join(s.better, " and "), strings.Join(s.worse, " and "))
				if impls[text] == nil {
					order = append(order, text)
				}
				impls[text] = append(impls[text], cells[key].Impl)
			}
		}
	}
	for _, text := range order {
		sentences = append(sentences, text+" ("+strings.Join(impls[text], ", ")+")")
	}
	return sentences
}

func (s *signed) add(c compare.Comparison, cell record.Cell) {
	who, _ := submitterOf(cell)
	i := c.Effect.Interval
	switch lower := c.Better == record.Lower; {
	case c.Better == record.Neither || i.Lo <= 1 && i.Hi >= 1:
	case lower == (i.Hi < 1):
		s.better = append(s.better, who)
	default:
		s.worse = append(s.worse, who)
	}
}

// verdictsReversed finds the verdicts that differ with the submitter. That one is
// unresolved is no difference.
func verdictsReversed(f compare.Family) (sentences []string) {
	type key struct{ where, what string }
	type verdicts struct {
		by    map[compare.Verdict][]string // submitters
		order []compare.Verdict
	}
	found := map[key]*verdicts{}
	for _, c := range f.Comparisons {
		cell, err := record.ParseName(c.Old.Name)
		who, ok := submitterOf(cell)
		if err != nil || !ok || !c.Judged || c.Verdict == compare.Unresolved {
			continue
		}
		at := key{titleWithout(cell) + ", " + cell.Park, c.New.Column}
		v := found[at]
		if v == nil {
			v = &verdicts{by: map[compare.Verdict][]string{}}
			found[at] = v
		}
		if v.by[c.Verdict] == nil {
			v.order = append(v.order, c.Verdict)
		}
		v.by[c.Verdict] = append(v.by[c.Verdict], who)
	}
	for at, v := range found {
		if len(v.order) < 2 {
			continue
		}
		var parts []string
		for _, verdict := range v.order {
			parts = append(parts, fmt.Sprintf("%s with %s", verdict, strings.Join(v.by[verdict], " and ")))
		}
		sentences = append(sentences, fmt.Sprintf("%s: %s is %s (compared with %s)", at.where, at.what, strings.Join(parts, ", "), f.Baseline))
	}
	slices.Sort(sentences)
	return sentences
}

// submitterOf returns who submits in a cell.
func submitterOf(c record.Cell) (string, bool) {
	for _, p := range c.Params {
		if p.Name == Submitter {
			return p.Value, true
		}
	}
	return "", false
}

// withoutSubmitter takes the submitter out of a benchmark name.
func withoutSubmitter(name string) string {
	cell, err := record.ParseName(name)
	if who, ok := submitterOf(cell); err == nil && ok {
		return strings.Replace(name, "/"+Submitter+"="+who, "", 1)
	}
	return name
}

// titleWithout names what cells with different submitters have in common.
func titleWithout(c record.Cell) string {
	words := []string{c.Workload}
	for _, p := range c.Params {
		if p.Name != Submitter {
			words = append(words, p.Name+"="+p.Value)
		}
	}
	return strings.Join(append(words, phrase.Count(c.Workers, "worker")), ", ")
}

// usualSubmitter returns, by workload, the submitter that is not worth mentioning.
func usualSubmitter(inputs []*source.Input, all []compare.Comparison) map[string]string {
	var cells []record.Cell
	last := ""
	for _, c := range all {
		if c.Old.Name == last {
			continue // a cell has a comparison in each unit
		}
		last = c.Old.Name
		if cell, err := record.ParseName(c.Old.Name); err == nil {
			cells = append(cells, cell)
		}
	}
	return Usual(inputs, cells)
}

// Usual returns, by workload, the submitter that goes without saying: the
// workload's default, where none of the cells has another.
func Usual(inputs []*source.Input, cells []record.Cell) map[string]string {
	usual := map[string]string{}
	for _, in := range inputs {
		for workload, defaults := range in.Defaults {
			if d := defaults[Submitter]; d != "" {
				usual[workload] = d
			}
		}
	}
	for _, c := range cells {
		if who, ok := submitterOf(c); ok && who != usual[c.Workload] {
			usual[c.Workload] = ""
		}
	}
	return usual
}
