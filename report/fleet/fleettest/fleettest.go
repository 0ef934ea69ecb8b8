// Package fleettest makes results of many machines from the result of one, by planted
// factors.
package fleettest

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/job"
)

// A Machine is one that never was.
type Machine struct {
	Name string
	Job  string // "" for that of the pack
	Pack string

	// Speed multiplies all values, as on a slower machine; 0 is 1. Factor multiplies
	// those of a cell further; nil is 1.
	Speed  float64
	Factor func(record.Cell) float64

	Seed    uint64        // of the noise, some 1 % of each value
	Later   time.Duration // than the result that it is made from
	Boot    string        // identifies the kernel; "" for one of its own
	Facts   []record.Pair // instead of those of the same key
	Remarks []record.Pair // of the job
	State   record.State  // "" for that of the result
}

// Make makes the sealed folder of a machine in a folder, with its launches but without
// histograms, and returns its path. If its state is partial it is not sealed.
func Make(from record.Run, into string, m Machine) (folder string, err error) {
	if m.Job == "" {
		m.Job = m.Pack
	}
	if m.Boot == "" {
		m.Boot = m.Name
	}
	if m.Speed == 0 {
		m.Speed = 1
	}
	folder = filepath.Join(into, m.Name+"-"+m.Job)
	header := record.Header{Start: from.Start.Add(m.Later), Plan: from.Plan, Command: from.Command, Args: from.Args, Program: from.Program, Module: from.Module,
		Units: from.Units, Primary: from.Primary, Defaults: from.Defaults}
	facts := append([]record.Pair{{Key: "boot", Value: m.Boot}, {Key: "machine", Value: m.Name}}, m.Facts...)
	header.Config = slices.Clone(from.Config)
	for _, f := range facts {
		if i := slices.IndexFunc(header.Config, func(p record.Pair) bool { return p.Key == f.Key }); i >= 0 {
			header.Config[i] = f
		} else {
			header.Config = append(header.Config, f)
		}
	}
	w, err := record.Create(folder, header)
	if err != nil {
		return "", err
	}
	noise := rand.New(rand.NewPCG(m.Seed, 1))
	launches := slices.Clone(from.Recorded)
	for i := range launches {
		l := &launches[i]
		factor := m.Speed * (1 + 0.01*noise.NormFloat64())
		if m.Factor != nil {
			factor *= m.Factor(l.Cell)
		}
		l.Start, l.Latency = l.Start.Add(m.Later), nil
		l.Metrics = slices.Clone(l.Metrics)
		for j := range l.Metrics {
			l.Metrics[j].Value *= factor
		}
	}
	if err := w.Append(launches...); err != nil {
		return "", err
	}
	state := from.State
	if m.State != "" {
		state = m.State
	}
	if err := w.Close(state); err != nil {
		return "", err
	}
	start := header.Start
	j := job.Job{Version: job.Version, Pack: m.Pack, Machine: m.Name, Job: m.Job,
		Starts: []job.Start{{Time: start, End: start.Add(10 * time.Minute), CPUs: from.Fact("cpus-used"), Remarks: m.Remarks}}}
	if err := job.Write(folder, j); err != nil {
		return "", err
	}
	if state.Partial() {
		return folder, nil
	}
	if err := job.Seal(folder); err != nil {
		return "", fmt.Errorf("%s: %w", folder, err)
	}
	return folder, nil
}
