package fleet

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/curves"
)

// A Model is the summary of a simulated run.
type Model struct {
	Name   string // of the simulated machine; with the folder's if several have the same
	Result Result
	Title  string // what it is a model of
	CPUs   string
	Seeds  int
	Orders []Order // none if nothing can be compared
	commit string
}

// An Order is how two designs compare on a simulated machine.
type Order struct {
	pair
	Question        string
	Baseline, Other string
	Ratio           curves.Band // other over baseline, seed by seed
	Verdict         compare.Verdict
}

// A pair is what a comparison compares: the names of two cells, alike on all machines.
type pair struct{ of, against string }

// readSimulated finds out what a folder of a simulated run by itself is.
func readSimulated(folder string, m record.Manifest) Result {
	r := Result{Folder: folder, Model: m.Simulated(), Status: Simulated}
	if slices.ContainsFunc(m.Plan.Cells, isVaried) {
		r.Status, r.Why = Foreign, "its cells are on varied machines, and belong to the simulated run that it is a folder of"
		return r
	}
	if _, err := record.ReadLaunches(folder); err != nil {
		r.Status, r.Why = HalfWritten, err.Error()
		return r
	}
	if m.State.Partial() {
		r.Status = HalfWritten
		r.Why = fmt.Sprintf(`its run is %s, with %s: "bench simulate -resume" simulates the rest`, m.State, phrase.Count(m.Launches, "launch"))
		return r
	}
	r.seal = sameResults(m)
	return r
}

func isVaried(c record.Cell) bool {
	_, v, err := simulated.Split(c)
	return err == nil && v != nil
}

// sameResults is alike for simulated runs that have the same results: of the same program,
// machine and plan.
func sameResults(m record.Manifest) string {
	h := fnv.New128a()
	if err := json.NewEncoder(h).Encode([]any{m.Program, m.Fact(record.DigestKey), m.Plan}); err != nil {
		return m.Start.String() // nothing is the same as a plan that cannot be written
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Models summarises simulated results, in the order of their names.
func Models(results []Result) ([]Model, error) {
	models := make([]Model, len(results))
	byName := make(map[string]int)
	for i, r := range results {
		var err error
		if models[i], err = model(r); err != nil {
			return nil, err
		}
		byName[r.Model]++
	}
	for i := range models {
		if m := &models[i]; byName[m.Name] > 1 {
			m.Name += " (" + filepath.Base(m.Result.Folder) + ")"
		}
	}
	slices.SortStableFunc(models, func(a, b Model) int { return strings.Compare(a.Name, b.Name) })
	return models, nil
}

func model(r Result) (Model, error) {
	run, err := record.ReadLaunches(r.Folder)
	if err != nil {
		return Model{}, err
	}
	m := Model{Name: r.Model, Result: r, Title: strings.TrimPrefix(run.Fact("cpu"), "simulated: "), CPUs: run.Fact("cpus"), Seeds: run.Plan.Rounds, commit: run.Fact("commit")}
	values := bySeed(run)
	all, err := answers(r.Folder, run)
	if err != nil {
		return Model{}, err
	}
	for _, a := range all {
		if a.Family != Managers {
			continue // what a parker costs is put into a model, not found by it
		}
		for _, c := range a.Judged {
			o := Order{pair: pairOf(c), Question: a.Question, Baseline: a.Baseline, Other: c.New.Column}
			var ok bool
			if o.Ratio, ok = ratioOf(values[c.New.Name], values[c.Old.Name]); ok {
				o.Verdict = orderOf(o.Ratio, c.Better)
				m.Orders = append(m.Orders, o)
			}
		}
	}
	return m, nil
}

func pairOf(c compare.Comparison) pair { return pair{c.New.Name, c.Old.Name} }

// bySeed returns for each cell its values in the primary unit by round, NaN where one is
// missing.
func bySeed(run record.Run) map[string][]float64 {
	all := make(map[string][]float64)
	for _, l := range run.Recorded {
		name := l.Cell.Name()
		for len(all[name]) <= l.Round {
			all[name] = append(all[name], math.NaN())
		}
		for _, x := range l.Metrics {
			if x.Unit == run.Primary[l.Cell.Workload] && len(l.Invalid) == 0 {
				all[name][l.Round] = x.Value
			}
		}
	}
	return all
}

// ratioOf is the band of the ratios of two cells, seed by seed; ok is false if there is
// none.
func ratioOf(of, against []float64) (b curves.Band, ok bool) {
	var ratios []float64
	for seed := range min(len(of), len(against)) {
		if x := of[seed] / against[seed]; x > 0 && !math.IsInf(x, 0) {
			ratios = append(ratios, x)
		}
	}
	return curves.BandOf(ratios...)
}

// orderOf says how a design compares with the baseline, which needs all seeds: better or
// worse if every seed is beyond a tie, equivalent if every seed is a tie. It is no
// statistical verdict: a model has no noise that it could be told from.
func orderOf(ratio curves.Band, better record.Better) compare.Verdict {
	below, above := compare.Better, compare.Worse
	if better == record.Higher {
		below, above = above, below
	}
	switch {
	case ratio.High < 1/curves.Tied:
		return below
	case ratio.Low > curves.Tied:
		return above
	case ratio.Low >= 1/curves.Tied && ratio.High <= curves.Tied:
		return compare.Equivalent
	}
	return compare.Unresolved
}
