package peer

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/noise"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

// A Request describes a launch of a peer.
type Request struct {
	Peer      record.Peer // as the run recorded it
	Cell      record.Cell
	Workload  workload.Workload
	Round     int
	CPUs      cpu.Set // nil for all that this process may use
	Warmup    time.Duration
	Time      time.Duration // with Exec
	Seed      uint64
	Throttled bool
}

// Ask starts the peer and asks whether it can do the cell. An error that is its refusal is a
// [*Fault] with the point Parameter.
func (r Request) Ask(ctx context.Context) error {
	l, err := r.start(ctx)
	if err != nil {
		return err
	}
	l.Kill()
	return nil
}

// A Launch is a peer that measures a cell in slices. It is used like launch.Child.
type Launch struct {
	request Request
	process *Process
	watch   noise.Watch
	start   time.Time

	kept, dropped int
	sum, last     tally // of the slices that were kept; of the last one that was not
}

// Begin starts the peer, and returns when it has warmed up and is stopped.
func (r Request) Begin(ctx context.Context) (*Launch, error) {
	l, err := r.start(ctx)
	if err != nil {
		return nil, err
	}
	_, _, err = l.process.Run(ctx, 0, r.Warmup)
	if err == nil {
		err = l.process.Stop()
	}
	if err != nil {
		l.process.Kill()
		return nil, r.named(err)
	}
	return l, nil
}

// start starts the peer, and gives it its cell.
func (r Request) start(ctx context.Context) (*Launch, error) {
	use := r.CPUs
	var err error
	if use == nil {
		if use, err = cpu.Allowed(); err != nil {
			return nil, err
		}
	}
	c, err := r.cell(use)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	p, err := Start(ctx, c.all(), r.Peer.Program)
	if err != nil {
		return nil, r.named(err)
	}
	if got := as(r.Peer, p.Hello); got != r.Peer {
		err = p.fail(faultf(Identity, "it is %s now; the run began with %s", got.About(), r.Peer.About()))
	} else {
		err = p.Begin(ctx, c)
	}
	if err != nil {
		p.Kill()
		return nil, r.named(err)
	}
	return &Launch{
		request: r, process: p, start: began,
		watch: noise.Watch{CPUs: c.all(), Process: p.cmd.Process.Pid, Throttled: r.Throttled},
	}, nil
}

// cell says what the peer is asked to measure.
func (r Request) cell(use cpu.Set) (c Cell, err error) {
	c = Cell{Workload: r.Workload, Params: make(map[string]string), Workers: r.Cell.Workers, Seed: r.Seed}
	for _, p := range r.Workload.Params {
		c.Params[p.Name] = p.Default
	}
	for _, p := range r.Cell.Params {
		c.Params[p.Name] = p.Value
	}
	values, err := r.Workload.Values(c.Params)
	if err != nil {
		return c, err
	}
	c.CPUs, c.Generators, err = Plan(use, r.Workload, values, r.Cell.Workers)
	return c, err
}

// as returns the peer as it calls itself now.
func as(p record.Peer, h Hello) record.Peer {
	p.Name, p.Version, p.Build, p.Config = h.Peer, h.Version, h.Build, h.Config
	return p
}

// named says whose fault an error is.
func (r Request) named(err error) error {
	return fmt.Errorf("peer %s: %w", r.Peer.Name, err)
}

// Slice has the peer run for lead, which does not count, then for length. It returns the
// limits of noise that were exceeded; such a slice is dropped.
func (l *Launch) Slice(ctx context.Context, lead, length time.Duration) (exceeded []string, err error) {
	p := l.process
	if err := p.Continue(); err != nil {
		return nil, l.request.named(err)
	}
	if lead > 0 {
		if _, _, err := p.Run(ctx, 2*l.kept, lead); err != nil {
			return nil, l.request.named(err)
		}
	}
	before := l.watch.Read()
	ran, out, err := p.Run(ctx, 2*l.kept+1, length)
	if err != nil {
		return nil, l.request.named(err)
	}
	report := l.watch.Report(before, l.watch.Read())
	exceeded = report.Violations()
	if len(exceeded) > 0 {
		l.dropped++
		l.last = tally{}
		l.last.add(ran, out, l.workers(out), length, report)
	} else {
		l.kept++
		l.sum.add(ran, out, l.workers(out), length, report)
	}
	return exceeded, p.Stop()
}

// workers returns what the workers' threads did, if they can be told from others.
func (l *Launch) workers(out Outside) (w workers) {
	c := l.process.cell
	if !l.process.Hello.Held || !c.apart() {
		return workers{unknown: true}
	}
	w.cpu, w.sleeps = out.on(cpu.SetOf(c.CPUs...))
	return w
}

// End ends the peer and returns its launch. If no slice was kept, the launch is that of the
// last slice, and invalid.
func (l *Launch) End(ctx context.Context) (record.Launch, error) {
	if l.kept+l.dropped == 0 {
		l.process.Kill()
		return record.Launch{}, l.request.named(fmt.Errorf("no slice was measured"))
	}
	if err := l.process.End(ctx); err != nil {
		return record.Launch{}, l.request.named(err)
	}
	return l.launch(), nil
}

// Kill ends the peer at once, without a launch.
func (l *Launch) Kill() { l.process.Kill() }

// Exec carries out the request in one go.
func (r Request) Exec(ctx context.Context) (record.Launch, error) {
	l, err := r.Begin(ctx)
	if err != nil {
		return record.Launch{}, err
	}
	if _, err := l.Slice(ctx, 0, r.Time); err != nil {
		l.Kill()
		return record.Launch{}, err
	}
	return l.End(ctx)
}

// A tally is what slices measured together: counts, times and histograms, which add up.
type tally struct {
	slices  int
	ran     Ran
	out     Outside
	offered time.Duration // time for which tasks arrived
	workers workers
	noise   noise.Report
}

// workers is what the threads of the workers did. Unknown in one slice is unknown in all.
type workers struct {
	cpu     time.Duration
	sleeps  int64
	unknown bool
}

func (t *tally) add(r Ran, out Outside, w workers, length time.Duration, report noise.Report) {
	if t.slices > 0 {
		report = t.noise.Add(report)
	}
	t.slices++
	t.noise = report
	t.offered += length
	t.ran.Ops += r.Ops
	t.ran.Tasks += r.Tasks
	t.ran.Units += r.Units
	t.ran.Time += max(r.Time, length)
	t.ran.Busy += r.Busy
	t.ran.Waited += r.Waited
	t.ran.Unfinished += r.Unfinished
	t.ran.latency.add(r.latency)
	t.ran.lag.add(r.lag)
	t.out.Over += out.Over
	t.out.CPU += out.CPU
	t.out.Voluntary += out.Voluntary
	t.out.Involuntary += out.Involuntary
	t.workers.cpu += w.cpu
	t.workers.sleeps += w.sleeps
	t.workers.unknown = t.workers.unknown || w.unknown
}

// launch is the record of what was measured.
func (l *Launch) launch() record.Launch {
	t, r := &l.sum, l.request
	if l.kept == 0 {
		t = &l.last
	}
	launch := record.Launch{
		Cell: r.Cell, Round: r.Round, N: t.ran.Ops,
		Metrics: t.metrics(l.process),
		Start:   l.start, Duration: time.Since(l.start),
		Invalid: t.noise.Violations(),
	}
	if t.ran.latency.total > 0 {
		launch.Latency = t.ran.latency.counts
	}
	fact := func(key string, value any) {
		launch.Conditions = append(launch.Conditions, record.Pair{Key: key, Value: fmt.Sprint(value)})
	}
	c := l.process.cell
	fact("worker-cpus", numbers(c.CPUs))
	fact("generator-cpus", numbers(c.Generators))
	fact("held", map[bool]string{true: "yes", false: "no"}[l.process.Hello.Held])
	fact("units", t.ran.Units)
	fact("samples", t.ran.latency.total)
	fact("clipped", t.ran.latency.clipped)
	if l.process.open {
		achieved := t.achieved() / t.offeredRate()
		fact("achieved", strconv.FormatFloat(achieved, 'f', 4, 64))
		fact("saturated", map[bool]string{true: "yes", false: "no"}[achieved < saturated])
		fact("seed", r.Seed)
	}
	for _, f := range t.noise.Facts() {
		if f.Key == "affinity" {
			f.Value = "kept" // every run was held to that
		}
		fact(f.Key, f.Value)
	}
	fact("slices", l.kept)
	fact("dropped-slices", l.dropped)
	return launch
}

// saturated is the share of the offered load below which an open loop did not sustain it.
const saturated = 0.99

func (t *tally) offeredRate() float64 { return float64(t.ran.Ops) / t.offered.Seconds() }

func (t *tally) achieved() float64 {
	return float64(t.ran.Ops-t.ran.Unfinished) / t.offered.Seconds()
}

// quantiles are those that launches of our own report.
var quantiles = []struct {
	name  string
	share float64 // percent
}{{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"max", 100}}

// late is the lag beyond which a submission counts as late.
const late = 10 * time.Microsecond

// metrics are in the units of the launches of our own. Rates with a zero denominator are left
// out.
func (t *tally) metrics(p *Process) (all []record.Metric) {
	add := func(value float64, unit string) {
		if !math.IsNaN(value) && !math.IsInf(value, 0) {
			all = append(all, record.Metric{Value: value, Unit: unit})
		}
	}
	r := t.ran
	ops, tasks, seconds := float64(r.Ops), float64(r.Tasks), t.out.Over.Seconds()
	if r.Busy > 0 {
		add(float64(r.Busy)/ops, "ns/op")
	}
	if h := r.latency; h.total > 0 {
		for _, q := range quantiles {
			add(float64(h.counts.ValueAtQuantile(q.share)), q.name+"-ns/"+p.cell.Workload.Sample)
		}
		add(latency.Tail(h.counts), "tail-ns/"+p.cell.Workload.Sample)
	}
	if p.open {
		add(t.offeredRate(), "offered-tasks/sec")
		add(t.achieved(), "achieved-tasks/sec")
	}
	if h := r.lag; h.total > 0 {
		if p.open {
			behind := int64(0)
			for _, bar := range h.counts.Distribution() {
				if bar.From > int64(late) {
					behind += bar.Count
				}
			}
			add(float64(behind)/float64(h.total), "late/arrival")
		}
		for _, q := range quantiles {
			if q.name != "p90" && q.name != "p99.9" {
				add(float64(h.counts.ValueAtQuantile(q.share)), q.name+"-ns/lag")
			}
		}
	}
	add(tasks/ops, "tasks/op")
	cost := float64(t.out.CPU - r.Waited)
	add(cost/tasks, "cost-ns/task")
	add(cost/seconds, "cost-ns/sec")
	if w := t.workers; !w.unknown {
		add(float64(w.cpu)/tasks, "worker-cpu-ns/task")
		add(float64(w.cpu)/seconds, "worker-cpu-ns/sec")
		add(float64(w.sleeps)/tasks, "worker-sleeps/task")
	}
	add(float64(t.out.Voluntary)/tasks, "vol-switches/task")
	add(float64(t.out.Involuntary)/tasks, "invol-switches/task")
	return all
}
