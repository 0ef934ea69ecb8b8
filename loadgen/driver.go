package loadgen

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/noise"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// A driver is the generator's thread: it runs the operations of a load slice by slice,
// and reads all counters before and after each.
type driver struct {
	spec      Spec
	setting   Setting // how the subject was started
	subject   Running
	load      workload.Load
	generator *workload.Generator
	watch     noise.Watch
	stops     *noise.StopMeter

	requests chan request // for slices; closed if there will be no more
	done     chan error   // has a value after each step of run

	// Run's; others may read them after they have received from done.
	kept     *tally
	dropped  *tally   // the last slice that was not kept
	asked    int      // slices in all
	exceeded []string // limits, in the last slice
	under    [2]int64 // when its operations that count began and ended
}

// A request asks for a slice: operations for lead, which do not count, then for length.
type request struct{ lead, length time.Duration }

// A reading holds everything that is read before and after.
type reading struct {
	noise     noise.Reading
	stops     noise.Stops
	counters  host.Counters
	process   cpu.Usage
	generator cpu.Usage // of the generator's thread, if it has one of its own, and of the other submitters
	burnt     time.Duration
	usageErr  error
	workers   time.Duration // CPU time of their threads, 0 if unknown
	sleeps    int64         // of these threads, -1 if unknown
	mem       runtime.MemStats
	at        int64 // latency.Now
}

func newDriver(spec Spec, setting Setting, subject Running) *driver {
	d := &driver{
		spec:    spec,
		setting: setting,
		subject: subject,
		load:    spec.Workload.New(spec.Values),
		stops:   noise.NewStopMeter(),

		requests: make(chan request, 1),
		done:     make(chan error, 1),
		kept:     newTally(),
		dropped:  new(tally),
	}
	ids := spec.Workers + spec.spare()
	if spec.Subject.WholeMask {
		ids = maxGoWorkers
	}
	how := spec.Workload.How(spec.Values)
	d.generator = &workload.Generator{
		Pool:           subject,
		Now:            latency.Now,
		Workers:        spec.Workers,
		Held:           !spec.Subject.WholeMask,
		Recorders:      make([]*latency.Recorder, ids+1),
		How:            how,
		Sleep:          cpu.Sleep,
		StartScheduler: d.startScheduler,
		Stages:         setting.Stages,
		Seed:           spec.Seed,
	}
	if spec.Harness.ClockCall {
		d.generator.Now = latency.NowCall
	}
	if spec.Allocates {
		d.generator.Pool = newAllocating(subject, ids)
	}
	d.generator.Host, _ = subject.(*host.Scheduler)
	d.generator.Wait, d.generator.Wake = waiting(d.generator)
	return d
}

// startScheduler starts another scheduler like the subject.
func (d *driver) startScheduler() (*host.Scheduler, error) {
	r, err := d.spec.Subject.Start(d.setting)
	if err != nil {
		return nil, err
	}
	s, ok := r.(*host.Scheduler)
	if !ok {
		return nil, fmt.Errorf("loadgen: subject %s claims to be hosted, but starts a %T", d.spec.Subject.Impl, r)
	}
	return s, nil
}

// waiting returns how the generator waits for what it has submitted, and how it is
// woken: a spinning thread polls a flag, any other thread sleeps, and a goroutine
// blocks on a channel.
func waiting(g *workload.Generator) (wait, wake func()) {
	switch g.How {
	case workload.Spin:
		var done atomic.Bool
		look := func() bool { return done.Load() }
		return func() { g.Spin(look); done.Store(false) }, func() { done.Store(true) }
	case workload.Thread:
		parker := newGeneratorParker()
		return parker.Park, parker.Unpark
	}
	done := park.NewChan()
	return done.Park, done.Unpark
}

// newGeneratorParker returns a parker that disturbs others least while the generator
// sleeps: with a futex the Go scheduler is not involved.
func newGeneratorParker() impls.Parker {
	if futex, ok := park.Find(park.Kinds(), "futex"); ok && futex.Missing == "" {
		return futex.New()
	}
	return park.NewChan()
}

// await waits for the end of the step that run is at, of the context, or of patience,
// or for a panic in a task, whose work will then never be done. A panic between two
// steps is noticed in the next.
func (d *driver) await(ctx context.Context) error {
	limit := time.NewTicker(Patience)
	defer limit.Stop()
	var failed <-chan struct{}
	if d.generator.Host != nil {
		failed = d.generator.Host.Failed()
	}
	seen := d.generator.Progress.Load()
	for {
		select {
		case err := <-d.done:
			return err
		case <-ctx.Done():
			d.generator.Stop.Store(true)
			return context.Cause(ctx)
		case <-failed:
			d.generator.Stop.Store(true)
			return d.generator.Host.Err()
		case <-limit.C:
			now := d.generator.Progress.Load()
			if now == seen {
				d.generator.Stop.Store(true)
				return fmt.Errorf("loadgen: step %d of the load has not ended for %v: a lost wake-up?\n%s",
					now+1, Patience, d.subject.State())
			}
			seen = now
		}
	}
}

// run does everything, on the generator's thread: first it prepares, then it serves
// requests. It sends to done after each step. After an error there is no next step.
func (d *driver) run(p *placement) {
	err := d.prepare(p)
	d.done <- err
	for err == nil {
		r, ok := <-d.requests
		if !ok {
			return
		}
		err = d.slice(r)
		d.done <- err
	}
}

// prepare places the threads, warms up and comes to rest.
func (d *driver) prepare(p *placement) error {
	workers := p.pinned() // nothing was settled before
	if d.spec.Workload.OwnSchedulers {
		// The subject's workers would share their CPUs with the ones measured.
		if err := d.close(); err != nil {
			return err
		}
		workers = nil
	}
	d.watch = noise.Watch{
		Workers:   workers,
		CPUs:      p.cpus(),
		Planned:   p.planned,
		Beside:    d.spec.VictimProcess,
		Throttled: d.spec.Throttled,
	}
	if !p.free {
		if err := p.pinGenerator(); err != nil {
			return err
		}
		d.watch.Generator = cpu.ThreadID()
	}
	d.generator.Pin = p.pinBeside
	d.generator.Pause = func() {}
	if p.Oversubscribed || p.generatorsShare() {
		d.generator.Pause, d.generator.Shares = cpu.Yield, true
	}
	if err := p.verify(); err != nil {
		return err
	}
	return d.warm(d.spec.Warmup)
}

// warm runs operations that do not count, and comes to rest.
func (d *driver) warm(limit time.Duration) error {
	if _, err := d.load.Run(d.generator, limit); err != nil {
		return err
	}
	return d.settle()
}

// slice measures one slice, and keeps or drops it.
func (d *driver) slice(r request) error {
	d.asked++
	if r.lead > 0 {
		d.seek(2 * d.kept.slices)
		if err := d.warm(r.lead); err != nil {
			return err
		}
	}
	for _, r := range slices.Concat(d.recorders(), d.generator.Submissions()) {
		r.Reset()
	}
	d.seek(2*d.kept.slices + 1)
	before := d.before()
	d.under[0] = latency.Now()
	totals, err := d.measured(r.length)
	d.under[1] = latency.Now()
	if err != nil {
		return err
	}
	if err := d.settle(); err != nil {
		return err
	}
	after := d.after()
	report := d.watch.Report(before.noise, after.noise)
	d.exceeded = report.Violations()
	into := d.kept
	if len(d.exceeded) > 0 {
		d.dropped = newTally()
		into = d.dropped
	}
	into.add(d, totals, after.since(&before), report)
	return nil
}

// seek has a load with a schedule begin the next run at the given part of it.
func (d *driver) seek(part int) {
	if s, ok := d.load.(workload.Scheduled); ok {
		s.Seek(part)
	}
}

// measured runs the operations that count.
func (d *driver) measured(length time.Duration) (totals workload.Totals, err error) {
	if d.spec.Around == nil {
		return d.load.Run(d.generator, length)
	}
	err = d.spec.Around(func() (err error) {
		totals, err = d.load.Run(d.generator, length)
		return err
	})
	return totals, err
}

func (d *driver) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	return d.subject.Close(ctx)
}

// settle waits until everything is at rest. The generator polls for a while, as it does
// for its tasks, so that the CPU time this takes is known.
func (d *driver) settle() error {
	if s := d.generator.Host; s != nil && !d.spec.Workload.OwnSchedulers {
		end := d.generator.Now() + int64(time.Millisecond)
		d.generator.Spin(func() bool { return s.AtRest() || d.generator.Now() >= end })
	}
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	return d.subject.Settle(ctx)
}

// runtimeRest is how long Go's runtime takes to come to rest after it was busy. Its
// monitor thread polls every 20 µs, 50 times, before it waits longer, up to 10 ms:
// about 1 ms in all.
const runtimeRest = 30 * time.Millisecond

// before and after read everything, when all is at rest. The generator's usage is read
// within the span for which the process's is read, so that their difference cannot be
// negative. Reading the memory stops the world, reading how often the workers slept
// allocates, and reading the noise makes the kernel and Go's runtime work, so these come
// outermost, in this order; where nearly nothing is measured,
// that work has to have ended.
func (d *driver) before() (r reading) {
	r.noise = d.watch.Read()
	r.sleeps = d.workersSleeps()
	runtime.ReadMemStats(&r.mem)
	r.stops = d.stops.Read()
	if d.spec.Workload.MostlyIdle {
		d.generator.Until(d.generator.Now() + int64(runtimeRest))
	}
	r.counters = d.subject.Counters()
	var err error
	r.process, err = cpu.ProcessUsage()
	r.workers = d.workersTime()
	r.generator, r.usageErr = d.generatorUsage()
	r.burnt = time.Duration(d.generator.Burnt())
	r.usageErr = errors.Join(err, r.usageErr)
	r.at = latency.Now()
	return r
}

func (d *driver) after() (r reading) {
	r.at = latency.Now()
	r.burnt = time.Duration(d.generator.Burnt())
	var err error
	r.generator, err = d.generatorUsage()
	r.workers = d.workersTime()
	r.process, r.usageErr = cpu.ProcessUsage()
	r.usageErr = errors.Join(err, r.usageErr)
	r.counters = d.subject.Counters()
	r.stops = d.stops.Read()
	runtime.ReadMemStats(&r.mem)
	r.sleeps = d.workersSleeps()
	r.noise = d.watch.Read()
	return r
}

// workersTime returns the CPU time of the workers' threads, 0 if it is unknown or
// they come and go.
func (d *driver) workersTime() (sum time.Duration) {
	for _, id := range d.watch.Workers {
		t, err := cpu.ThreadTime(id)
		if err != nil {
			return 0
		}
		sum += t
	}
	return sum
}

// workersSleeps returns how often the workers' threads slept, as the kernel counted; -1 if
// it is unknown or they come and go.
func (d *driver) workersSleeps() (sum int64) {
	if len(d.watch.Workers) == 0 {
		return -1
	}
	for _, id := range d.watch.Workers {
		n, err := cpu.ThreadSleeps(id)
		if err != nil {
			return -1
		}
		sum += n
	}
	return sum
}

// generatorUsage returns what the generator and the other submitting threads have
// used; zero if it is a goroutine, whose CPU time is not accounted for.
func (d *driver) generatorUsage() (cpu.Usage, error) {
	if d.generator.How.Goroutine() {
		return cpu.Usage{}, nil
	}
	u, err := cpu.ThreadUsage()
	return u.Add(d.generator.BesideUsage()), err
}

// recorders returns those that recorded anything.
func (d *driver) recorders() []*latency.Recorder {
	var used []*latency.Recorder
	for _, r := range d.generator.Recorders {
		if r != nil {
			used = append(used, r)
		}
	}
	return used
}
