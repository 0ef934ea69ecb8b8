//go:build simulate

package simulation

import (
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen"
	inside "github.com/idlebench/idlebench/loadgen/simulated"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
	"github.com/idlebench/idlebench/simulate"
	"github.com/idlebench/idlebench/simulate/machine"
)

// Simulate carries out the request in this process.
func (r Request) Simulate(c catalog.Catalog) (Result, error) {
	spec, sample, err := r.spec(c)
	if err != nil {
		return Result{}, err
	}
	start := time.Now()
	got, err := inside.Run(spec)
	if err != nil {
		return Result{}, err
	}
	res := Result{Launch: r.launch(got, sample), Detail: r.detail(got)}
	res.Launch.Start, res.Launch.Duration = start, time.Since(start)
	if r.Window > 0 {
		title := fmt.Sprintf("%s, seed %d, on %s (simulated)", r.Cell.Name(), r.Seed, spec.Machine.Name)
		var all []simulated.Stretch
		for _, i := range got.Window {
			all = append(all, simulated.Stretch{CPU: i.CPU, State: i.State.String(), From: int64(i.From), To: int64(i.To)})
		}
		res.Trace = simulated.NewTrace(title, got.CPUs, int64(got.Start), all)
	}
	return res, nil
}

// spec says what to simulate, and what a sample of its latency is.
func (r Request) spec(c catalog.Catalog) (spec inside.Spec, sample string, err error) {
	cell, variation, err := simulated.Split(r.Cell)
	if err != nil {
		return spec, "", err
	}
	if why := simulatable(cell); why != "" {
		return spec, "", fmt.Errorf("%s cannot be simulated: %s", cell.Name(), why)
	}
	like, err := matrix.Spec(c, cell, nil)
	if err != nil {
		return spec, "", err
	}
	file, err := machine.Load(r.Machine)
	if err != nil {
		return spec, "", err
	}
	if variation != nil {
		if file, err = vary(file, *variation); err != nil {
			return spec, "", err
		}
	}
	impl, parker := subject(c, cell)
	return inside.Spec{
		Machine: file.All(), Seed: r.Seed, Impl: impl, Parker: parker, Options: like.Host,
		Workload: like.Workload, Values: like.Values, Workers: cell.Workers,
		WarmUp: r.Warmup, Length: r.Time, Window: r.Window,
	}, like.Workload.Sample, nil
}

// simulatable is notSimulated, and knows the variations of the harness.
func simulatable(c record.Cell) string {
	usual, harness := matrix.Harness(c)
	if harness != "" {
		return "harness=" + harness + " varies how this computer is measured"
	}
	if _, allocating := matrix.Spawn(usual); allocating {
		return "spawns that allocate take time of the memory of this computer"
	}
	return notSimulated(c)
}

// subject returns the implementation and the parker of a cell, which are in the
// catalogue.
func subject(c catalog.Catalog, cell record.Cell) (impls.Implementation, park.Kind) {
	c = c.With(cell.Impl, cell.Park)
	all := slices.Concat(c.Implementations, c.Others)
	impl := all[slices.IndexFunc(all, func(i impls.Implementation) bool { return i.Name == cell.Impl })]
	kind, known := park.Find(c.Parkers, cell.Park)
	if !known {
		kind = park.Kind{Name: cell.Park} // its own
	}
	return impl, kind
}

// launch is the record of a result, without its times on this computer.
func (r Request) launch(got inside.Result, sample string) record.Launch {
	l := record.Launch{Cell: r.Cell, Round: r.Round, N: got.Ops}
	add := func(all ...workload.Metric) {
		for _, m := range all {
			l.Metrics = append(l.Metrics, record.Metric(m))
		}
	}
	done := loadgen.Outcome{Totals: got.Totals, Counters: got.Counters, Latency: got.Samples, Submissions: got.Submits, Sample: sample}
	add(done.Times()...)
	add(done.Rates()...)
	if got.Tasks > 0 {
		perTask := func(t simulate.Time, unit string) {
			add(workload.Metric{Value: float64(t) / float64(simulate.Nanosecond) / float64(got.Tasks), Unit: unit})
		}
		workers, submitter := busy(got.Spent), busy(got.Submitter)-got.Submitter[simulate.Spinning]
		perTask(workers+submitter, "cost-ns/task")
		perTask(workers, "worker-cpu-ns/task")
		perTask(submitter, "submitter-cpu-ns/task")
		for _, s := range simulate.States() {
			perTask(got.Spent[s], s.String()+"-ns/task")
		}
	}
	if got.Samples.TotalCount() > 0 {
		l.Latency = got.Samples
	}
	pair := func(key string, value any) {
		l.Conditions = append(l.Conditions, record.Pair{Key: key, Value: fmt.Sprint(value)})
	}
	pair("seed", r.Seed)
	pair("samples", got.Samples.TotalCount())
	pair("simulated-time", (got.End - got.Start).Duration())
	pair("operations", got.Stats.Operations)
	pair("misses", got.Stats.Misses)
	for _, f := range done.Served() {
		pair(f.Key, f.Value)
	}
	return l
}

// busy returns how long CPUs were not idle.
func busy(s simulate.Spent) (sum simulate.Time) {
	for state, t := range s {
		if simulate.State(state) != simulate.Idle {
			sum += t
		}
	}
	return sum
}

func (r Request) detail(got inside.Result) simulated.Detail {
	d := simulated.Detail{
		Cell: r.Cell.Name(), Seed: r.Seed, From: int64(got.Start), To: int64(got.End), Threads: got.Stats.Threads,
	}
	for _, s := range simulate.States() {
		d.States = append(d.States, simulated.State{Name: s.String(), Workers: int64(got.Spent[s]), Submitter: int64(got.Submitter[s])})
	}
	for _, l := range got.Lines {
		d.Lines = append(d.Lines, simulated.Line{
			Name: l.Name, Lines: l.Lines, Accesses: l.Accesses, Misses: l.Misses,
			Waited: int64(l.Waited), Moved: int64(l.Moved), Searching: int64(l.Searching),
			Owners: &simulated.Owners{Submitter: l.FromFirst, Workers: l.FromOthers, Waited: int64(l.ByFirst)},
		})
	}
	return d
}
