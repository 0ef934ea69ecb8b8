package fleettest

import (
	"path/filepath"
	"time"

	"github.com/idlebench/idlebench/record"
)

// A Model is a simulated machine that never was. It has the cell that a machine made from
// package sourcetest has, bitmap and mutexonly with a futex woken every 200 µs, with each
// number of workers.
type Model struct {
	Folder  string // its name
	Name    string // of the simulated machine
	Workers []int
	Seeds   int

	// Factor is what mutexonly takes as a multiple of bitmap.
	Factor func(workers, seed int) float64

	Designs []string       // nil for bitmap and mutexonly
	Params  []record.Param // further ones of the cells
	Commit  string         // "" for that of the machines
	State   record.State   // "" for complete
}

// Simulate makes the folder of a simulated run in a folder, and returns its path. It has
// launches only.
func Simulate(into string, m Model) (folder string, err error) {
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	if m.Commit == "" {
		m.Commit = "0123456789ab"
	}
	if m.State == "" {
		m.State = record.Complete
	}
	if m.Designs == nil {
		m.Designs = []string{"bitmap", "mutexonly"}
	}
	plan := record.Plan{Rounds: m.Seeds, Seed: 1, Time: time.Millisecond}
	var order []int
	for _, workers := range m.Workers {
		for _, impl := range m.Designs {
			order = append(order, len(order))
			plan.Cells = append(plan.Cells, record.Cell{Workload: "wake", Impl: impl, Park: "futex", Workers: workers,
				Params: append([]record.Param{{Name: "gap", Value: "200us"}}, m.Params...)})
		}
	}
	for range m.Seeds {
		plan.Order = append(plan.Order, order)
	}
	folder = filepath.Join(into, m.Folder)
	w, err := record.Create(folder, record.Header{
		Start: start, Plan: plan, Command: "simulate", Args: []string{"simulate", "-machine", m.Name}, Program: "program",
		Config: []record.Pair{
			{Key: record.SimulatedKey, Value: m.Name}, {Key: record.DigestKey, Value: "sha256:" + m.Name},
			{Key: "cpu", Value: "simulated: a made-up processor"}, {Key: "cpus", Value: "128"}, {Key: "commit", Value: m.Commit},
		},
		Units:    append(record.Units(), record.SimulatedUnits()...),
		Primary:  map[string]string{"wake": "p50-ns/wake"},
		Defaults: map[string]map[string]string{"wake": {"gap": "200us"}},
	})
	if err != nil {
		return "", err
	}
	for seed := range m.Seeds {
		for _, c := range plan.Cells {
			value := float64(1000 * c.Workers)
			if c.Impl == "mutexonly" {
				value *= m.Factor(c.Workers, seed)
			}
			if err := w.Append(record.Launch{Cell: c, Round: seed, N: 100, Start: start, Duration: time.Millisecond, Metrics: []record.Metric{{Value: value, Unit: "p50-ns/wake"}}}); err != nil {
				return "", err
			}
		}
	}
	return folder, w.Close(m.State)
}
