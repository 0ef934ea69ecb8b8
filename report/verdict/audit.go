package verdict

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
)

// An Audit says which comparisons of a group depend on the harness, by the audit of
// the machine.
type Audit struct {
	Why string `json:"why,omitempty"` // why there is none; the rest is empty then

	State      record.State `json:"state,omitempty"` // of the audit's run
	Margin     float64      `json:"margin"`          // 0.1 is a factor from 1/1.1 to 1.1
	Confidence float64      `json:"confidence"`      // of each interval by itself

	Shown  Tally `json:"shown"`  // what the answers show
	Others Tally `json:"others"` // other units, and references

	Properties []Property   `json:"properties"` // those that move something here
	Marks      []Mark       `json:"marks"`      // of all comparisons that were audited
	Parkers    []ParkerMove `json:"parkers"`    // ratios between parkers of the baseline that move, the largest first
}

// A Tally counts comparisons by status.
type Tally struct {
	Of        int `json:"of"`
	Moved     int `json:"moved"`
	Undecided int `json:"undecided"`
	Steady    int `json:"steady"`
}

// Audited is how many were audited.
func (t Tally) Audited() int { return t.Moved + t.Undecided + t.Steady }

// A Property is something of the harness that moves comparisons.
type Property struct {
	Name  string `json:"name"`  // submitter=spin
	About string `json:"about"` // one line, no full stop
	Moved int    `json:"moved"` // comparisons that the answers show
}

// NotAudited is the status of a comparison that the audit does not have.
const NotAudited evidence.Status = "not audited"

// A Mark says of one comparison whether it depends on the harness.
type Mark struct {
	Row    string          `json:"row"`
	Column string          `json:"column"`
	Unit   string          `json:"unit"`
	Status evidence.Status `json:"status"` // moved if any property moves it, steady if none does

	Undecided int    `json:"undecided"` // properties
	Moves     []Move `json:"moves"`     // the largest first
}

// A Move is the factor by which one property of the harness moves a ratio.
type Move struct {
	Property string  `json:"property"`
	Ratio    float64 `json:"ratio"`
	Lo       float64 `json:"lo"`
	Hi       float64 `json:"hi"`
	Jointly  bool    `json:"jointly,omitempty"` // moved even by intervals that hold all together
	Reason   string  `json:"reason,omitempty"`  // what else is wrong with it
}

// A ParkerMove is what a property does to the ratio of two parkers of the baseline.
type ParkerMove struct {
	Title   string `json:"title"` // "wake, gap=200us, 1 worker"
	Impl    string `json:"impl"`
	Park    string `json:"park"`
	Against string `json:"against"` // the other parker
	Unit    string `json:"unit"`
	Primary bool   `json:"primary"` // the workload is judged in the unit
	Move
}

// String is "submitter=spin: ×1.31 [1.18, 1.44]".
func (m Move) String() string {
	text := fmt.Sprintf("%s: ×%s [%s, %s]", m.Property, Times(m.Ratio), Times(m.Lo), Times(m.Hi))
	if m.Reason != "" {
		what, _, _ := strings.Cut(m.Reason, ":")
		text += ", " + what
	}
	return text
}

// Times writes a factor with two to three digits.
func Times(f float64) string {
	switch {
	case f >= 10:
		return fmt.Sprintf("%.0f", f)
	case f >= 3:
		return fmt.Sprintf("%.1f", f)
	case f < 0.01:
		return fmt.Sprintf("%.0e", f)
	case f < 0.1:
		return fmt.Sprintf("%.3f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

// Moved are the names of the properties that move the comparison.
func (m Mark) Moved() (names []string) {
	for _, move := range m.Moves {
		names = append(names, move.Property)
	}
	return names
}

// Depends is "depends on submitter=spin: ×1.31 [1.18, 1.44]; slack-1ns: …", "" if
// nothing is known to move the comparison.
func (m Mark) Depends() string {
	var texts []string
	for _, move := range m.Moves {
		texts = append(texts, move.String())
	}
	if texts == nil {
		return ""
	}
	return "depends on " + strings.Join(texts, "; ")
}

// Mark returns the mark of a comparison of the group. It has no status if there is no
// audit.
func (g Group) Mark(c compare.Comparison) Mark {
	m := Mark{Row: c.Row, Column: c.New.Column, Unit: c.Unit, Moves: []Move{}}
	if g.Audit == nil || g.Audit.Why != "" {
		return m
	}
	for _, have := range g.Audit.Marks {
		if have.Row == m.Row && have.Column == m.Column && have.Unit == m.Unit {
			return have
		}
	}
	m.Status = NotAudited
	return m
}

// audit marks the comparisons by the folder's audit.
func (g *Group) audit(in *source.Input) {
	g.Audit = &Audit{Properties: []Property{}, Marks: []Mark{}, Parkers: []ParkerMove{}}
	e := in.Audit
	if e == nil {
		g.Audit.Why = unaudited(in)
		return
	}
	a := g.Audit
	a.State, a.Margin, a.Confidence = e.State, e.Margin, e.Confidence
	known := map[string]bool{} // cells with a ratio; most of a run have none
	for _, r := range e.Results {
		if r.Kind == evidence.Ratio {
			known[r.Cell.Name()] = true
		}
	}
	moves, shown := map[string]int{}, map[string]int{} // by property
	mark := func(c compare.Comparison, t *Tally, isShown bool) Mark {
		m := Mark{Row: c.Row, Column: c.New.Column, Unit: c.Unit, Status: NotAudited, Moves: []Move{}}
		cell, err := record.ParseName(c.New.Name)
		against, err2 := record.ParseName(c.Old.Name)
		if err == nil && err2 == nil && (known[c.New.Name] || known[c.Old.Name]) {
			m.take(e.Between(cell, against, c.Unit), c.New.Name)
		}
		t.add(m.Status)
		if m.Status != NotAudited {
			a.Marks = append(a.Marks, m)
		}
		for _, move := range m.Moves {
			moves[move.Property]++
			if isShown {
				shown[move.Property]++
			}
		}
		return m
	}
	seen := map[[3]string]bool{}
	id := func(c compare.Comparison) [3]string { return [3]string{c.Row, c.New.Column, c.Unit} }
	for i := range g.Questions {
		for j := range g.Questions[i].Answers {
			answer := &g.Questions[i].Answers[j]
			for _, c := range answer.Shown() {
				seen[id(c)] = true
				answer.Marks = append(answer.Marks, mark(c, &a.Shown, true))
			}
		}
	}
	families := []compare.Family{g.Family}
	if g.References != nil {
		families = append(families, *g.References)
	}
	for _, f := range families {
		for _, c := range f.Comparisons {
			if !seen[id(c)] {
				mark(c, &a.Others, false)
			}
		}
	}
	a.parkers(in)
	for _, m := range a.Parkers {
		moves[m.Property]++
	}
	for _, p := range e.Properties {
		if moves[p.Name] > 0 {
			a.Properties = append(a.Properties, Property{Name: p.Name, About: p.About, Moved: shown[p.Name]})
		}
	}
}

// unaudited says why there is no audit of a folder's results, in a sentence.
func unaudited(in *source.Input) string {
	if in.NoAudit != "" {
		return fmt.Sprintf("Not audited: the folder's %s is not used: %s.", evidence.Audit.File, strings.TrimSuffix(in.NoAudit, "."))
	}
	return `Not audited on this machine: run "bench audit" to see which results depend on the harness.`
}

// take takes up what was found of a comparison whose new side has the given name.
func (m *Mark) take(found []evidence.Result, name string) {
	for _, r := range found {
		status := r.Status
		if status == evidence.Moved {
			if move, ok := moveOf(r, r.Cell.Name() != name); ok {
				m.Moves = append(m.Moves, move)
			} else {
				status = evidence.Undecided
			}
		}
		if status == evidence.Undecided {
			m.Undecided++
		}
		m.Status = strongest(m.Status, status)
	}
	slices.SortStableFunc(m.Moves, func(a, b Move) int { return cmp.Compare(b.size(), a.size()) })
}

// strongest returns which of two says more about a comparison: that one property moves
// it does not depend on what the others do.
func strongest(a, b evidence.Status) evidence.Status {
	order := []evidence.Status{NotAudited, evidence.Steady, evidence.Undecided, evidence.Moved}
	return order[max(slices.Index(order, a), slices.Index(order, b), 0)]
}

// moveOf is a result as a move, of the inverse ratio if the two sides are exchanged.
// It is not ok if there is no interval to speak of.
func moveOf(r evidence.Result, exchanged bool) (m Move, ok bool) {
	m = Move{Property: r.Property, Ratio: r.Ratio, Lo: r.Lo, Hi: r.Hi, Jointly: r.Jointly, Reason: r.Reason}
	if exchanged {
		m.Ratio, m.Lo, m.Hi = 1/r.Ratio, 1/r.Hi, 1/r.Lo
	}
	for _, f := range []float64{m.Ratio, m.Lo, m.Hi} {
		if !(f > 0) || math.IsInf(f, 0) {
			return Move{}, false
		}
	}
	return m, true
}

// size is how far the ratio is moved, in either direction.
func (m Move) size() float64 { return math.Abs(math.Log(m.Ratio)) }

func (t *Tally) add(s evidence.Status) {
	t.Of++
	switch s {
	case evidence.Moved:
		t.Moved++
	case evidence.Undecided:
		t.Undecided++
	case evidence.Steady:
		t.Steady++
	}
}

// parkers takes up the moves between parkers whose cells are both in the input.
func (a *Audit) parkers(in *source.Input) {
	for _, r := range in.Audit.Results {
		if r.Kind != evidence.Ratio || r.Status != evidence.Moved || !r.Parkers() || in.Cell(r.Cell.Name()) == nil || in.Cell(r.Against.Name()) == nil {
			continue
		}
		if move, ok := moveOf(r, false); ok {
			a.Parkers = append(a.Parkers, ParkerMove{titleWithout(r.Cell), r.Cell.Impl, r.Cell.Park, r.Against.Park, r.Unit, r.Primary, move})
		}
	}
	slices.SortStableFunc(a.Parkers, func(x, y ParkerMove) int { return cmp.Compare(y.size(), x.size()) })
}
