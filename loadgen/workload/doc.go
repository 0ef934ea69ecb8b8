// Package workload holds the load patterns by which idle managers are compared. Each
// has a file of its own, which cites the benchmark or the report that it models, and
// one entry in [All].
//
// # Model
//
// A [Workload] is a name, parameters, and a way to make a [Load] for given values. A
// load runs operations on a [Pool] for a given time: it submits tasks and waits until
// all of them have run. [How] says what submits and how it waits. The load itself says
// how long an operation took, since idle gaps are not part of it. Latencies are
// recorded by the tasks, each in the recorder of the worker that it runs on, or by the
// load.
//
// The pool is either a scheduler with an idle manager or a reference: the same load and
// the same tasks on another implementation.
//
// # What is not allowed
//
// A load must not allocate after its first operation, or the allocator would be
// measured too. It waits for its tasks with [Generator].Wait, for a time with
// [Generator].Until, for a condition with [Generator].Spin, and in no other way: these
// wait in the submitter's manner and account for the CPU time that waiting costs.
package workload
