// Package matrix chooses the cells of a run: every combination of workload, parameters,
// number of workers, implementation and parker that the user asked for and that makes
// sense.
//
// # Yardsticks
//
// A number means little without the limits of the machine. So every matrix has the
// calibrations, and the floors for each workload that a floor can run, whatever
// implementations and parkers were chosen. To choose among the floors, name floor as an
// implementation; to choose among the calibrations, name one as a workload.
package matrix

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/calibrate"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

// A Selection is what the user asked for. An empty list leaves the choice to Size.
type Selection struct {
	Workloads []string // calibrations too
	Impls     []string // references too; catalog.All is all of them
	Parks     []string
	Workers   []int // empty: each workload's default
	Params    []record.Param

	// Size says how much is chosen of what the user did not name.
	Size Size

	// CPUs is the number of CPUs to use, at least 1, and Cores the number of physical
	// cores that they belong to, 0 if they are as many. The default number of workers
	// leaves whole cores for the other threads: a busy sibling slows a worker down.
	CPUs, Cores int
}

// A Size is how large the matrix is.
type Size int

const (
	Normal Size = iota // what is informative within ten minutes on two CPUs
	Quick              // the part that the machine has CPUs for, with one value for each parameter
	Full               // all workloads and parkers, with all values that they list
)

// Cells returns the chosen cells. Its errors are mistakes of the user, and list the
// alternatives.
func Cells(c catalog.Catalog, s Selection) ([]record.Cell, error) {
	c = c.With(slices.Concat(s.Impls, s.Parks)...)
	subjects := c.Subjects()
	if err := s.check(c, subjects); err != nil {
		return nil, err
	}
	var cells []record.Cell
	asked, calibrations := 0, 0
	for _, w := range c.Workloads {
		if !s.measures(w) {
			continue
		}
		combinations, err := s.combinations(w)
		if err != nil {
			return nil, err
		}
		fit := slices.DeleteFunc(slices.Clone(subjects), func(subject loadgen.Subject) bool {
			return unfit(w, subject) != nil || !s.asksFor(subject) && !s.adds(subject)
		})
		n := 0
		for _, subject := range fit {
			if s.asksFor(subject) && s.varies(w, subject) {
				n++
			}
		}
		asked += n
		if calibrate.Is(w.Name) {
			calibrations += n
		}
		if n == 0 && !calibrate.Is(w.Name) {
			continue // yardsticks alone would be of no use
		}
		for _, params := range combinations {
			values, err := valuesOf(w, params)
			if err != nil {
				return nil, err
			}
			for _, subject := range fit {
				for _, workers := range s.workers(w, values, subject) {
					if len(s.Workloads) == 0 && s.Size == Quick && w.Needs(values, workers) > s.CPUs {
						continue
					}
					cells = append(cells, s.varied(w, subject, record.Cell{
						Workload: w.Name,
						Impl:     subject.Impl,
						Park:     subject.Park,
						Workers:  workers,
						Params:   params,
					})...)
				}
			}
		}
	}
	// Where loads were named and cannot be measured, calibrations alone are not what was
	// asked for.
	named := slices.ContainsFunc(s.Workloads, func(name string) bool { return !calibrate.Is(name) })
	if asked == 0 || named && asked == calibrations {
		return nil, s.nothing(c, subjects)
	}
	return cells, nil
}

// measures reports whether a workload is in the matrix.
func (s Selection) measures(w workload.Workload) bool {
	if calibrate.Is(w.Name) && !slices.ContainsFunc(s.Workloads, calibrate.Is) {
		return true
	}
	return chosen(s.Workloads, w.Name) && (len(s.Workloads) > 0 || !s.leavesOut(w))
}

// asksFor reports whether the user chose a subject, by name or by not choosing any. Peers are
// in the catalogue because they were chosen.
func (s Selection) asksFor(subject loadgen.Subject) bool {
	return subject.External != nil || s.choosesImpl(subject) && chosen(s.Parks, subject.Park) &&
		(!subject.Aside || s.Size == Full || len(s.Parks) > 0)
}

// choosesImpl reports whether the user chose the implementation of a subject.
func (s Selection) choosesImpl(subject loadgen.Subject) bool {
	if len(s.Impls) == 0 {
		return !subject.Other
	}
	return slices.Contains(s.Impls, subject.Impl) || slices.Contains(s.Impls, catalog.All)
}

// adds reports whether a subject is a yardstick that is there unasked.
func (s Selection) adds(subject loadgen.Subject) bool {
	return subject.OneTask && !slices.Contains(s.Impls, subject.Impl)
}

// unfit says why a workload cannot run on a subject.
func unfit(w workload.Workload, subject loadgen.Subject) error {
	switch {
	case subject.External != nil && !slices.Contains(subject.External, w.Name):
		return fmt.Errorf("the peer %s does not have the workload %s", subject.Impl, w.Name)
	case subject.OneTask && !w.OneTask:
		return fmt.Errorf("workload %s runs several tasks at once, %s holds one", w.Name, subject.Impl)
	case w.Hosted && !subject.Hosted:
		return fmt.Errorf("workload %s needs the scheduler around an idle manager, %s has none", w.Name, subject.Impl)
	case calibrate.Is(w.Name) && !subject.Platform:
		return fmt.Errorf("workload %s calibrates the machine, which is impl=platform", w.Name)
	case subject.Platform && !calibrate.Is(w.Name):
		return fmt.Errorf("workload %s is no calibration, and %s is only for calibrations", w.Name, subject.Impl)
	}
	return nil
}

// leavesOut reports whether a workload is not in a matrix of this size.
func (s Selection) leavesOut(w workload.Workload) bool {
	return w.Full && s.Size != Full
}

func chosen(list []string, name string) bool { return len(list) == 0 || slices.Contains(list, name) }

// combinations returns the combinations of the workload's parameter values: all of them
// in the full matrix, and of the values that the user gave. Otherwise one parameter
// varies at a time, and the others have their defaults.
func (s Selection) combinations(w workload.Workload) ([][]record.Param, error) {
	all := [][]record.Param{nil}
	for _, p := range w.Params {
		values, asked := s.values(p)
		var longer [][]record.Param
		for _, v := range values {
			if _, err := w.Values(map[string]string{p.Name: v}); err != nil {
				return nil, err
			}
		}
		for _, params := range all {
			unusual := !s.usual(w, params)
			for _, v := range values {
				if !asked && s.Size != Full && unusual && v != p.Default {
					continue
				}
				longer = append(longer, append(slices.Clip(params), record.Param{Name: p.Name, Value: v}))
			}
		}
		all = longer
	}
	return all, nil
}

// values returns the values of a parameter, and whether the user asked for them.
func (s Selection) values(p workload.Param) (values []string, asked bool) {
	for _, given := range s.Params {
		if given.Name == p.Name && !slices.Contains(values, given.Value) {
			values = append(values, given.Value)
		}
	}
	switch {
	case values != nil:
		return values, true
	case s.Size == Full && p.Full != nil:
		return p.Full, false
	case s.Size != Quick && p.Sweep != nil:
		return p.Sweep, false
	}
	return []string{p.Default}, false
}

// usual reports whether all parameters that the user did not give have their defaults.
func (s Selection) usual(w workload.Workload, params []record.Param) bool {
	for i, chosen := range params {
		if _, asked := s.values(w.Params[i]); !asked && chosen.Value != w.Params[i].Default {
			return false
		}
	}
	return true
}

// workers returns the numbers of workers for a subject. One that holds one task always
// has one worker.
func (s Selection) workers(w workload.Workload, v workload.Values, subject loadgen.Subject) []int {
	switch {
	case subject.OneTask:
		return []int{1}
	case len(s.Workers) > 0:
		return slices.Compact(slices.Sorted(slices.Values(s.Workers)))
	}
	return []int{min(w.DefaultWorkers(v, cmp.Or(s.Cores, s.CPUs)), maxWorkers)}
}

// valuesOf returns the values of a combination of parameters.
func valuesOf(w workload.Workload, params []record.Param) (workload.Values, error) {
	given := make(map[string]string)
	for _, p := range params {
		given[p.Name] = p.Value
	}
	return w.Values(given)
}

// Spec returns how to measure a cell of the catalogue.
func Spec(c catalog.Catalog, cell record.Cell, use cpu.Set) (loadgen.Spec, error) {
	w, ok := workload.Find(c.Workloads, cell.Workload)
	if !ok {
		return loadgen.Spec{}, fmt.Errorf("unknown workload %q", cell.Workload)
	}
	usual, v, err := split(cell)
	if err != nil {
		return loadgen.Spec{}, err
	}
	values, err := valuesOf(w, usual.Params)
	if err != nil {
		return loadgen.Spec{}, err
	}
	if v.harness.TimerSlack {
		if v.kernel.Slack != 0 {
			return loadgen.Spec{}, errTwoSlacks
		}
		v.kernel.Slack = 1
	}
	subjects := c.With(cell.Impl, cell.Park).Subjects()
	i := slices.IndexFunc(subjects, func(s loadgen.Subject) bool { return s.Impl == cell.Impl && s.Park == cell.Park })
	if i < 0 {
		return loadgen.Spec{}, fmt.Errorf("no implementation %s with parker %s; %s", cell.Impl, cell.Park, pairs(subjects))
	}
	why := []error{unfit(w, subjects[i])}
	for _, unfit := range v.unfit {
		why = append(why, unfit(w, subjects[i]))
	}
	if err := errors.Join(why...); err != nil {
		return loadgen.Spec{}, err
	}
	return loadgen.Spec{
		Workload: w,
		Values:   values,
		Subject:  subjects[i],
		Harness:  v.harness,
		Host:     v.host,
		Kernel:   v.kernel,
		Victim:   v.victim,
		Workers:  cell.Workers,
		CPUs:     use,
	}, nil
}

var errTwoSlacks = errors.New("slack and harness=slack-1ns: want one of them")
