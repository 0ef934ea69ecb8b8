package selftest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/audit"
	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/variant"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/stats/compare"
)

// A Design is what a self-test measures. It is complete before the run begins.
type Design struct {
	Quick  bool   `json:"quick"`  // a shorter one, whose statements are weaker
	Impl   string `json:"impl"`   // the implementation that is measured under several names
	Block  int    `json:"block"`  // rounds of a block
	Blocks int    `json:"blocks"` // even
	Wanted int    `json:"wanted"` // A/A comparisons that their claim needs at least
	Rows   []Row  `json:"rows"`

	// Ways are cells of the implementation that are measured in slices and also in one
	// piece, in some of the rounds.
	Ways []record.Cell `json:"ways,omitempty"`

	// Default is the run for which the evidence is quoted; nil if unknown.
	Default *Default `json:"default,omitempty"`

	// Audit has variations of the first row's cell whose effect is known. It is nil
	// until the pilot is over.
	Audit *evidence.Design `json:"audit,omitempty"`
}

// A Row has cells that differ only in the name of the implementation.
type Row struct {
	Cell record.Cell `json:"cell"` // of the implementation under its own name
	Unit string      `json:"unit"` // the workload's primary one

	// Delayed says that the row has delays. Pilot has the values of its pilot launches, in
	// Unit; their median determines the Delays.
	Delayed bool      `json:"delayed"`
	Pilot   []float64 `json:"pilot,omitempty"`
	Delays  []Delay   `json:"delays,omitempty"`
}

// A Delay is an injected delay.
type Delay struct {
	Percent int           `json:"percent"` // of the pilot's p50
	Time    time.Duration `json:"ns"`
}

// percents are the sizes of the delays.
var percents = [...]int{2, 5, 10, 20}

// New designs a self-test for a machine with a number of CPUs. Inject and Plant complete
// it after the pilot.
func New(c catalog.Catalog, quick bool, cpus int) (Design, error) {
	i := slices.IndexFunc(c.Implementations, func(i impls.Implementation) bool { return i.Parker == "" })
	if i < 0 {
		return Design{}, errors.New("no implementation in the catalogue works with any parker")
	}
	d := Design{Quick: quick, Impl: c.Implementations[i].Name, Block: 12, Blocks: 12, Wanted: 100}
	if quick {
		d.Blocks, d.Wanted = 4, 15
	}
	// One parker with pinned threads, and one with goroutines, as in a Go program's pool.
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
	var err error
	d.Ways, err = ways(c, d.Impl, quick, cpus)
	return d, err
}

// Inject makes the row's delays from the values of the pilot, at least one.
func (r *Row) Inject(pilot []float64) {
	r.Pilot = pilot
	p50 := compare.Median(pilot)
	least := time.Duration(1)
	for _, percent := range percents {
		d := max(least, time.Duration(math.Round(p50*float64(percent)/100)))
		r.Delays = append(r.Delays, Delay{percent, d})
		least = d + 1 // so that no two have the same name
	}
}

// planted is the time for which the planted artefact holds the scheduler's lock, as a
// multiple of the p50. It triples the p50, which no noise hides.
const planted = 2

// Plant makes the audit, with an artefact whose size depends on the pilot of the first
// row. A delay in the notification serves as the artefact: there the submitter waits while
// it holds the lock that the workers need.
func (d *Design) Plant() {
	r := d.Rows[0]
	original := impls.Implementation{Name: d.Impl}
	held := max(1, time.Duration(math.Round(planted*compare.Median(r.Pilot))))
	a := audit.Short(r.Cell, named(r.Cell, variant.Again(original).Name), named(r.Cell, variant.Late(original, held).Name))
	d.Audit = &a
}

// Cells returns the cells of the run: those of all rounds, and then those that are only in
// the rounds in which the two ways are compared.
func (d Design) Cells() []record.Cell {
	always, sometimes := d.cells()
	return append(always, sometimes...)
}

func (d Design) cells() (always, sometimes []record.Cell) {
	always = d.rowCells()
	has := func(c record.Cell) bool {
		return slices.ContainsFunc(slices.Concat(always, sometimes), func(o record.Cell) bool { return o.Name() == c.Name() })
	}
	if d.Audit != nil {
		for _, c := range d.Audit.Cells() {
			if !has(c) {
				always = append(always, c)
			}
		}
	}
	for _, w := range d.Ways {
		for _, c := range []record.Cell{w, whole(w)} {
			if !has(c) {
				sometimes = append(sometimes, c)
			}
		}
	}
	return always, sometimes
}

// Order returns the order of the launches.
func (d Design) Order(seed uint64) [][]int {
	always, _ := d.cells()
	orders := order.Cells(d.places(), d.Rounds(), seed)
	for r := range orders {
		if !d.comparesWays(r) {
			orders[r] = slices.DeleteFunc(orders[r], func(i int) bool { return i >= len(always) })
		}
	}
	return orders
}

// comparesWays reports whether the two ways are compared in a round. It is true of
// wayRounds rounds, evenly distributed.
func (d Design) comparesWays(round int) bool {
	n := min(wayRounds, d.Rounds())
	return round*n%d.Rounds() < n
}

// Launches returns how many launches the run has at least.
func (d Design) Launches() (n int) {
	always, sometimes := d.cells()
	n = len(always) * d.Rounds()
	for r := range d.Rounds() {
		if d.comparesWays(r) {
			n += len(sometimes)
		}
	}
	return n
}

// Groups returns the groups of the cells, in terms of package order.
func (d Design) Groups() [][]int { return order.Groups(d.places()) }

// places returns the cells as package order has to see them: a cell with another harness
// is in the group of the cells that it is compared with. Parkers are not compared with each
// other here, so each has a group of its own, whose slices are closer together.
func (d Design) places() []record.Cell {
	cells := d.Cells()
	for i, c := range cells {
		c, _ = matrix.Harness(c)
		c.Workload += " with " + c.Park
		cells[i] = c
	}
	return cells
}

// rowCells returns the cells of the rows.
func (d Design) rowCells() []record.Cell {
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

// validate refuses a design that is not that of the plan.
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
