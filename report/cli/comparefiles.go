package cli

import (
	"fmt"
	"maps"
	"slices"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/gate"
)

// decideFiles compares two benchmark files, one of which may be that of a folder.
func decideFiles(old, new string, t gate.Thresholds, units record.Judge) (gate.Decision, error) {
	src, err := source.Open("", old, new)
	if err != nil {
		return gate.Decision{}, err
	}
	if err := unmixed(origins(src)...); err != nil {
		return gate.Decision{}, err
	}
	if err := judgeIn(src, units); err != nil {
		return gate.Decision{}, err
	}
	table := compare.Table{}
	var files []compare.File
	primary := map[string]string{}
	for _, in := range src.Inputs {
		if in.Text == nil {
			return gate.Decision{}, fmt.Errorf("%s has no benchmarks: %s", in.Argument(), src.Why(in))
		}
		files = append(files, compare.File{Name: in.Column(), Text: in.Text})
		maps.Copy(primary, in.Primary)
	}
	if table, err = compare.FromBenchmarks(compare.Selection{Col: ".file"}, files...); err != nil {
		return gate.Decision{}, err
	}
	table = withoutReferences(table)
	table.Primary, table.Units = primary, slices.Sorted(maps.Keys(t.Units))
	if err := unmeasured(t, table); err != nil {
		return gate.Decision{}, err
	}
	before, after := src.Inputs[0].Name, src.Inputs[1].Name
	o := compare.Options{NotJudged: verdict.Elsewhere(src.Inputs), Margin: t.Least(), OneSided: true}
	f, err := compare.Compare(table, files[0].Name, o)
	if err != nil {
		return gate.Nothing(before, after, err.Error()), nil
	}
	d := gate.Decide(before, after, f, t, nil)
	if verdict.Premise(f, verdict.Options{}, src.Inputs) != "" {
		d.Notes = append(d.Notes, "nothing says that the two were measured close together and in random order: the reason for a difference may be the machine")
	}
	d.Notes = append(d.Notes, f.Warnings...)
	for _, u := range f.Unmatched {
		if u.Unit == "" {
			d.Notes = append(d.Notes, fmt.Sprintf("only %s has %s", u.Column, u.Row))
		}
	}
	for i, n := range src.NotUsed {
		if i == mostProblems {
			d.Notes = append(d.Notes, fmt.Sprintf("and %d more that is not used", len(src.NotUsed)-i))
			break
		}
		d.Notes = append(d.Notes, n.String())
	}
	if len(src.NotUsed) > 0 && d.Outcome != gate.Fail {
		d.Outcome, d.Why = gate.Useless, "some of the input was not used, or is missing since something failed: see the notes"
	}
	return d, nil
}
