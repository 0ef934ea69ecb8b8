package loadgen

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/kernel"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// Patience is how long one operation, or coming to rest, may take before the
// measurement is abandoned as hung.
const Patience = 20 * time.Second

// memoryLimit is where the garbage collector runs although it is off.
const memoryLimit = 4 << 30

// A Spec says what to measure.
type Spec struct {
	Workload workload.Workload
	Values   workload.Values
	Subject  Subject
	Workers  int           // at least 1
	CPUs     cpu.Set       // to use; nil for all CPUs that the process may use
	Warmup   time.Duration // operations before the measured ones
	Measure  time.Duration // at least one operation is measured, however long it takes
	Seed     uint64

	// Harness is the variation of the measuring setup; see there.
	Harness Harness

	// Host are the options of the host scheduler; only subjects that are Hosted may
	// have any but the defaults.
	Host host.Options

	// Kernel is what the process has instead of the kernel's defaults. It is for the
	// caller to apply, before it measures.
	Kernel kernel.Settings

	// Victim says where a victim runs beside the pool; "" or cpu.NoVictim for none.
	// VictimProcess is the process that it is in: it is part of the measurement, and the
	// CPU that it has is one of those in use.
	Victim        cpu.Victim
	VictimProcess int

	// Stages asks for the stages of wakes (package stages), for workloads that are
	// Staged on subjects that are Hosted. It has no effect on others.
	Stages bool

	// Throttled measures even if a CPU quota may stop the process's threads; otherwise
	// throttling makes a measurement invalid.
	Throttled bool

	// Around, if not nil, is called to call run, once in each slice. run does the
	// operations that count and nothing else, so that only they are profiled. Its error
	// ends the measurement.
	Around func(run func() error) error
}

// spare returns the number of workers in excess of cores.
func (s Spec) spare() int { return s.Harness.Spare + s.Host.Spare }

// HasVictim reports whether something runs beside the pool.
func (s Spec) HasVictim() bool { return s.Victim != "" && s.Victim != cpu.NoVictim }

// A Measurement is the result.
type Measurement struct {
	Ops     int64                   // operations measured
	Latency *hdrhistogram.Histogram // nanoseconds; nil without samples
	Metrics []workload.Metric
	Facts   []Fact // conditions, in display order

	// Invalid names the limits of noise that were exceeded; see noise.Limits.
	Invalid []string

	// Kept is the number of slices that the measurement consists of, Dropped that of
	// the others. If none was kept, it consists of the last one, and is invalid.
	Kept, Dropped int
}

// A Fact is a condition of the measurement.
type Fact struct{ Key, Value string }

// Measure measures a cell in one go, for Spec.Measure. The process should do nothing
// else meanwhile, and should not measure again if Measure failed. When the context ends,
// Measure returns early with the context's cause.
func Measure(ctx context.Context, spec Spec) (Measurement, error) {
	s, err := Start(ctx, spec)
	if err != nil {
		return Measurement{}, err
	}
	if _, err := s.Slice(ctx, 0, spec.Measure); err != nil {
		return Measurement{}, errors.Join(err, s.restore())
	}
	return s.End(ctx)
}

// measurement turns a tally into what is reported. Rates with a zero denominator are
// left out.
func (d *driver) measurement(t *tally) Measurement {
	totals, used := t.totals, t.used
	hist, clipped := t.latency.Counts()
	submissions, _ := t.submissions.Counts()
	tasks := float64(totals.Tasks)
	m := Measurement{Ops: totals.Ops}
	add := func(value float64, unit string) { m.Metrics = appendFinite(m.Metrics, value, unit) }
	done := Outcome{totals, used.counters, hist, submissions, d.spec.Workload.Sample}
	if hist.TotalCount() > 0 {
		m.Latency = hist
	}
	m.Metrics = done.Times()
	if d.setting.Stages != nil {
		s := t.stages.Summary()
		for _, stage := range s.Stages {
			add(stage.Mean, "stage-"+stage.Name+"-ns/wake")
			add(stage.Median, "p50-stage-"+stage.Name+"-ns/wake")
		}
		m.Facts = append(m.Facts, staged(s, hist.Mean())...)
	}
	m.Metrics = append(m.Metrics, done.Rates()...)
	if !used.usageUnknown {
		for _, c := range costs(used, d.generator.How) {
			add(float64(c.time)/tasks, c.name+"-ns/task")
			add(float64(c.time)/used.time.Seconds(), c.name+"-ns/sec")
		}
		// The time in user mode is not reported: many kernels split CPU time by sampling at
		// each tick, so that what remains of it without the generator's waiting, which is
		// measured by the clock, may be negative. To leave out such launches would select by
		// the outcome.
		add(float64(used.process.System)/tasks, "sys-ns/task")
		add(float64(used.process.Voluntary)/tasks, "vol-switches/task")
		add(float64(used.process.Involuntary)/tasks, "invol-switches/task")
	}
	add(float64(used.mallocs)/tasks, "allocs/task")
	add(float64(used.bytes)/tasks, "B/task")

	m.Facts = append(m.Facts,
		Fact{"samples", fmt.Sprint(hist.TotalCount())},
		Fact{"clipped", fmt.Sprint(clipped)},
		Fact{"gc", fmt.Sprint(used.collections)},
	)
	if m.Latency != nil {
		if names := maxima(hist.TotalCount()); names != "" {
			m.Facts = append(m.Facts, Fact{"quantile-is-max", names})
		}
	}
	m.Facts = append(m.Facts, Fact{"stops", fmt.Sprint(used.stops.Count)}, Fact{"stopped", used.stops.Time.String()})
	m.Facts = append(m.Facts, done.Served()...)
	if d.spec.Workload.Draws {
		m.Facts = append(m.Facts, Fact{"seed", fmt.Sprint(d.spec.Seed)})
	}
	for _, f := range t.noise.Facts() {
		m.Facts = append(m.Facts, Fact(f))
	}
	m.Invalid = t.noise.Violations()
	return m
}

// An Outcome is what a load did, on this machine or on a simulated one.
type Outcome struct {
	workload.Totals
	Counters             host.Counters
	Latency, Submissions *hdrhistogram.Histogram // nanoseconds; empty without samples
	Sample               string                  // what a sample of Latency is; see workload.Workload
}

// Times returns the times of operations, latencies and submissions, and the load's own
// results.
func (o Outcome) Times() (all []workload.Metric) {
	add := func(value float64, unit string) { all = appendFinite(all, value, unit) }
	if o.Time > 0 {
		add(float64(o.Time)/float64(o.Ops), "ns/op")
	}
	distribution := func(h *hdrhistogram.Histogram, per string) {
		for _, q := range quantiles {
			add(float64(h.ValueAtQuantile(q.quantile)), q.name+"-ns/"+per)
		}
		add(latency.Tail(h), "tail-ns/"+per)
	}
	if o.Latency.TotalCount() > 0 {
		distribution(o.Latency, o.Sample)
	}
	if o.Submissions.TotalCount() > 0 {
		add(o.Submissions.Mean(), "ns/submit")
		distribution(o.Submissions, "submit")
	}
	for _, own := range o.Metrics() {
		add(own.Value, own.Unit)
	}
	return all
}

// Rates returns how often the pool did something, for each task.
func (o Outcome) Rates() (all []workload.Metric) {
	add := func(value float64, unit string) { all = appendFinite(all, value, unit) }
	tasks := float64(o.Tasks)
	add(tasks/float64(o.Ops), "tasks/op")
	if c := o.Counters; c.Parks > 0 || c.Tasks > 0 {
		add(float64(c.Wakes)/tasks, "wakes/task")
		add(float64(c.NoopWakes)/float64(c.Wakes), "noop-wakes/wake")
		add(float64(c.Parks)/tasks, "parks/task")
		add(float64(c.Steals)/tasks, "steals/task")
	}
	return all
}

// appendFinite appends a metric, unless its denominator was zero.
func appendFinite(all []workload.Metric, value float64, unit string) []workload.Metric {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return all
	}
	return append(all, workload.Metric{Value: value, Unit: unit})
}

// quantiles are the ones reported of every distribution.
var quantiles = []struct {
	name     string
	quantile float64 // percent
}{{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"max", 100}}

// maxima names the quantiles that equal the maximum because there are too few samples:
// "p99.9,p99" if there are fewer than 100.
func maxima(samples int64) string {
	var names []string
	for _, q := range slices.Backward(quantiles) {
		if q.quantile < 100 && float64(samples)*(100-q.quantile) < 99.999 { // 99.9 is not exact
			names = append(names, q.name)
		}
	}
	return strings.Join(names, ",")
}

// saturated is the share of the offered load below which an open loop did not sustain
// it.
const saturated = 0.99

// Served returns the share of the offered load that was achieved, for an open loop. A
// saturated measurement is not faulty: it shows that the load was too high. But its
// latencies grow with the time it is measured.
func (o Outcome) Served() []Fact { return served(o.Metrics()) }

func served(metrics []workload.Metric) []Fact {
	var offered, achieved float64
	for _, m := range metrics {
		switch m.Unit {
		case "offered-tasks/sec":
			offered = m.Value
		case "achieved-tasks/sec":
			achieved = m.Value
		}
	}
	if offered == 0 {
		return nil
	}
	share := achieved / offered
	return []Fact{{"achieved", strconv.FormatFloat(share, 'f', 4, 64)}, {"saturated", yes(share < saturated)}}
}
