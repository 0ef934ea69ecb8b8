package trend

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/stats/compare"
)

// A Folder is a result folder and what is in it, or a benchmark file.
type Folder struct {
	Name string
	Run  record.Run // of a file: its configuration, and its date if it has one

	// Values is what a file has; nil for a result folder.
	Values []Value
}

// A History is what is known of one machine, from runs that can be compared.
type History struct {
	Machine []string `json:"machine"` // facts that all runs share, such as "cpu: AMD EPYC"
	Runs    []Run    `json:"runs"`    // at least one, in the order of their commits

	// Searched is the number of metrics in which changes were looked for. Correlation is
	// the upper bound of the correlation of successive runs, by which that was corrected.
	Searched    int     `json:"searched"`
	Correlation float64 `json:"correlation"`

	Metrics []Metric `json:"metrics"` // in the order in which cells were first measured
}

// A Run is one point in a history.
type Run struct {
	Folder string       `json:"folder"`
	Commit string       `json:"commit"` // "unknown" if it was not recorded
	Date   time.Time    `json:"date"`   // of the commit, or of the run's start if that is unknown; the zero time if neither is known
	Dated  bool         `json:"dated"`  // the date is the commit's
	State  record.State `json:"state"`

	file bool // a benchmark file, which has no commit as a rule

	// Differs says what is not as it was in the run before, besides the commit:
	// "kernel: 6.17 → 6.18". A change here may be from there.
	Differs []string `json:"differs,omitempty"`
}

// A Metric is the history of one cell in the unit in which its workload is
// judged, or else reported.
type Metric struct {
	Cell   string        `json:"cell"` // the name of the benchmark; in a file with several configurations, with its own
	Unit   string        `json:"unit"`
	Better record.Better `json:"better"`

	// AtMax is true if the unit is a quantile that in some run most launches have from so
	// few samples that it is their maximum, or next to it.
	AtMax bool `json:"at_max,omitempty"`

	Runs    []int    `json:"runs"`   // indices of those that have it
	Values  Series   `json:"values"` // medians of the valid launches, for each of Runs
	Changes []Change `json:"changes,omitempty"`

	// Missing says why no changes were looked for, if that is so.
	Missing string `json:"missing,omitempty"`
}

// Worse reports whether a change is in the direction that is worse.
func (m Metric) Worse(c Change) bool { return m.Better == record.Lower == (c.Ratio > 1) }

// identity are the facts that make a machine another one. Other facts of the
// machine are settings, which may change in the midst of its history.
var identity = []string{"goos", "goarch", "cpu", "cpus", "cores", "smt", "virtualised", "memory", "cpus-used", "pinned"}

// Histories puts runs in the order of their commits, separately for each machine, and
// looks for changes. Machines are in the order of their names. Runs of the same commit
// are in the order in which they began. If a file has no date, the files and folders of its
// machine are in the order in which they are given.
func Histories(folders []Folder) []History {
	var machines [][]Folder
	for _, f := range folders {
		i := slices.IndexFunc(machines, func(m []Folder) bool { return sameMachine(m[0].Run, f.Run) })
		if i < 0 {
			i = len(machines)
			machines = append(machines, nil)
		}
		machines[i] = append(machines[i], f)
	}
	slices.SortStableFunc(machines, func(a, b []Folder) int { return slices.Compare(facts(a[0].Run, identity), facts(b[0].Run, identity)) })
	var all []History
	for _, m := range machines {
		all = append(all, history(m))
	}
	look(all)
	return all
}

// look finds the changes of all metrics that are judged. They share the report's error
// rate, unless they are too short even for a change in a single series.
func look(all []History) {
	series := make([][]Series, len(all))
	search := Search{}
	for i, h := range all {
		for _, m := range h.Metrics {
			if m.Missing == "" && (Search{Series: 1}).Detectable(len(m.Values)) {
				series[i] = append(series[i], m.Values)
				search.Series++
			}
		}
	}
	for i := range all {
		h := &all[i]
		h.Searched, h.Correlation = len(series[i]), Correlation(series[i])
		search.Correlation = h.Correlation
		for k := range h.Metrics {
			h.Metrics[k].look(search)
		}
	}
}

// sameMachine reports whether two runs are of the same machine.
func sameMachine(a, b record.Run) bool {
	return !slices.ContainsFunc(identity, func(key string) bool { return !environ.Same(key, a.Fact(key), b.Fact(key)) })
}

func history(folders []Folder) History {
	undated := slices.ContainsFunc(folders, func(f Folder) bool { date, _ := dateOf(f.Run); return date.IsZero() })
	slices.SortStableFunc(folders, func(a, b Folder) int {
		if undated {
			return 0
		}
		x, _ := dateOf(a.Run)
		y, _ := dateOf(b.Run)
		return cmp.Or(x.Compare(y), a.Run.Start.Compare(b.Run.Start), cmp.Compare(a.Name, b.Name))
	})
	h := History{Machine: facts(folders[0].Run, identity)}
	for i, f := range folders {
		r := Run{Folder: f.Name, Commit: f.Run.Fact("commit"), State: f.Run.State}
		r.Date, r.Dated = dateOf(f.Run)
		r.file = f.Values != nil
		if i > 0 {
			r.Differs = differences(folders[i-1].Run, f.Run)
		}
		h.Runs = append(h.Runs, r)
		if f.Values != nil {
			h.addValues(i, f.Values)
		} else {
			h.add(i, f.Run)
		}
	}
	return h
}

// add puts the values of a run into the metrics.
func (h *History) add(index int, run record.Run) {
	values := make(map[string][]float64)
	atMax := make(map[string]int)
	var names []string
	first := make(map[string]record.Launch)
	for _, l := range run.Recorded {
		unit, _ := shown(run, l)
		i := slices.IndexFunc(l.Metrics, func(m record.Metric) bool { return m.Unit == unit })
		if i < 0 || len(l.Invalid) > 0 {
			continue
		}
		name := l.Cell.Name()
		if _, ok := first[name]; !ok {
			first[name] = l
			names = append(names, name)
		}
		values[name] = append(values[name], l.Metrics[i].Value)
		if l.AtMax(l.Metrics[i].Unit) {
			atMax[name]++
		}
	}
	for _, name := range names {
		unit, judged := shown(run, first[name])
		i := slices.IndexFunc(h.Metrics, func(m Metric) bool { return m.Unit == unit && m.Cell == name })
		if i < 0 {
			i = len(h.Metrics)
			m := Metric{Cell: name, Unit: unit}
			if !judged {
				m.Missing = record.NotJudged
			}
			if u := slices.IndexFunc(run.Units, func(u record.Unit) bool { return u.Name == unit }); u >= 0 {
				m.Better = run.Units[u].Better
			}
			h.Metrics = append(h.Metrics, m)
		}
		m := &h.Metrics[i]
		m.AtMax = m.AtMax || record.AtMax(len(values[name]), atMax[name])
		m.Runs = append(m.Runs, index)
		m.Values = append(m.Values, compare.Median(values[name]))
	}
}

// shown returns the unit whose history is shown for a launch's cell, and whether its
// workload is judged in it.
func shown(run record.Run, l record.Launch) (unit string, judged bool) {
	if unit := run.Primary[l.Cell.Workload]; unit != "" {
		return unit, true
	}
	return record.Reported(l.Metrics), false
}

// look finds the changes of a metric, unless it is not judged.
func (m *Metric) look(search Search) {
	if m.Missing != "" {
		return
	}
	if !search.Detectable(len(m.Values)) {
		m.Missing = fmt.Sprintf("fewer than %d runs", search.leastRuns())
		return
	}
	changes, err := search.Changes(m.Values)
	if err != nil {
		m.Missing = "no change points: some values are zero"
		return
	}
	m.Changes = changes
}

func facts(run record.Run, keys []string) []string {
	var list []string
	for _, k := range keys {
		list = append(list, k+": "+run.Fact(k))
	}
	return list
}

// dateOf returns when what was measured was committed, or else when it was
// measured.
func dateOf(run record.Run) (date time.Time, committed bool) {
	if t, err := time.Parse(time.RFC3339, run.Fact("commit-date")); err == nil {
		return t, true
	}
	return run.Start, false
}

// differences says which settings and which toolchain are new.
func differences(old, new record.Run) []string {
	var list []string
	for _, f := range environ.Read(environ.System{}) {
		a, b := old.Fact(f.Key), new.Fact(f.Key)
		if (f.Scope == environ.Machine || f.Key == "go") && !environ.Same(f.Key, a, b) {
			list = append(list, fmt.Sprintf("%s: %s → %s", f.Key, a, b))
		}
	}
	return list
}
