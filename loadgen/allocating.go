package loadgen

import (
	"sync/atomic"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// An allocating pool gives each task that is submitted or spawned a task of its own on the
// heap, with a completion, as the runtimes do that our designs are compared with. The loads
// allocate their tasks before they measure, so that the host's own work is next to nothing;
// this pool has the work back that a user of a runtime pays for.
//
// It stands between the load and the host, so that the host is the same. For each spawn
// there is one allocation, of task and completion together, as Tokio's cell of a task has
// both. A task that yields keeps its own. When a task has ended, its completion is marked by
// one atomic exchange, in which a runtime would find out who waits for it. The collector is
// on ([Spec].Allocates), since to free tasks is part of their price.
type allocating struct {
	pool    workload.Pool
	workers []allocatingWorker // by host.Worker.ID
}

// newAllocating returns the pool as one that allocates, for workers with a number below ids.
func newAllocating(pool workload.Pool, ids int) *allocating {
	return &allocating{pool: pool, workers: make([]allocatingWorker, ids)}
}

// An allocatingWorker is what a task sees of its worker. It belongs to that worker.
type allocatingWorker struct {
	host.Worker
	running *spawned
	yielded bool // in Run

	_ [impls.CacheLine]byte
}

// A spawned is a task with its completion.
type spawned struct {
	pool  *allocating
	task  host.Task
	ended atomic.Uint32
}

// new allocates a task.
func (p *allocating) new(t host.Task) host.Task { return &spawned{pool: p, task: t} }

func (p *allocating) Submit(t host.Task) error { return p.pool.Submit(p.new(t)) }

func (p *allocating) SubmitAll(tasks []host.Task) error {
	all := make([]host.Task, len(tasks))
	for i, t := range tasks {
		all[i] = p.new(t)
	}
	return p.pool.SubmitAll(all)
}

// Run runs the task. If it yielded, it will run again, and has not ended.
func (s *spawned) Run(w host.Worker) {
	a := &s.pool.workers[w.ID()]
	a.Worker, a.running, a.yielded = w, s, false
	s.task.Run(a)
	if !a.yielded {
		s.ended.Swap(1)
	}
}

func (a *allocatingWorker) Spawn(t host.Task) { a.Worker.Spawn(a.running.pool.new(t)) }

func (a *allocatingWorker) Yield(host.Task) {
	a.yielded = true
	a.Worker.Yield(a.running)
}
