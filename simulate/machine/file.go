package machine

import (
	"fmt"

	"github.com/idlebench/idlebench/simulate"
)

// A File is a machine as a file describes it.
type File struct {
	Name        string // lower-case letters, digits, '-' and '.'
	Title       string // one line: maker and model
	Description string

	Topology Topology
	Costs    map[string]Constant // by key; docs/machines.md lists the keys
	Idle     []IdleState         // the shallowest first
	Sources  map[string]Source

	// Calibration is what else was measured; nil if the machine is not one that was.
	Calibration *Calibration
}

// A Constant is a figure: picoseconds, thousandths or a number, by its key.
type Constant struct {
	Value  int64
	Source string // a key of File.Sources

	// Low and High are how far batches of a measurement differed, 0 if that is unknown:
	// the 10th and the 90th percentile.
	Low, High int64
}

// An IdleState is a state of a CPU with nothing to do: it enters it when it was idle for
// some time, and takes some to come back.
type IdleState struct {
	Name        string
	After, Exit Constant
}

// A Kind is what kind of source a figure has.
type Kind string

// The kinds of sources.
const (
	Measured Kind = "measured"
	Cited    Kind = "cited"
	Assumed  Kind = "assumed"
)

// Kinds returns all kinds of sources.
func Kinds() []Kind { return []Kind{Measured, Cited, Assumed} }

// A Source says where figures come from: how they were measured, where they were
// published, or why they were assumed.
type Source struct {
	Kind Kind
	Text string
}

// String returns the source in words.
func (s Source) String() string { return string(s.Kind) + ": " + s.Text }

// CPUs returns the number of CPUs.
func (f *File) CPUs() int { return len(f.Topology.cpus()) }

// All returns the machine with all its CPUs.
func (f *File) All() *simulate.Machine {
	m := &simulate.Machine{Name: f.Name, CPUs: f.Topology.cpus()}
	for key, value := range f.Costs {
		if c, ok := constantOf(key); ok {
			c.set(m, value.Value)
		}
	}
	if f.version() == firstVersion {
		m.GoHandoff = m.GoWake
	}
	for _, state := range f.Idle {
		m.Idle = append(m.Idle, simulate.IdleState{
			After: simulate.Time(state.After.Value),
			Exit:  simulate.Time(state.Exit.Value),
		})
	}
	return m
}

// First returns a machine with the first n of its CPUs, which are as close to each other
// as they can be.
func (f *File) First(n int) (*simulate.Machine, error) {
	m := f.All()
	if n < 1 || n > len(m.CPUs) {
		return nil, fmt.Errorf("machine: %d CPUs of %s: want 1 to %d", n, f.Name, len(m.CPUs))
	}
	m.CPUs = m.CPUs[:n]
	return m, nil
}
