// Package loadgen measures one cell: one workload on one idle manager with one
// parker, on CPUs of their own, once. It is meant to have a process to itself,
// which ends afterwards; package bench starts many of them.
//
// # The parts
//
//	workload   patterns of load, one in each file
//	host       the work-stealing scheduler around an idle manager
//	latency    the clock and the recorders
//	stages     where the time of a wake went, if that is asked for
//	cpu        which thread runs where, and the proof that it does
//	noise      how much a measurement was disturbed, and the limits of that
//	calibrate  what the machine does by itself
//
// What a workload runs on is a [Subject]: the host with an idle manager
// ([Scheduled]), or a reference without one: [FloorFutex] and [FloorSpin], what
// the machine can do at all, and [Goroutine], what Go's own scheduler does. The
// [Platform] is the machine by itself, for the calibrations.
//
// # How a cell is measured
//
// [Measure] moves all threads of the process to the housekeeping CPUs, starts
// the workers, each pinned to its CPU, and a generator pinned to its own, and
// verifies that no other thread may run on the workers' CPUs. If the load has
// more submitting threads, they have CPUs of their own too, as far as there
// are any. Two axes change that, since they decide results; see below. The garbage collector is off, with a limit on memory behind it;
// collections that happened nevertheless are reported. After a warm-up, when all is at rest, the counters are
// read; then the generator does one operation after another for the given time;
// and when all is at rest again, the counters are read once more. What is reported
// is the difference. A measurement that was disturbed more than a limit of package
// noise allows says so, and should not count.
//
// If the load makes no step for [Patience], the measurement is given up, and the
// error has the state of the subject.
//
// # Who submits
//
// The generator is a thread of its own only if the workload has it that way
// (package workload, How). Where it is an ordinary goroutine, as it is by default,
// it runs on any thread of the process that is not a worker's.
//
// # How workers are held
//
// With [Scheduled] each worker is locked to a thread, which is pinned to a CPU: a
// runtime of its own, in whatever language. With [Goroutines] workers are ordinary
// goroutines, as those of a pool in a Go program, and all threads of the process
// share the workers' CPUs, and the generator's if that is a goroutine too;
// GOMAXPROCS is one for each worker and one for the generator, and no more than the
// CPUs that they have together. The workers are as many as elsewhere; [Goroutine],
// which has no workers, runs tasks on the submitter's P too while that waits. A parker that hands its worker back to
// Go's scheduler, such as a sync.Cond, is used by Go programs in the second way. In
// the first each wake of a worker passes through another thread: the one that
// readies it must give its P to the worker's thread, and wake that. A futex blocks
// the thread itself, and would keep a P from the goroutines of others until the
// runtime's monitor takes it away; so it is measured in the first way only, and so
// are parkers that spin.
//
// # What the CPU time is of
//
// The cost is the CPU time of the whole process but what the generator burnt by
// waiting for a time or for its tasks. So it has what Go's own scheduler does on
// other threads to wake a worker, and what a submission takes; see costs. How long
// a submission holds up the submitter is reported as well.
//
// # What is varied to see whether it matters
//
// A [Harness] departs from all this in one thing that a user could have otherwise.
// Package audit measures whether results stay.
package loadgen
