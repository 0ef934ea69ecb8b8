// Package workload holds the patterns of load by which idle managers are
// judged. Each is in a file of its own, beside the reference that says what it
// stands for, and is listed once, in [All].
//
// # Model
//
// A [Workload] is a name, parameters, and a way to make a [Load] for given
// values. A load does operations on a [Pool] for a given time: it submits tasks
// and waits until they have run, all of them. Who submits, and how it waits, is
// [How]. How long an operation took is the load's to say, since an idle gap is
// not part of it. Latencies are recorded by the tasks themselves, each in
// the recorder of the worker it runs on, or by the load.
//
// The pool may be a scheduler with an idle manager, or a reference: the same
// load, the same tasks, on something else.
//
// # What is not allowed
//
// A load allocates nothing after its first operation, or the allocator is
// measured too. It waits for its tasks by [Generator].Wait, for a time by
// [Generator].Until, and for a condition by [Generator].Spin, and by nothing else:
// they wait as the submitter does, and know what that burns.
package workload
