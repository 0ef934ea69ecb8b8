package selftest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/variant"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// A Design is what a self-test measures. It is complete before the run begins.
type Design struct {
	Quick  bool   `json:"quick"`  // a shorter one, whose statements are weaker
	Impl   string `json:"impl"`   // the implementation that stands under several names
	Block  int    `json:"block"`  // rounds of a block
	Blocks int    `json:"blocks"` // even
	Wanted int    `json:"wanted"` // A/A comparisons, without which nothing is claimed of them
	Rows   []Row  `json:"rows"`

	// Default is what the evidence is quoted for; nil if it is not known.
	Default *Default `json:"default,omitempty"`
}

// A Row is cells that differ in the name of the implementation only.
type Row struct {
	Cell record.Cell `json:"cell"` // of the implementation under its own name
	Unit string      `json:"unit"` // the workload's primary one

	// Delayed says that delays belong to the row. Pilot has what its launches
	// brought, in Unit; Delays are made from their median.
	Delayed bool      `json:"delayed"`
	Pilot   []float64 `json:"pilot,omitempty"`
	Delays  []Delay   `json:"delays,omitempty"`
}

// A Delay is one that is injected.
type Delay struct {
	Percent int           `json:"percent"` // of the pilot's p50
	Time    time.Duration `json:"ns"`
}

// percents are the delays' sizes.
var percents = [...]int{2, 5, 10, 20}

// New lays out a self-test for a machine with so many CPUs. Pilots and delays are
// still to come.
func New(c catalog.Catalog, quick bool, cpus int) (Design, error) {
	i := slices.IndexFunc(c.Implementations, func(i impls.Implementation) bool { return i.Parker == "" })
	if i < 0 {
		return Design{}, errors.New("no implementation in the catalogue works with any parker")
	}
	d := Design{Quick: quick, Impl: c.Implementations[i].Name, Block: 12, Blocks: 12, Wanted: 100}
	if quick {
		d.Blocks, d.Wanted = 4, 15
	}
	// A thread each, and goroutines as a Go program's pool has them.
	quickest, pool := "futex", loadgen.GoPrefix+"cond"
	if k, ok := park.Find(c.Parkers, quickest); !ok || k.Missing != "" {
		quickest = loadgen.GoPrefix + "chan"
	}
	for _, r := range []struct {
		workload, park, param, value string
		delayed, quick               bool
	}{
		{"wake", quickest, "gap", "200us", true, true},
		{"wake", pool, "gap", "200us", true, true},
		{"wake", quickest, "gap", "50us", true, false},
		{"wake", pool, "gap", "50us", false, true},
		{"wake", quickest, "gap", "100us", false, true},
		{"ping_pong", quickest, "pings", "100", false, true},
		{"spawn_many_local", pool, "tasks", "1000", false, false},
		{"chained_spawn", quickest, "depth", "1000", false, false},
		{"ping_pong", pool, "pings", "1000", false, false},
	} {
		if quick && !r.quick {
			continue
		}
		w, ok := workload.Find(c.Workloads, r.workload)
		if !ok {
			return Design{}, fmt.Errorf("the catalogue has no workload %s", r.workload)
		}
		cells, err := matrix.Cells(c, matrix.Selection{
			Workloads: []string{r.workload},
			Impls:     []string{d.Impl},
			Parks:     []string{r.park},
			Params:    []record.Param{{Name: r.param, Value: r.value}},
			Size:      matrix.Quick,
			CPUs:      cpus,
		})
		if err != nil {
			return Design{}, err
		}
		at := slices.IndexFunc(cells, func(c record.Cell) bool { return c.Impl == d.Impl }) // the others are yardsticks
		d.Rows = append(d.Rows, Row{Cell: cells[at], Unit: w.Primary, Delayed: r.delayed})
	}
	return d, nil
}

// Inject makes the row's delays from what the pilot brought, at least one value.
func (r *Row) Inject(pilot []float64) {
	r.Pilot = pilot
	p50 := compare.Median(pilot)
	least := time.Duration(1)
	for _, percent := range percents {
		d := max(least, time.Duration(math.Round(p50*float64(percent)/100)))
		r.Delays = append(r.Delays, Delay{percent, d})
		least = d + 1 // each has a name of its own
	}
}

// Cells returns the cells of the run.
func (d Design) Cells() []record.Cell {
	var cells []record.Cell
	for _, r := range d.Rows {
		original := impls.Implementation{Name: d.Impl}
		cells = append(cells, r.Cell, named(r.Cell, variant.Again(original).Name))
		for _, delay := range r.Delays {
			cells = append(cells, named(r.Cell, variant.Late(original, delay.Time).Name))
		}
	}
	return cells
}

// Rounds returns the number of rounds of the run.
func (d Design) Rounds() int { return d.Block * d.Blocks }

// validate refuses a design that was edited into something else.
func (d Design) validate(p record.Plan) error {
	if d.Block < 1 || d.Blocks < 2 || d.Blocks%2 != 0 || d.Rounds() != p.Rounds {
		return fmt.Errorf("%d blocks of %d rounds are not the plan's %d rounds in two halves", d.Blocks, d.Block, p.Rounds)
	}
	cells := d.Cells()
	if len(cells) != len(p.Cells) {
		return fmt.Errorf("%d cells, and %d in the run's plan", len(cells), len(p.Cells))
	}
	for i, c := range cells {
		if c.Name() != p.Cells[i].Name() {
			return fmt.Errorf("%s is not in the run's plan, which has %s there", c.Name(), p.Cells[i].Name())
		}
	}
	return nil
}

func named(c record.Cell, impl string) record.Cell {
	c.Impl = impl
	return c
}
