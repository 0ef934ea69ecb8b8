package loadgen

import (
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/noise"
	"github.com/idlebench/idlebench/loadgen/stages"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// A tally is what slices have measured together. Everything in it is a count, a time or
// a histogram, so that it adds up; ratios and quantiles are taken at the end. So an
// operation weighs the same in whichever slice it was.
type tally struct {
	slices      int
	totals      workload.Totals
	latency     *latency.Recorder
	submissions *latency.Recorder
	stages      *stages.Recorder
	used        used
	noise       noise.Report
}

func newTally() *tally {
	return &tally{latency: latency.NewRecorder(), submissions: latency.NewRecorder(), stages: stages.NewRecorder()}
}

// add adds what was measured between two readings. The recorders are the driver's, and
// are used again for the next slice.
func (t *tally) add(d *driver, totals workload.Totals, u used, report noise.Report) {
	if t.slices > 0 {
		report = t.noise.Add(report)
	}
	t.slices++
	t.noise = report
	t.totals.Add(totals)
	t.used.add(u)
	for _, r := range d.recorders() {
		t.latency.Add(r)
	}
	for _, r := range d.generator.Submissions() {
		t.submissions.Add(r)
	}
	if d.setting.Stages != nil {
		t.stages.Add(d.setting.Stages)
	}
}

// used is what was used and counted between two readings. The zero value is nothing.
type used struct {
	time               time.Duration
	counters           host.Counters
	process, generator cpu.Usage
	burnt              time.Duration
	workers            time.Duration
	sleeps             int64 // of the workers
	stops              noise.Stops
	mallocs, bytes     uint64
	collections        uint32

	usageUnknown, workersUnknown, sleepsUnknown bool
}

// since returns what was used since an earlier reading.
func (r *reading) since(before *reading) used {
	return used{
		time:           time.Duration(r.at - before.at),
		counters:       r.counters.Sub(before.counters),
		process:        r.process.Sub(before.process),
		generator:      r.generator.Sub(before.generator),
		burnt:          r.burnt - before.burnt,
		workers:        r.workers - before.workers,
		sleeps:         r.sleeps - before.sleeps,
		stops:          r.stops.Sub(before.stops),
		mallocs:        r.mem.Mallocs - before.mem.Mallocs,
		bytes:          r.mem.TotalAlloc - before.mem.TotalAlloc,
		collections:    r.mem.NumGC - before.mem.NumGC,
		usageUnknown:   before.usageErr != nil || r.usageErr != nil,
		workersUnknown: before.workers == 0 || r.workers == 0,
		sleepsUnknown:  before.sleeps < 0 || r.sleeps < 0,
	}
}

// add adds what was used in another slice. What is unknown of one is unknown of all.
func (u *used) add(v used) {
	u.time += v.time
	u.counters = u.counters.Add(v.counters)
	u.process = u.process.Add(v.process)
	u.generator = u.generator.Add(v.generator)
	u.burnt += v.burnt
	u.workers += v.workers
	u.sleeps += v.sleeps
	u.stops.Count += v.stops.Count
	u.stops.Time += v.stops.Time
	u.mallocs += v.mallocs
	u.bytes += v.bytes
	u.collections += v.collections
	u.usageUnknown = u.usageUnknown || v.usageUnknown
	u.workersUnknown = u.workersUnknown || v.workersUnknown
	u.sleepsUnknown = u.sleepsUnknown || v.sleepsUnknown
}
