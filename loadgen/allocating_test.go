package loadgen

import (
	"testing"

	"github.com/idlebench/idlebench/loadgen/host"
)

// A recorded pool keeps what is submitted to it, and what a task spawns and yields.
type recorded struct{ submitted, spawned, yielded []host.Task }

func (r *recorded) Submit(t host.Task) error { r.submitted = append(r.submitted, t); return nil }
func (r *recorded) SubmitAll(all []host.Task) error {
	r.submitted = append(r.submitted, all...)
	return nil
}
func (r *recorded) Spawn(t host.Task) { r.spawned = append(r.spawned, t) }
func (r *recorded) Yield(t host.Task) { r.yielded = append(r.yielded, t) }
func (r *recorded) ID() int           { return 3 }

type taskFunc func(host.Worker)

func (f taskFunc) Run(w host.Worker) { f(w) }

// Each submission and each spawn is an allocation of its own, also of the same task; a task
// that yields is not allocated again, and ends only when it does not yield.
func TestAllocating(t *testing.T) {
	r := new(recorded)
	p := newAllocating(r, 4)
	runs := 0
	child := taskFunc(func(host.Worker) {})
	var parent taskFunc
	parent = func(w host.Worker) {
		if runs++; runs == 1 {
			w.Spawn(child)
			w.Yield(parent)
		}
	}
	if err := p.Submit(parent); err != nil {
		t.Fatal(err)
	}
	if err := p.SubmitAll([]host.Task{child, child}); err != nil {
		t.Fatal(err)
	}
	first, _ := r.submitted[0].(*spawned)
	if len(r.submitted) != 3 || first == nil || r.submitted[1] == r.submitted[2] {
		t.Fatalf("submitted %v", r.submitted)
	}
	first.Run(r)
	if runs != 1 || len(r.spawned) != 1 || len(r.yielded) != 1 || r.yielded[0] != host.Task(first) {
		t.Fatalf("%d runs, spawned %v, yielded %v", runs, r.spawned, r.yielded)
	}
	if _, ok := r.spawned[0].(*spawned); !ok || first.ended.Load() != 0 {
		t.Errorf("spawned %T; the task that yielded has ended: %d", r.spawned[0], first.ended.Load())
	}
	first.Run(r)
	if runs != 2 || first.ended.Load() != 1 {
		t.Errorf("%d runs; ended: %d", runs, first.ended.Load())
	}
	if n := testing.AllocsPerRun(100, func() { r.submitted = r.submitted[:0]; _ = p.Submit(child) }); n != 1 {
		t.Errorf("%v allocations for a submission, want 1", n)
	}
}
