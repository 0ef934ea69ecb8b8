package stages

import (
	"slices"
	"sync/atomic"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// A Recorder adds up the stages of wakes. One goroutine submits the tasks, one
// after the other: the next when the last has run. It calls all methods but
// [Recorder.Ran], which is the task's.
type Recorder struct {
	names   []string // of the stages
	parkers bool     // the wake call is Unpark, not all of NotifyRemote
	workers []stamps // by worker

	_ [impls.CacheLine]byte

	// Of the wake that is under way, written by the submitter.
	notified int64 // NotifyRemote began
	returned int64 // NotifyRemote ended; without parkers only

	_ [impls.CacheLine]byte

	// Of the wake that is under way, written by its task.
	worker int
	woke   int64
	ran    int64

	_ [impls.CacheLine]byte

	// Of the wakes that have ended, written by the submitter.
	seen   Summary // without Stages
	stages []stage
}

// A stage is how long one stage was in the covered wakes.
type stage struct {
	sum   int64 // nanoseconds; exact, as the histogram's mean is not
	times *latency.Recorder
}

// stamps are when one worker was woken last.
type stamps struct {
	// Of Unpark, by whoever called it: the submitter, or a worker that passed
	// the search on.
	called, returned atomic.Int64

	_ [impls.CacheLine]byte

	woke int64 // Park returned; the worker's own

	_ [impls.CacheLine]byte
}

// NewRecorder returns a recorder that watches nothing yet. Wakes are counted once
// a manager was made of what [Recorder.Watch] returned.
func NewRecorder() *Recorder { return new(Recorder) }

// watch begins with a manager of so many workers.
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
// instruction. What it notes becomes the submitter's with the knowledge that the
// task has run.
func (r *Recorder) Ran(worker int, at int64) {
	r.worker, r.ran = worker, at
	r.woke = r.workers[worker].woke
}

// Wake counts the wake that has ended: that of the task which was submitted at
// the given time, and has run.
func (r *Recorder) Wake(submitted int64) {
	r.seen.Wakes++
	path := append(make([]int64, 0, 6), submitted, r.notified)
	began, ended := r.notified, r.returned // the wake call
	if r.parkers {
		w := &r.workers[r.worker]
		began, ended = w.called.Load(), w.returned.Load()
		path = append(path, began)
	}
	// An end before the beginning is that of an earlier call.
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

// Reset forgets the wakes that were counted.
func (r *Recorder) Reset() {
	for i := range r.stages {
		r.stages[i].sum = 0
		r.stages[i].times.Reset()
	}
	r.seen = Summary{}
}

// A Summary is what became of the wakes since the last Reset.
type Summary struct {
	Wakes      int64 // tasks that were submitted and have run
	Covered    int64 // those whose stages are known
	Overlapped int64 // of these, those in which the worker ran before the wake call had returned

	// Stages are in the order of time; nil if no wake was covered.
	Stages []Stage
}

// A Stage is a part of the covered wakes. Means add up, and a few long wakes
// move them; medians do neither.
type Stage struct {
	Name   string
	Mean   float64 // nanoseconds
	Median float64 // nanoseconds, at least 1
}

// Summary returns what became of the wakes since the last Reset.
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
