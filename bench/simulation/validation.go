package simulation

import (
	"errors"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/variant"
	"github.com/idlebench/idlebench/record"
)

// A shortLoad is a workload with parameters with which it can be both measured and simulated
// within milliseconds.
type shortLoad struct {
	workload string
	params   []record.Param
}

func withParam(workload string, params ...string) shortLoad {
	l := shortLoad{workload: workload}
	for i := 0; i < len(params); i += 2 {
		l.params = append(l.params, record.Param{Name: params[i], Value: params[i+1]})
	}
	return l
}

// The loads of a validation. Closed ones submit and then wait, so that they may have as
// many workers as there are CPUs. In open ones the thread that submits keeps its CPU busy.
//
// Plain computation is not simulated: fork_join forks down to its smallest calls, so that
// it has next to none.
var (
	closedLoads = []shortLoad{
		withParam("skynet", "depth", "3"),
		withParam("fork_join", "n", "14", "cutoff", "2"),
		withParam("spawn_many_local", "tasks", "1000"),
		withParam("spawn_many_remote_idle", "tasks", "1000"),
		withParam("wakestorm", "tasks", "1000"),
		withParam("yield_many", "tasks", "200", "yields", "50"),
		withParam("ping_pong", "pings", "200"),
		withParam("chained_spawn", "depth", "1000"),
	}
	openLoads = []shortLoad{
		withParam("wake", "gap", "20us"), withParam("wake", "gap", "200us"), withParam("wake", "gap", "2ms"),
		withParam("poisson", "load", "0.2"), withParam("poisson", "load", "0.5"), withParam("poisson", "load", "0.8"),
		withParam("burst", "tasks", "8"),
	}
)

// What is varied on some of the loads: on two CPUs few designs differ, so what is known to
// make a difference has to be among the cells.
var (
	alone = withParam("wake", "gap", "200us")
	many  = withParam("spawn_many_remote_idle", "tasks", "1000")

	parkers = []string{"cond", "chan"}
	delays  = []time.Duration{1 * time.Microsecond, 5 * time.Microsecond, 20 * time.Microsecond}
	hosts   = []string{"tokio", "default+pause.none", "default+pause.sleep"}
)

const usualParker = "futex"

// Validation are the times of a simulated launch in a validation: longer than usual,
// because a cell that is measured has thousands of operations, and should have hundreds.
var Validation = struct{ Warmup, Time time.Duration }{2 * time.Millisecond, 10 * time.Millisecond}

// more are designs that are validated besides those that are measured by default.
var more = []string{"multithread", "relay"}

// ValidationCells returns the cells by which the simulator is validated on a machine with
// a number of CPUs: what was selected, or if nothing was a choice of loads, designs,
// parkers, injected delays and options of the host. Its errors are mistakes of the user.
func ValidationCells(c catalog.Catalog, cpus int, s Selection) ([]record.Cell, error) {
	if err := s.check("this machine", cpus); err != nil {
		return nil, err
	}
	if s.Workloads != nil || s.Impls != nil || s.Parks != nil || s.Workers != nil || s.Params != nil {
		return selected(c, cpus, s)
	}
	designs := validated(c)
	if len(designs) == 0 {
		return nil, errors.New("no implementation in the catalogue works with any parker")
	}
	few := designs[:min(2, len(designs))]
	late := []string{delayed(few[len(few)-1], delays[0])}
	for _, d := range delays {
		late = append(late, delayed(few[0], d))
	}
	v := validation{catalog: c, cpus: cpus}
	for _, l := range closedLoads {
		v.add(l, designs, []string{usualParker}, true)
	}
	for _, l := range openLoads {
		v.add(l, designs, []string{usualParker}, false)
	}
	v.add(alone, few, parkers, false)
	// A goroutine that is readied waits for a thread, which is sooner the waker's own if that
	// blocks next.
	v.add(with(alone, "submitter", "spin"), few, append(slices.Clip(parkers), usualParker), false)
	v.add(many, few, parkers, true)
	v.add(alone, late, []string{usualParker}, false)
	v.add(withParam("poisson", "load", "0.5"), late, []string{usualParker}, false)
	v.add(many, late, []string{usualParker}, true)
	for _, h := range hosts {
		for _, l := range closedLoads {
			if slices.Contains([]string{"skynet", "spawn_many_remote_idle", "yield_many"}, l.workload) {
				v.add(with(l, "host", h), few, []string{usualParker}, true)
			}
		}
		v.add(with(alone, "host", h), few, []string{usualParker}, false)
	}
	return v.cells, v.err
}

// delayed names a design with a delay.
func delayed(design string, d time.Duration) string {
	return variant.Late(impls.Implementation{Name: design}, d).Name
}

// validated returns the designs of the default choice.
func validated(c catalog.Catalog) (names []string) {
	for _, i := range c.Implementations {
		if i.Parker == "" {
			names = append(names, i.Name)
		}
	}
	for _, i := range c.Others {
		if slices.Contains(more, i.Name) {
			names = append(names, i.Name)
		}
	}
	return names
}

func with(l shortLoad, param, value string) shortLoad {
	l.params = append(slices.Clip(l.params), record.Param{Name: param, Value: value})
	return l
}

// A validation collects cells.
type validation struct {
	catalog catalog.Catalog
	cpus    int
	cells   []record.Cell
	err     error
}

// add adds a load on designs with parkers, and numbers of workers: few, and most.
func (v *validation) add(l shortLoad, designs, parkers []string, closed bool) {
	most := v.cpus
	if !closed {
		most = max(1, v.cpus-1)
	}
	workers := []int{1, min(2, most), max(1, min(most, v.cpus-1)), most}
	slices.Sort(workers)
	v.take(matrix.Selection{
		Workloads: []string{l.workload}, Impls: designs, Parks: parkers, Params: l.params,
		Workers: slices.Compact(workers), Size: matrix.Quick, CPUs: v.cpus,
	})
}

// take adds the cells of a selection that can be simulated, and are not there yet.
func (v *validation) take(s matrix.Selection) {
	if v.err != nil {
		return
	}
	all, err := matrix.Cells(v.catalog, s)
	if err != nil {
		v.err = err
		return
	}
	for _, c := range all {
		if notSimulated(c) == "" && !slices.ContainsFunc(v.cells, func(o record.Cell) bool { return o.Name() == c.Name() }) {
			v.cells = append(v.cells, c)
		}
	}
}

// selected returns the cells of a selection. What it leaves open is chosen as for a
// simulation, but the numbers of workers, which are one and all CPUs.
func selected(c catalog.Catalog, cpus int, s Selection) ([]record.Cell, error) {
	s.fill(c)
	if s.Workers == nil {
		s.Workers = slices.Compact([]int{1, cpus})
	}
	v := validation{catalog: c, cpus: cpus}
	v.take(matrix.Selection{
		Workloads: s.Workloads, Impls: s.Impls, Parks: s.Parks, Workers: s.Workers, Params: s.Params,
		Size: matrix.Quick, CPUs: cpus,
	})
	if v.err == nil && len(v.cells) == 0 {
		v.err = errors.New("nothing to validate: none of these cells can be simulated")
	}
	return v.cells, v.err
}
