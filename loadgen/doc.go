// Package loadgen measures one cell: one workload on one idle manager with one
// parker, on pinned threads, once. It is meant to have a process to itself,
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
// threads beside the generator, they have CPUs of their own too, as far as there
// are any. The garbage collector is off, with a limit on memory behind it;
// collections that happened nevertheless are told. After a warm-up, when all is at rest, the counters are
// read; then the generator does one operation after another for the given time;
// and when all is at rest again, the counters are read once more. What is reported
// is the difference. A measurement that was disturbed more than a limit of package
// noise allows says so, and should not count.
//
// If the load makes no step for [Patience], the measurement is given up, and the
// error has the state of the subject.
//
// # What the CPU time is of
//
// CPU time and context switches are those of the whole process less the
// generator's thread. So they include what Go's own scheduler does on other
// threads to wake a worker, which is part of a parker's price.
package loadgen
