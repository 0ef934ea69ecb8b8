// Package profile records where a launch spends CPU time and where it waits, and
// writes that to a file that "go tool pprof" reads.
//
// # The kinds
//
//   - [CPU]: where the process computes. The runtime interrupts each thread every
//     10 ms of its CPU time and records its stack. Waits take no CPU time and do not
//     appear. Time inside the kernel is attributed to the function that made the system
//     call.
//   - [Mutex]: how long other goroutines waited for a lock, recorded when it is
//     unlocked. The stacks are those of the unlockers, which held the lock.
//   - [Block]: how long goroutines waited, recorded when a wait ends. The stacks are
//     those of the waiters. Besides locks it has channels, condition variables and
//     wait groups, so it also has workers that park because there is nothing to do,
//     with all the time that they slept. That is not contention.
//
// Mutex and block profiles record every event, not a sample. Only waits for locks inside
// Go's runtime, which mutex profiles have too, are estimates: the runtime records what it
// can without making these waits longer, and has the rest as
// runtime._LostContendedRuntimeLock.
//
// # What is not seen
//
// Go sees only the waits of goroutines. The parkers futex and spin-futex block the thread
// in a system call, bypassing the Go scheduler, and spin does not block at all. Block
// profiles lack their waits, and mutex profiles lack their contention for a word of
// memory. An empty profile of contention is a result, and is written too.
//
// A block profile has a wait if it began and ended while profiled. The last sleep of each
// worker does not end in time, and is missing.
//
// # Why a process for each kind
//
// Profiling changes what it observes. CPU profiling interrupts threads that hold locks,
// which makes others wait. Recording every wait of a parker with its stack takes about a
// microsecond of CPU time, which shows in CPU profiles and delays workers on their way to
// a lock. So each profiled launch has one kind of profile, launches that are measured are
// not profiled, and profiled launches come after all of these.
//
// One file for each kind also prevents mistakes: mutex and block profiles have the same
// sample types, and pprof merges them without a warning.
//
// # What is profiled
//
// Only the measured operations, without the warm-up ([Record]). The runtime counts
// contention from the start of the process, so the counts from before are subtracted.
//
// # What is in the file
//
// The runtime does not label contention samples, and does not know how long it counted.
// So each sample gets the labels workload, impl, park, workers, the workload's
// parameters, and kind. The file has the wall-clock time of the measured part as its
// duration. Comments have the same facts and the number of operations (Mark of package record/profile), since a
// file without samples has no labels.
//
//	go tool pprof -comments FILE
//	go tool pprof -tags FILE
package profile
