package compare

import (
	"slices"

	"github.com/idlebench/idlebench/record"
)

// Replay judges a run, or two, stopped by what was seen at interim analyses: it judges what
// was measured up to each look of the schedule, as the run did. To judge the launches
// as if their number had been fixed would exceed alpha: what looked like a difference was
// measured no more, and what did not went on.
//
// Settled is that of [NewSequence]; it need not be that of the run. A comparison of which
// nothing was measured after a look is judged for the last time at that look: its launches
// have no share of the later ones. Launches after the last look that was reached do not
// count, since the run had no look there, unless the schedule goes to the end of the run.
// If there was no look, nothing is judged.
func Replay(s Schedule, t Table, baseline string, o Options, settled func(Comparison) bool) (Family, error) {
	measured := make(map[string]int) // rounds, by row
	rounds := 0
	for _, series := range t.Series {
		for _, observation := range series.Observations {
			measured[series.Row] = max(measured[series.Row], observation.Round+1)
		}
		rounds = max(rounds, measured[series.Row])
	}
	var here Look
	q, err := NewSequence(s, baseline, o, func(c Comparison) bool { return settled(c) || measured[c.Row] <= here.Rounds && here.Rounds < rounds })
	if err != nil {
		return Family{}, err
	}
	var f Family
	for {
		next, ok := q.Next()
		if !ok || rounds < next.Rounds {
			break
		}
		here = next
		if f, err = q.Look(t.upTo(next.Rounds)); err != nil {
			return Family{}, err
		}
	}
	// A run that ended at a look may have ended because of what was seen there, so it has no
	// other look at its end.
	if _, left := q.Next(); left && s.ToEnd && rounds > here.Rounds {
		here = Look{Rounds: rounds}
		if f, err = q.Final(t); err != nil {
			return Family{}, err
		}
	}
	if f.Look > 0 {
		return f, nil
	}
	o.NotJudged = "the run ended before its first interim analysis"
	return Compare(t, baseline, o)
}

// Settled reports whether nothing more is to be learnt about a judged comparison: it has a
// verdict, or can have none.
func (c Comparison) Settled() bool { return c.Verdict != Unresolved || c.Barred }

// upTo returns the table of the first rounds.
func (t Table) upTo(rounds int) Table {
	t.Series = slices.Clone(t.Series)
	for i := range t.Series {
		t.Series[i].Observations = slices.DeleteFunc(slices.Clone(t.Series[i].Observations), func(o Observation) bool { return o.Round >= rounds })
	}
	return t
}

// ScheduleOf returns the looks at which two runs were judged together; ok is false if they
// were not. Such runs were judged at their end, too.
func ScheduleOf(old, new record.Run) (s Schedule, ok bool) {
	s = Schedule{Looks: old.Plan.Looks, ToEnd: true}
	return s, len(s.Looks) > 0 && old.Plan.Seed == new.Plan.Seed && slices.Equal(s.Looks, new.Plan.Looks)
}
