package verdict

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/family"
)

// A Headline is a group in three sentences, each a line.
type Headline struct {
	// Parker says which parker of the baseline is best, by how much, and where it
	// loses; "" if they are not compared.
	Parker string `json:"parker,omitempty"`

	// Subject says which column is best, or that none is and what would have been
	// detected; "" if nothing is compared.
	Subject string `json:"subject,omitempty"`

	// Trust says whether to trust the results, and why.
	Trust string `json:"trust,omitempty"`
}

// Sentences returns those that there are.
func (h Headline) Sentences() []string {
	return slices.DeleteFunc([]string{h.Parker, h.Subject, h.Trust}, func(s string) bool { return s == "" })
}

func (g Group) headline(inputs []*source.Input) (h Headline) {
	if p := g.Parkers; p != nil {
		h.Parker = p.best(fmt.Sprintf("parker of %s", g.Baseline))
	}
	if g.None == "" {
		noun := "column"
		switch g.Column {
		case family.ImplKey:
			noun = "manager"
		case family.ParkKey:
			noun = "parker"
		case fileKey:
			noun = "file"
		}
		h.Subject = g.best(noun)
	}
	if g.None == "" || g.Parkers != nil {
		h.Trust = trust(g, inputs)
	}
	return h
}

// A standing is that of one column against the rest of a family: the significant comparisons
// that it wins and loses, each as a factor of at least 1.
type standing struct {
	name       string
	won, lost  []margin
	compared   int // comparisons that it takes part in
	equivalent int
	unresolved int
}

// A margin is by how much a comparison is won or lost.
type margin struct {
	where  string // the short title
	factor float64
	c      compare.Comparison
}

// standings are those of all columns, the baseline first.
func (g Group) standings() []*standing {
	base := &standing{name: g.Baseline}
	all := []*standing{base}
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			for _, c := range a.Judged {
				i := slices.IndexFunc(all, func(s *standing) bool { return s.name == c.New.Column })
				if i < 0 {
					i = len(all)
					all = append(all, &standing{name: c.New.Column})
				}
				s := all[i]
				s.compared++
				base.compared++
				where := q.Short
				if g.Column != family.ParkKey && a.Park != "" {
					where += ", " + a.Park
				}
				m := margin{where: where, c: c}
				if c.Effect != nil {
					m.factor = math.Exp(math.Abs(math.Log(c.Effect.Ratio)))
				}
				switch c.Verdict {
				case compare.Better:
					s.won, base.lost = append(s.won, m), append(base.lost, m)
				case compare.Worse:
					s.lost, base.won = append(s.lost, m), append(base.won, m)
				case compare.Equivalent:
					s.equivalent++
					base.equivalent++
				case compare.Unresolved:
					s.unresolved++
					base.unresolved++
				}
			}
		}
	}
	return all
}

// best says which column is the best: the one that is better than the baseline in more
// than half of its comparisons, if these are not far fewer than another column has, or
// the baseline if each of the others is worse in more than half. Otherwise it says that
// none is, and which differences there are.
func (g Group) best(noun string) string {
	f := g.Family
	if f.Size == 0 {
		return fmt.Sprintf("No %s is judged: no workload with a primary unit was measured on both sides.", noun)
	}
	family := fmt.Sprintf("a family of %d with an error rate of %.3g %%", f.Size, 100*f.Alpha)
	if g.Premise != "" {
		family = fmt.Sprintf("a family of %d, %s", f.Size, g.Tested())
	}
	all := g.standings()
	base, others := all[0], all[1:]
	ahead := slices.MaxFunc(others, func(a, b *standing) int { return cmp.Compare(len(a.won), len(b.won)) })
	widest := slices.MaxFunc(others, func(a, b *standing) int { return cmp.Compare(a.compared, b.compared) })
	switch {
	case len(base.won)+len(base.lost) == 0:
		var parts []string
		if base.equivalent > 0 {
			parts = append(parts, fmt.Sprintf("%d of %s equivalent within %.3g %%", base.equivalent, are(f.Size, "comparison"), 100*f.Margin))
		}
		if base.unresolved > 0 {
			parts = append(parts, power(f))
		}
		return fmt.Sprintf("No %s differs significantly from %s: %s (%s).", noun, g.Baseline, strings.Join(parts, "; "), family)
	case 2*len(ahead.won) > ahead.compared && 2*ahead.compared >= widest.compared && !rivals(ahead, others):
		return fmt.Sprintf("%s is the best %s: %s (%s).", ahead.name, noun, ahead.against(g.Baseline), family)
	case !slices.ContainsFunc(others, func(s *standing) bool { return 2*len(s.lost) <= s.compared }):
		return fmt.Sprintf("%s is the best %s: %s (%s).", g.Baseline, noun, base.against(g.list(others)), family)
	}
	text := fmt.Sprintf("No %s is best: ", noun)
	if g.Ranked() {
		text += g.ahead()
	} else {
		var parts []string
		for _, s := range others {
			if len(s.won)+len(s.lost) > 0 {
				parts = append(parts, s.name+" is "+s.differences())
			}
		}
		text += fmt.Sprintf("compared with %s, %s", g.Baseline, strings.Join(parts, "; "))
	}
	if base.equivalent > 0 {
		text += fmt.Sprintf("; %d are equivalent within %.3g %%", base.equivalent, 100*f.Margin)
	}
	if base.unresolved > 0 {
		text += fmt.Sprintf("; %d of %d are not significant, and %s", base.unresolved, f.Size, power(f))
	}
	return fmt.Sprintf("%s (%s).", text, family)
}

// list joins the names of columns, or counts them if they are many.
func (g Group) list(all []*standing) string {
	if g.Ranked() {
		return fmt.Sprintf("the %d others", len(all))
	}
	var names []string
	for _, s := range all {
		names = append(names, s.name)
	}
	return strings.Join(names, " and ")
}

// rivals reports whether another column wins as many comparisons with the baseline, so
// that neither is known to be the best: they are not compared with each other.
func rivals(s *standing, others []*standing) bool {
	return slices.ContainsFunc(others, func(o *standing) bool { return o != s && len(o.won) >= len(s.won) })
}

// against is "better than futex in 11 of 18 comparisons, by a factor of 1.2 to 4.1
// (median 1.8), and worse in 5 (wake, submitter=spin: 3.5; 4 more)".
func (s *standing) against(others string) string {
	var factors []float64
	for _, m := range s.won {
		factors = append(factors, m.factor)
	}
	text := fmt.Sprintf("better than %s in %d of %s, by a factor of %s", others, len(s.won), phrase.Count(s.compared, "comparison"), significant(slices.Min(factors)))
	if lo, hi := significant(slices.Min(factors)), significant(slices.Max(factors)); lo != hi {
		text += fmt.Sprintf(" to %s (median %s)", hi, significant(compare.Median(factors)))
	}
	if len(s.lost) == 0 {
		return text + ", and worse in none"
	}
	return text + fmt.Sprintf(", and worse in %d (%s)", len(s.lost), largest(s.lost)) + s.bySubmitter()
}

// differences is "better in 1 (wake: 1.2) and worse in 2 (…)".
func (s *standing) differences() string {
	var of []string
	if len(s.won) > 0 {
		of = append(of, fmt.Sprintf("better in %d (%s)", len(s.won), largest(s.won)))
	}
	if len(s.lost) > 0 {
		of = append(of, fmt.Sprintf("worse in %d (%s)", len(s.lost), largest(s.lost)))
	}
	return strings.Join(of, " and ")
}

// bySubmitter counts what is won and lost with each submitter, if there are several.
func (s *standing) bySubmitter() string {
	won, lost := map[string]int{}, map[string]int{}
	var order []string
	tally := func(all []margin, to map[string]int) {
		for _, m := range all {
			cell, err := record.ParseName(m.c.Old.Name)
			if who, ok := submitterOf(cell); err == nil && ok {
				if won[who]+lost[who] == 0 {
					order = append(order, who)
				}
				to[who]++
			}
		}
	}
	tally(s.won, won)
	tally(s.lost, lost)
	if len(order) < 2 {
		return ""
	}
	var parts []string
	for _, who := range order {
		parts = append(parts, fmt.Sprintf("%s %d/%d", who, won[who], lost[who]))
	}
	return "; by submitter (better/worse): " + strings.Join(parts, ", ")
}

// named is how many comparisons are named in a sentence.
const named = 2

// largest names the largest margins.
func largest(all []margin) string {
	all = slices.SortedStableFunc(slices.Values(all), func(a, b margin) int { return cmp.Compare(b.factor, a.factor) })
	var parts []string
	for _, m := range all[:min(len(all), named)] {
		parts = append(parts, fmt.Sprintf("%s: %s", m.where, significant(m.factor)))
	}
	if n := len(all) - named; n > 0 {
		parts = append(parts, fmt.Sprintf("%d more", n))
	}
	return strings.Join(parts, "; ")
}

// power says which differences the unresolved comparisons of a family would probably
// have detected.
func power(f compare.Family) string {
	var mdes []float64
	needed := 0
	for _, c := range f.Comparisons {
		switch {
		case !c.Judged || c.Verdict != compare.Unresolved:
		case c.MDE != nil:
			mdes = append(mdes, *c.MDE)
		case c.Pairs < c.Needed:
			needed = max(needed, c.Needed)
		}
	}
	switch {
	case len(mdes) == 0 && needed > 0:
		return fmt.Sprintf("there are too few valid rounds, at least %d are needed", needed)
	case len(mdes) == 0:
		return "no smallest detectable change is known"
	case len(mdes) == 1:
		return fmt.Sprintf("the smallest detectable change is %s", Percent(mdes[0]))
	}
	return fmt.Sprintf("the smallest detectable change is %s in the median, %s to %s", Percent(compare.Median(mdes)), Percent(slices.Min(mdes)), Percent(slices.Max(mdes)))
}

// ManyInvalid is the share of invalid launches from which on they say something about
// the machine.
const ManyInvalid = 0.1

// A check is one reason for or against the results.
type check struct {
	text string
	how  concern
}

// A concern is how much a check speaks against the results.
type concern int

const (
	fine concern = iota
	doubtful
	grave
)

// trust says whether to trust the results, and why: self-test, audit, invalid launches,
// quota, oversubscription, virtual machine.
func trust(g Group, inputs []*source.Input) string {
	var checks []check
	for _, in := range inputs {
		if why := in.Partial(); why != "" {
			checks = append(checks, check{why, doubtful})
		}
	}
	if what, _, ok := strings.Cut(g.Premise, ":"); ok {
		checks = append(checks, check{strings.ToLower(what[:1]) + what[1:], doubtful})
	}
	checks = append(checks, selftested(inputs), audited(g), invalid(inputs), quota(inputs), oversubscribed(inputs))
	if virtual := facts(inputs, "virtualised", func(v string) bool { return strings.HasPrefix(v, "yes") }); len(virtual) > 0 {
		checks = append(checks, check{"virtual machine", doubtful})
	}
	worst := fine
	var texts []string
	for _, c := range checks {
		worst = max(worst, c.how)
	}
	for how := grave; how >= fine; how-- { // what speaks against the results first
		for _, c := range checks {
			if c.how == how {
				texts = append(texts, c.text)
			}
		}
	}
	verdict := [...]string{"Trust these results", "Trust these results with reservations", "Do not trust these results"}[worst]
	return verdict + ": " + strings.Join(texts, "; ") + "."
}

func selftested(inputs []*source.Input) check {
	outcome := evidence.Outcome("")
	for _, in := range inputs {
		if in.Selftest != nil {
			outcome = in.Selftest.Outcome
		}
		if outcome == evidence.Failed {
			break
		}
	}
	switch outcome {
	case "":
		return check{"no self-test of this machine", doubtful}
	case evidence.Passed:
		return check{"the self-test passed", fine}
	case evidence.Failed:
		return check{"the self-test failed", grave}
	}
	return check{"the self-test was inconclusive", doubtful}
}

// audited sums up the audit of all judged comparisons, those between parkers too.
func audited(g Group) check {
	var t Tally
	for _, a := range []*Audit{g.Audit, g.parkerAudit()} {
		if a == nil || a.Why != "" {
			continue
		}
		t.Moved += a.Shown.Moved
		t.Steady += a.Shown.Steady
		t.Undecided += a.Shown.Undecided
	}
	switch {
	case t.Audited() == 0:
		return check{"no audit of the harness", doubtful}
	case t.Moved > 0:
		return check{fmt.Sprintf("%d of %s depend on the harness", t.Moved, phrase.Count(t.Audited(), "audited comparison")), doubtful}
	case t.Undecided > 0:
		return check{fmt.Sprintf("the audit is undecided about %d of %s", t.Undecided, phrase.Count(t.Audited(), "comparison")), doubtful}
	}
	return check{fmt.Sprintf("none of %s depends on the harness", phrase.Count(t.Audited(), "audited comparison")), fine}
}

func (g Group) parkerAudit() *Audit {
	if g.Parkers == nil {
		return nil
	}
	return g.Parkers.Audit
}

func invalid(inputs []*source.Input) check {
	launches, bad := 0, 0
	for _, in := range inputs {
		launches += len(in.Launches)
		for _, l := range in.Launches {
			if !l.Valid() {
				bad++
			}
		}
	}
	c := check{text: fmt.Sprintf("%d of %d launches are invalid", bad, launches)}
	if float64(bad) > ManyInvalid*float64(launches) {
		c.how = doubtful
		c.text += fmt.Sprintf(" (%.0f %%)", 100*float64(bad)/float64(launches))
	}
	return c
}

func quota(inputs []*source.Input) check {
	stopped := 0
	for _, in := range inputs {
		for _, l := range in.Launches {
			if periods := l.Condition("throttled-periods"); periods != "" && periods != "0" && periods != "unknown" && l.Valid() {
				stopped++
			}
		}
	}
	limits := facts(inputs, "cpu-limit", func(v string) bool { return v != "none" && v != "unknown" })
	switch {
	case len(facts(inputs, "cpu-quota-short", func(v string) bool { return v == "yes" })) > 0:
		return check{"the CPU quota is smaller than what the cells need", grave}
	case stopped > 0:
		return check{fmt.Sprintf("a CPU quota stopped the threads of %s", launches(stopped)), grave}
	case len(limits) > 0:
		return check{"a CPU quota (" + strings.Join(limits, ", ") + "), which stopped no valid launch", fine}
	case len(facts(inputs, "cpu-limit", func(string) bool { return true })) == 0:
		return check{"CPU quota not known", doubtful}
	}
	return check{"no CPU quota", fine}
}

func oversubscribed(inputs []*source.Input) check {
	values := facts(inputs, "oversubscribed", func(string) bool { return true })
	if len(values) == 0 {
		return check{"oversubscription not known", doubtful}
	}
	for _, v := range values {
		if where, ok := strings.CutPrefix(v, "yes"); ok {
			return check{"oversubscribed" + strings.Replace(where, ", with", " with", 1), doubtful}
		}
	}
	return check{"not oversubscribed", fine}
}

// facts returns the different values that a configuration key has in the inputs, of
// those that are wanted.
func facts(inputs []*source.Input, key string, wanted func(string) bool) (values []string) {
	for _, in := range inputs {
		for _, p := range in.Config {
			if p.Key == key && wanted(p.Value) && !slices.Contains(values, p.Value) {
				values = append(values, p.Value)
			}
		}
	}
	return values
}

// are is "1 comparison is", "3 comparisons are".
func are(n int, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return phrase.Count(n, what) + " are"
}

func launches(n int) string {
	if n == 1 {
		return "1 launch"
	}
	return fmt.Sprintf("%d launches", n)
}
