package simulation

import (
	"fmt"
	"math"
	"slices"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/simulate/machine"
)

// idleExit is the name of what all states of an idle CPU take to leave, which are varied
// together.
const idleExit = "idle_exit"

// Constants returns the constants of a machine that can be varied: all costs that it has
// and that are not 0.
func Constants(m *machine.File) (keys []string) {
	for key, c := range m.Costs {
		if c.Value != 0 && key != "jitter" && key != "buckets" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	if slices.ContainsFunc(m.Idle, func(s machine.IdleState) bool { return s.Exit.Value != 0 }) {
		keys = append(keys, idleExit)
	}
	return keys
}

// Varied returns the cells on machines with each constant that many percent less, and
// more.
func Varied(m *machine.File, cells []record.Cell, percent int) (varied []record.Cell) {
	for _, c := range cells {
		for _, key := range Constants(m) {
			for _, p := range []int{-percent, percent} {
				varied = append(varied, simulated.Variation{Constant: key, Percent: p}.With(c))
			}
		}
	}
	return varied
}

// vary returns a machine with another constant.
func vary(m *machine.File, v simulated.Variation) (*machine.File, error) {
	scaled := func(c machine.Constant) machine.Constant {
		c.Value = int64(math.Round(float64(c.Value) * v.Factor()))
		return c
	}
	if !slices.Contains(Constants(m), v.Constant) {
		return nil, fmt.Errorf("machine %s has no constant %s to vary", m.Name, v.Constant)
	}
	other := *m
	if v.Constant == idleExit {
		other.Idle = slices.Clone(m.Idle)
		for i := range other.Idle {
			other.Idle[i].Exit = scaled(other.Idle[i].Exit)
		}
		return &other, nil
	}
	other.Costs = make(map[string]machine.Constant, len(m.Costs))
	for key, c := range m.Costs {
		if key == v.Constant {
			c = scaled(c)
		}
		other.Costs[key] = c
	}
	return &other, nil
}
