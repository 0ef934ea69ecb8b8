//go:build simulate

// Package simulated simulates pairs of cells, for programs that print a line of JSON for
// each pair and seed ([pairs.Simulate]).
package simulated

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/simulated"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/scripts/pairs"
	"github.com/idlebench/idlebench/simulate/machine"
)

// A Machine is a part of a preset, with the managers that can be simulated on it.
type Machine struct {
	Preset   string
	CPUs     int // there is a worker for each but one, which is the submitter's
	Managers []impls.Implementation
}

// Ratio simulates both cells with one seed, and returns the new one's value in the
// workload's primary unit divided by the old one's. The cells' numbers of workers are not
// used.
func (m Machine) Ratio(new, old pairs.Cell, seed uint64) (float64, error) {
	above, err := m.value(new, seed)
	if err != nil {
		return 0, err
	}
	below, err := m.value(old, seed)
	if err != nil {
		return 0, err
	}
	if !(above > 0 && below > 0) {
		return 0, fmt.Errorf("simulated %v and %v, which have no ratio", above, below)
	}
	return above / below, nil
}

// value simulates a cell.
func (m Machine) value(c pairs.Cell, seed uint64) (float64, error) {
	w, ok := workload.Find(workload.All(), c.Workload)
	if !ok {
		return 0, fmt.Errorf("there is no workload %q", c.Workload)
	}
	i := slices.IndexFunc(m.Managers, func(impl impls.Implementation) bool { return impl.Name == c.Impl })
	kind, ok := park.Find(park.Kinds(), c.Park)
	if i < 0 || !ok {
		return 0, fmt.Errorf("there is no manager %q or no parker %q", c.Impl, c.Park)
	}
	values, err := w.Values(c.Params)
	if err != nil {
		return 0, err
	}
	options, err := host.ParseOptions(cmp.Or(c.Host, host.DefaultSet))
	if err != nil {
		return 0, err
	}
	f, err := machine.Load(m.Preset)
	if err != nil {
		return 0, err
	}
	first, err := f.First(m.CPUs)
	if err != nil {
		return 0, err
	}
	r, err := simulated.Run(simulated.Spec{
		Machine: first, Seed: seed, Impl: m.Managers[i], Parker: kind, Options: options, Workload: w, Values: values,
		Workers: m.CPUs - 1, WarmUp: time.Millisecond, Length: 10 * time.Millisecond,
	})
	if err != nil {
		return 0, err
	}
	for _, metric := range r.Metrics() {
		if metric.Unit == w.Primary {
			return metric.Value, nil
		}
	}
	return float64(r.Time) / float64(r.Ops), nil
}
