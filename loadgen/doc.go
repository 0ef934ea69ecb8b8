// Package loadgen measures one cell once: one workload on one idle manager with one
// parker, on CPUs of their own. It expects a process to itself, which ends afterwards;
// package bench launches many of them.
//
// # The parts
//
//	workload   patterns of load, one in each file
//	recording  recorded loads: the format of their files
//	host       the work-stealing scheduler around an idle manager
//	latency    the clock and the recorders
//	gaps       idle gaps of workers, if they are asked for
//	stages     where the time of a wake went, if that is asked for
//	victim     what a pool does to others, if that is asked for
//	kernel     what the kernel keeps for a process: timer slack, futex hash
//	cpu        which thread runs where, and the proof that it does
//	noise      how much a measurement was disturbed, and the limits of that
//	calibrate  what the machine does by itself
//
// A workload runs on a [Subject]: the host with an idle manager ([Scheduled]), or a
// reference without one: [FloorFutex] and [FloorSpin], the best the machine can do, and
// [Goroutine], Go's own scheduler. [Platform] is the machine itself, for the
// calibrations.
//
// # How a cell is measured
//
// [Start] moves all threads of the process to the housekeeping CPUs, starts the
// workers, each pinned to its CPU, and a generator pinned to its own, and verifies that
// no other thread may run on the workers' CPUs. Further submitting threads have CPUs of
// their own too, as long as there are enough. Two axes change that, since they affect
// results; see below. The garbage collector is off, backed by a memory limit;
// collections that happen anyway are reported. The generator then warms up.
//
// [Sitting.Slice] measures one slice of time. Once everything is at rest, the counters
// are read; the generator then runs operations for the given time; and when everything
// is at rest again, the counters are read once more. The difference counts, unless the
// slice was disturbed beyond a limit of package noise: then it is dropped.
// [Sitting.End] returns what the kept slices measured together. A cell is measured in
// one go with [Measure], which takes one slice. If that was disturbed, it is returned
// all the same, says so, and should be excluded.
//
// If the load makes no progress for [Patience], the measurement is abandoned, and the
// error contains the state of the subject.
//
// # Why slices measure what one go measures
//
// Between slices other processes use the CPUs. When a slice begins, caches are cold,
// CPUs may sleep deeper, and Go's runtime has come to rest. So a slice begins with a
// lead, operations that do not count. In a trial on another machine, with slices of 40 ms
// that began with 8 ms of lead, medians agreed with those of one go within 1 %; in slices
// of 5 ms without a lead, sync.Cond was 25 % faster. The self-test says whether the two ways
// agree on the machine at hand.
//
// Nothing is averaged over slices. Counts, times and histograms add up, and ratios and
// quantiles are taken of the sums ([workload.Figure]), so that an operation weighs the
// same in whichever slice it was.
//
// Whether a slice is kept depends only on what came from outside (package noise), never
// on what it measured. A load with a random schedule has the same arrivals in the n-th
// kept slice of every launch with the same seed ([workload.Scheduled]), and so has what
// it is compared with.
//
// Loads that do nearly nothing, and loads without a pool that lasts, are measured in one
// go; each says why ([workload.Workload], Whole). A subject that keeps its CPUs busy
// while it waits (Subject.Spins) disturbs others between its slices; its process has to
// be stopped there.
//
// # Who submits
//
// The generator is a thread of its own only if the workload asks for one (package
// workload, How). By default it is an ordinary goroutine, which runs on any thread of
// the process that is not a worker's.
//
// # How workers are held
//
// With [Scheduled] each worker is locked to a thread pinned to a CPU, as in a runtime
// of its own in any language. With [Goroutines] workers are ordinary goroutines, like
// those of a pool in a Go program. All threads of the process share the workers' CPUs,
// and the generator's if that is a goroutine too. GOMAXPROCS is one per worker plus one
// for the generator, but no more than those CPUs. The number of workers is the same as
// elsewhere. [Goroutine], which has no workers, also runs tasks on the submitter's P
// while the submitter waits. A parker that hands its worker back to Go's scheduler,
// such as a sync.Cond, is used in the second way by Go programs. In the first way each
// wake of a worker passes through another thread: the one that readies it must give its
// P to the worker's thread, and wake that. A futex blocks the thread itself; among
// goroutines it would withhold a P from the others until the runtime's monitor takes it
// away. So futexes are measured in the first way only, and so are parkers that spin.
//
// # What the CPU time is of
//
// The cost is the CPU time of the whole process except what the generator used to wait
// for a time or for its tasks. So it includes what Go's own scheduler does on other
// threads to wake a worker, and what a submission takes; see costs. How long a
// submission holds up the submitter is also reported.
//
// # What is varied to see whether it matters
//
// A [Harness] changes one thing about this that a user's setup might do differently.
// Package audit measures whether the results hold.
package loadgen
