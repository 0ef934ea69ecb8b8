package format

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/perf/benchunit"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/placement"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// A Report is what there is to say.
type Report struct {
	Source *source.Source
	Groups []verdict.Group

	// Benchstat is what the command BenchstatCommand prints; or BenchstatError
	// says why it prints nothing. A format that does not show it does not need it.
	Benchstat        string
	BenchstatCommand string // for a shell; "" if there is no file for it
	BenchstatError   string

	// All says that text leaves nothing out: every comparison, every fact, and the
	// tables of benchstat.
	All bool

	Command string // how the report was made, for a shell
	Made    time.Time
}

// Complete reports whether everything was used and nothing failed.
func (r *Report) Complete() bool {
	return len(r.Source.NotUsed) == 0 && r.BenchstatError == "" &&
		!slices.ContainsFunc(r.Groups, func(g verdict.Group) bool { return g.Failed })
}

// A tally counts verdicts.
type tally struct {
	judged, better, worse, equivalent, unresolved int

	tooFew int // of the unresolved, those with too few rounds for any verdict
	needed int // rounds that these take
}

func tallyOf(f compare.Family) (t tally) {
	for _, c := range f.Comparisons {
		if !c.Judged {
			continue
		}
		t.judged++
		switch c.Verdict {
		case compare.Better:
			t.better++
		case compare.Worse:
			t.worse++
		case compare.Equivalent:
			t.equivalent++
		default:
			t.unresolved++
			if c.Pairs < c.Needed {
				t.tooFew++
				t.needed = max(t.needed, c.Needed)
			}
		}
	}
	return t
}

func (t tally) String() string {
	text := fmt.Sprintf("%d better, %d worse, %d equivalent, %d unresolved", t.better, t.worse, t.equivalent, t.unresolved)
	if t.tooFew > 0 {
		text += fmt.Sprintf(" (%d with too few valid rounds: a family of %d needs at least %d)", t.tooFew, t.judged, t.needed)
	}
	return text
}

// summary says how a group was compared and what came out.
func summary(g verdict.Group) string {
	f := g.Family
	if f.Size == 0 {
		return fmt.Sprintf("nothing is judged: no comparison with %s has a primary unit on both sides.", name(g.Baseline))
	}
	text := fmt.Sprintf("%s with %s: %s. %s; differences below %.3g %% are equivalent.",
		phrase.Count(f.Size, "comparison"), name(g.Baseline), tallyOf(f), capital(g.Tested()), 100*f.Margin)
	if g.Premise != "" {
		text += " " + g.Premise
	}
	return text
}

// capital begins a sentence.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// A trust is what is to be known of an input before its numbers are believed.
type trust struct {
	launches, invalid int
	limits            []string // "steal 3×", the most frequent first
	without           []string // cells without a valid launch, with the reason
	machine           []record.Pair
	facts             []string // sentences
}

func trustOf(in *source.Input) trust {
	t := trust{launches: len(in.Launches), machine: in.Config}
	counts := map[string]int{}
	var limits []string
	for _, l := range in.Launches {
		if l.Valid() {
			continue
		}
		t.invalid++
		for _, limit := range l.Invalid {
			if counts[limit]++; counts[limit] == 1 {
				limits = append(limits, limit)
			}
		}
	}
	slices.SortStableFunc(limits, func(a, b string) int { return counts[b] - counts[a] })
	for _, l := range limits {
		t.limits = append(t.limits, fmt.Sprintf("%s %d×", name(l), counts[l]))
	}
	for _, c := range in.Cells {
		if len(c.Valid()) > 0 {
			continue
		}
		why := "it was not launched"
		switch {
		case len(c.Failures) > 0:
			why = fmt.Sprintf("%s failed, the last with: %s", phrase.Count(len(c.Failures), "launch"), name(c.Failures[len(c.Failures)-1].Error))
		case len(c.Launches) > 0:
			why = fmt.Sprintf("%s invalid", phrase.Count(len(c.Launches), "launch"))
		}
		t.without = append(t.without, name(c.Title())+": "+why)
	}
	t.facts = facts(in)
	return t
}

// facts are sentences about an input.
func facts(in *source.Input) (facts []string) {
	if why := in.Partial(); why != "" {
		facts = append(facts, why+": some launches of the plan are missing")
	}
	if m := in.Manifest; m != nil {
		if len(m.Sessions) > 1 {
			facts = append(facts, fmt.Sprintf("the run was interrupted and went on: it has %d sessions", len(m.Sessions)))
		}
		for _, s := range m.Sessions {
			for _, d := range s.Dropped {
				facts = append(facts, "cut off when the run went on: "+name(d))
			}
		}
	}
	if in.Text != nil && in.Text.Mended != "" {
		facts = append(facts, capital(in.Text.Mended)+": other tools do not read it as it is")
	}
	placed := placement.Of(in)
	if placed.Where != "" {
		facts = append(facts, placed.Where)
	}
	facts = append(facts, placed.Warnings...)
	for _, c := range in.Cells {
		if c.Saturated() {
			fact := name(c.Title()) + " is saturated: it did not achieve 99 % of the offered load"
			if offered := compare.Median(c.Values("offered-tasks/sec")); offered > 0 {
				fact += fmt.Sprintf(", but %.3g %%", 100*compare.Median(c.Values("achieved-tasks/sec"))/offered)
			}
			facts = append(facts, fact)
		}
	}
	if fact := atMaxFact(in); fact != "" {
		facts = append(facts, fact)
	}
	if in.Unfinished {
		facts = append(facts, "the self-test in this folder was not finished")
	}
	if e := in.Selftest; e != nil {
		facts = append(facts, fmt.Sprintf("self-test of this machine: %s", e.Outcome))
		for _, c := range e.Claims {
			facts = append(facts, fmt.Sprintf("%s: %s: %s", name(c.Name), c.Outcome, c.Text))
		}
	}
	return facts
}

// atMaxFact says which of the quantiles in the tables of benchstat are at the maximum
// of their samples: those tables have no marks. It is "" if none is.
func atMaxFact(in *source.Input) string {
	cells := map[string][]string{} // by quantile
	var units []string
	quantiles := slices.DeleteFunc(slices.Clone(in.Units), func(u record.Unit) bool { _, _, ok := record.Quantile(u.Name); return !ok })
	for _, c := range in.Cells {
		if c.Parsed == nil || c.Role == record.Calibration {
			continue
		}
		for _, u := range quantiles {
			name, _, _ := record.Quantile(u.Name)
			if c.AtMax(u.Name) && len(c.Values(u.Name)) > 0 && !slices.Contains(cells[name], c.Name) {
				cells[name] = append(cells[name], c.Name)
				units = append(units, u.Name)
			}
		}
	}
	if len(units) == 0 {
		return ""
	}
	var each []string
	for _, q := range slices.Sorted(maps.Keys(cells)) {
		var workloads []string
		for _, c := range cells[q] {
			if w, _, _ := strings.Cut(c, "/"); !slices.Contains(workloads, name(w)) {
				workloads = append(workloads, name(w))
			}
		}
		each = append(each, fmt.Sprintf("%s of %s (%s)", q, phrase.Count(len(cells[q]), "cell"), strings.Join(workloads, ", ")))
	}
	_, why, _ := strings.Cut(compare.AtMaxNote(units...), ": ")
	return strings.Join(each, " and ") + " are the maximum of their samples, or next to it: " + why
}

// limits are the rows that say what this machine can do: floors and
// calibrations, in the unit of the workload as benchstat writes it.
func limits(in *source.Input) (rows [][]string) {
	for _, c := range in.Cells {
		if c.Role != record.Floor && c.Role != record.Calibration || c.Parsed == nil {
			continue
		}
		unit := in.Primary[c.Parsed.Workload]
		if values := c.Values(unit); unit != "" && len(values) > 0 {
			value, base := benchunit.Tidy(compare.Median(values), unit)
			rows = append(rows, []string{name(c.Title()), benchunit.Scale(value, benchunit.ClassOf(base)), base, strconv.Itoa(len(values))})
		}
	}
	return rows
}
