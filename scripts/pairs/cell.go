package pairs

import (
	"fmt"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

// A Cell is what is measured, with what differs from the defaults.
type Cell struct {
	Workload   string
	Impl, Park string // Park is empty for a peer
	Workers    int
	Params     map[string]string
	Host       string // options of the host, "" for the default
	Allocates  bool   // each spawn allocates a task
}

// On returns the cell with another subject.
func (c Cell) On(impl, park string) Cell {
	c.Impl, c.Park = impl, park
	return c
}

// Name is the name of the cell in results.
func (c Cell) Name() (string, error) {
	r, err := c.record()
	return r.Name(), err
}

// record returns the cell as the suite measures it.
func (c Cell) record() (record.Cell, error) {
	w, ok := workload.Find(catalog.Default().Workloads, c.Workload)
	if !ok {
		return record.Cell{}, fmt.Errorf("there is no workload %q", c.Workload)
	}
	if _, err := w.Values(c.Params); err != nil {
		return record.Cell{}, err
	}
	r := record.Cell{Workload: c.Workload, Impl: c.Impl, Park: c.Park, Workers: c.Workers}
	if r.Park == "" {
		r.Park = record.PeerPark
	}
	for _, p := range w.Params {
		value, given := c.Params[p.Name]
		if !given {
			value = p.Default
		}
		r.Params = append(r.Params, record.Param{Name: p.Name, Value: value})
	}
	if c.Host != "" {
		r.Params = append(r.Params, record.Param{Name: "host", Value: c.Host})
	}
	if c.Allocates {
		r.Params = append(r.Params, record.Param{Name: "spawn", Value: "allocates"})
	}
	return r, r.Validate()
}

// Primary returns the unit in which the cell's workload is judged.
func (c Cell) Primary() string {
	w, _ := workload.Find(catalog.Default().Workloads, c.Workload)
	return w.Primary
}
