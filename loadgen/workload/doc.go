// Package workload holds the patterns of load by which idle managers are
// judged. Each is in a file of its own, beside the reference that says what it
// stands for, and is listed once, in [All].
//
// # Model
//
// A [Workload] is a name, parameters, and a way to make a [Load] for given
// values. A load does operations on a [Pool] for a given time: it submits tasks
// from the thread of the load generator and waits until they have run, all of
// them. How long an operation took is the load's to say, since an idle gap is
// not part of it. Latencies are recorded by the tasks themselves, each in
// the recorder of the worker it runs on, or by the load.
//
// The pool may be a scheduler with an idle manager, or a reference: the same
// load, the same tasks, on something else.
//
// # What is not allowed
//
// A load allocates nothing after its first operation, or the allocator is
// measured too. It does not block on Go's channels or timers while it is timed:
// its thread is locked, and a switch of goroutines there costs more than what is
// measured. It waits by [Generator].Wait or spins by [Generator].Spin.
package workload
