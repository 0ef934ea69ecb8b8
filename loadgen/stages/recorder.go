package stages

import (
	"slices"
	"sync/atomic"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// A Recorder adds up the stages of wakes. One goroutine submits the tasks in sequence:
// the next one after the last has run. It calls all methods except [Recorder.Ran],
// which the task calls.
type Recorder struct {
	names   []string // of the stages
	parkers bool     // the wake call is Unpark, not all of NotifyRemote
	workers []stamps // by worker

	_ [impls.CacheLine]byte

	// Of the current wake, written by the submitter.
	notified int64 // NotifyRemote began
	returned int64 // NotifyRemote ended; without parkers only

	_ [impls.CacheLine]byte

	// Of the current wake, written by its task.
	worker int
	woke   int64
	ran    int64

	_ [impls.CacheLine]byte

	// Of completed wakes, written by the submitter.
	seen   Summary // without Stages
	stages []stage
}

// A stage is how long one stage took in the covered wakes.
type stage struct {
	sum   int64 // nanoseconds; exact, unlike the histogram's mean
	times *latency.Recorder
}

// stamps are the times at which one worker was last woken.
type stamps struct {
	// Of Unpark, called by the submitter or by a worker that passed the search on.
	called, returned atomic.Int64

	_ [impls.CacheLine]byte

	woke int64 // Park returned; the worker's own

	_ [impls.CacheLine]byte
}

// NewRecorder returns a recorder that watches nothing yet. Wakes are counted once a
// manager was made of what [Recorder.Watch] returned.
func NewRecorder() *Recorder { return new(Recorder) }

// watch starts watching a manager with that many workers.
func (r *Recorder) watch(workers int, parkers bool) {
	r.parkers = parkers
	r.names = []string{"lock", "notify", "resume", "dequeue"}
	if parkers {
		r.names = []string{"lock", "decide", "call", "sleep", "handover"}
	}
	r.workers = make([]stamps, workers)
	r.stages = make([]stage, len(r.names))
	for i := range r.stages {
		r.stages[i].times = latency.NewRecorder()
	}
	r.seen = Summary{}
}

// Ran is called by a task, with its worker's number and the time of its first
// instruction. What it notes is published to the submitter by the same synchronisation
// that says that the task has run.
func (r *Recorder) Ran(worker int, at int64) {
	r.worker, r.ran = worker, at
	r.woke = r.workers[worker].woke
}

// Wake counts the wake that has just ended: that of the task which was submitted at the
// given time, and has run.
func (r *Recorder) Wake(submitted int64) {
	r.seen.Wakes++
	path := append(make([]int64, 0, 6), submitted, r.notified)
	began, ended := r.notified, r.returned // the wake call
	if r.parkers {
		w := &r.workers[r.worker]
		began, ended = w.called.Load(), w.returned.Load()
		path = append(path, began)
	}
	// An end before the beginning belongs to an earlier call.
	overlaps := ended < began || ended > r.woke
	if overlaps {
		ended = r.woke
	}
	path = append(path, ended, r.woke, r.ran)
	if !slices.IsSorted(path) {
		return
	}
	r.seen.Covered++
	if overlaps {
		r.seen.Overlapped++
	}
	for i := range r.stages {
		ns := path[i+1] - path[i]
		r.stages[i].sum += ns
		r.stages[i].times.Record(ns)
	}
}

// Reset discards the wakes counted so far.
func (r *Recorder) Reset() {
	for i := range r.stages {
		r.stages[i].sum = 0
		r.stages[i].times.Reset()
	}
	r.seen = Summary{}
}

// Add counts the wakes that another recorder has counted, too. A recorder that only
// adds watches nothing.
func (r *Recorder) Add(other *Recorder) {
	if r.names == nil {
		r.names = other.names
		for range other.stages {
			r.stages = append(r.stages, stage{times: latency.NewRecorder()})
		}
	}
	for i, s := range other.stages {
		r.stages[i].sum += s.sum
		r.stages[i].times.Add(s.times)
	}
	r.seen.Wakes += other.seen.Wakes
	r.seen.Covered += other.seen.Covered
	r.seen.Overlapped += other.seen.Overlapped
}

// A Summary counts the wakes since the last Reset.
type Summary struct {
	Wakes      int64 // tasks that were submitted and have run
	Covered    int64 // those whose stages are known
	Overlapped int64 // covered wakes in which the worker ran before the wake call had returned

	// Stages are in the order of time; nil if no wake was covered.
	Stages []Stage
}

// A Stage is a part of the covered wakes. Means add up but are sensitive to a few long
// wakes; medians do neither.
type Stage struct {
	Name   string
	Mean   float64 // nanoseconds
	Median float64 // nanoseconds, at least 1
}

// Summary summarises the wakes since the last Reset.
func (r *Recorder) Summary() Summary {
	s := r.seen
	if s.Covered == 0 {
		return s
	}
	for i, name := range r.names {
		times, _ := latency.Merge([]*latency.Recorder{r.stages[i].times})
		s.Stages = append(s.Stages, Stage{
			Name:   name,
			Mean:   float64(r.stages[i].sum) / float64(s.Covered),
			Median: float64(times.ValueAtQuantile(50)),
		})
	}
	return s
}

// Sum returns the sum of the stages' means, in nanoseconds: the mean of the covered
// wakes.
func (s Summary) Sum() (ns float64) {
	for _, stage := range s.Stages {
		ns += stage.Mean
	}
	return ns
}
