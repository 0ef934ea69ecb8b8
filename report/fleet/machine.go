package fleet

import (
	"cmp"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/record/job"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// A Machine is the summary of a result.
type Machine struct {
	Name   string
	Result Result
	Facts  map[string]string // of the machine, by key of package environ

	Launches, Invalid, Failed int

	// Multiples are the medians of cells in their primary units, as multiples of the floor
	// on the same machine.
	Multiples map[Subject]float64

	Answers []Answer
	Unfit   []string // why; nil if it is fit

	boot     string
	commit   string // of the program
	sessions []record.Session
}

// A Subject is a cell, named as a table shows it.
type Subject struct {
	Question string // the workload with its parameters
	Of       string // the manager and the parker
}

// An Answer is a question with the verdicts of a machine.
type Answer struct {
	Family   string // Managers or Parkers
	Question string // with the parker, among managers
	Short    string // the question without what all of the machine have in common
	Baseline string
	Winner   string // "" if there is none
	Judged   []compare.Comparison
}

// The families of comparisons.
const (
	Managers = "managers"
	Parkers  = "parkers"
)

// Machines summarises the results that are used, in the order of their names.
func Machines(results []Result) ([]Machine, error) {
	machines := make([]Machine, len(results))
	errs := make([]error, len(results))
	next := make(chan int)
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(results)) {
		all.Go(func() {
			for i := range next {
				machines[i], errs[i] = summary(results[i])
			}
		})
	}
	for i := range results {
		next <- i
	}
	close(next)
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(machines, func(a, b Machine) int { return strings.Compare(a.Name, b.Name) })
	together(machines)
	return machines, nil
}

func summary(r Result) (Machine, error) {
	run, err := record.ReadLaunches(r.Folder) // the seal covers the rest
	if err != nil {
		return Machine{}, err
	}
	m := Machine{Name: r.Name(), Result: r, Facts: make(map[string]string), Launches: len(run.Recorded), Failed: len(run.Failures), boot: run.Fact("boot"), commit: run.Fact("commit"), sessions: run.Sessions}
	scopes := environ.Scopes()
	for _, p := range run.Config {
		if scope, known := scopes[p.Key]; !known || scope == environ.Machine {
			m.Facts[p.Key] = p.Value
		}
	}
	for _, l := range run.Recorded {
		if len(l.Invalid) > 0 {
			m.Invalid++
		}
	}
	m.Multiples = multiples(run)
	m.unfit(r.Job)
	m.Answers, err = answers(r.Folder, run)
	return m, err
}

// answers judges a run. It leaves only the metrics that this needs in the run.
func answers(folder string, run record.Run) ([]Answer, error) {
	for i := range run.Recorded {
		// Nothing else is compared over machines, and judging all units takes ten times as
		// long. What says whether a launch was saturated stays.
		l := &run.Recorded[i]
		primary := run.Primary[l.Cell.Workload]
		l.Metrics = slices.DeleteFunc(l.Metrics, func(x record.Metric) bool {
			return x.Unit != primary && x.Unit != "offered-tasks/sec" && x.Unit != "achieved-tasks/sec"
		})
	}
	src, err := source.OfRun(folder, run)
	if err != nil {
		return nil, err
	}
	var all []Answer
	for _, g := range verdict.Of(src, verdict.Options{}) {
		all = append(all, judged(Managers, g)...)
		if g.Parkers != nil {
			all = append(all, judged(Parkers, *g.Parkers)...)
		}
	}
	return all, nil
}

// judged returns what was judged in a group.
func judged(family string, g verdict.Group) (all []Answer) {
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			if len(a.Judged) == 0 {
				continue
			}
			title, short := q.Title, q.Short
			if family == Managers && a.Park != "" {
				title, short = title+", "+a.Park, short+", "+a.Park
			}
			all = append(all, Answer{family, title, short, g.Baseline, a.Winner, a.Judged})
		}
	}
	return all
}

// multiples divides the median of each cell by that of its floor.
func multiples(run record.Run) map[Subject]float64 {
	values := make(map[string][]float64)
	for _, l := range run.Recorded {
		for _, x := range l.Metrics {
			if len(l.Invalid) == 0 && x.Unit == run.Primary[l.Cell.Workload] {
				values[l.Cell.Name()] = append(values[l.Cell.Name()], x.Value)
			}
		}
	}
	found := make(map[Subject]float64)
	for _, c := range run.Plan.Cells {
		if role := record.RoleOf(c); role != record.Implementation && role != record.Reference {
			continue
		}
		floor := c
		floor.Impl, floor.Park = record.FloorImpl, record.FloorPark(c.Park, run.Primary[c.Workload])
		of, by := values[c.Name()], values[floor.Name()]
		if len(of) == 0 || len(by) == 0 {
			continue
		}
		if base := compare.Median(by); base > 0 {
			found[subject(c)] = compare.Median(of) / base
		}
	}
	return found
}

func subject(c record.Cell) Subject {
	words := []string{c.Workload}
	for _, p := range c.Params {
		words = append(words, p.Name+"="+p.Value)
	}
	words = append(words, phrase.Count(c.Workers, "worker"))
	of := c.Impl
	if c.Park != "" {
		of += "/" + c.Park
	}
	return Subject{strings.Join(words, ", "), of}
}

// unfit collects what makes the results other than those of a machine of its own. A quota
// matters only if it was short; a launch that it stopped is invalid.
func (m *Machine) unfit(j job.Job) {
	why := func(text string) {
		if !slices.Contains(m.Unfit, text) {
			m.Unfit = append(m.Unfit, text)
		}
	}
	for _, s := range j.Starts {
		for _, r := range s.Remarks {
			if r.Key != job.Quota {
				why(r.Value)
			}
		}
	}
	if m.Facts["cpu-quota-short"] == "yes" {
		why("the CPU quota was smaller than the cells need")
	}
	if m.Facts["oversubscribed"] == "yes" {
		why("there were more busy threads than CPUs in every cell")
	}
	if 2*m.Invalid > m.Launches {
		why(fmt.Sprintf("%d of %d launches were invalid", m.Invalid, m.Launches))
	}
	if m.Failed > 0 {
		why(phrase.Count(m.Failed, "launch") + " failed")
	}
}

// together marks machines that measured at the same time under one kernel.
func together(machines []Machine) {
	byBoot := make(map[string][]*Machine)
	for i := range machines {
		m := &machines[i]
		if m.boot != environ.Unknown {
			byBoot[m.boot] = append(byBoot[m.boot], m)
		}
	}
	for _, all := range byBoot {
		for i, a := range all {
			for _, b := range all[i+1:] {
				if overlap(a.sessions, b.sessions) {
					a.Unfit = append(a.Unfit, "it measured at the same time as "+b.Name+" under one kernel")
					b.Unfit = append(b.Unfit, "it measured at the same time as "+a.Name+" under one kernel")
				}
			}
		}
	}
}

func overlap(a, b []record.Session) bool {
	for _, x := range a {
		for _, y := range b {
			if !x.End.IsZero() && !y.End.IsZero() && latest(x.Start, y.Start).Before(earliest(x.End, y.End)) {
				return true
			}
		}
	}
	return false
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Fit returns the machines that are fit.
func Fit(machines []Machine) (fit []Machine) {
	return slices.DeleteFunc(slices.Clone(machines), func(m Machine) bool { return m.Unfit != nil })
}

// page is the machine's own report, relative to a folder; "" if it is not there.
func (r Result) page(from string) string {
	file := filepath.Join(r.Folder, job.Page)
	if !exists(file) {
		return ""
	}
	to, err := filepath.Rel(cmp.Or(from, "."), file)
	if err != nil {
		return ""
	}
	return filepath.ToSlash(to)
}
