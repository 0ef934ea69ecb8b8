// Package profile records where a launch spends CPU time and where it waits, and
// writes that to a file that "go tool pprof" reads.
//
// # The kinds
//
//   - [CPU]: where the process computes. The runtime interrupts each thread every
//     10 ms of its CPU time and notes its stack. A wait takes no CPU time, so it
//     is not seen, and neither is what happens inside the kernel: that is the
//     function that made the system call.
//   - [Mutex]: how long others waited for a lock, noted when it is unlocked. The
//     stacks are those of the unlockers. They are to blame: they held the lock.
//   - [Block]: how long goroutines waited, noted when a wait ends. The stacks are
//     those of the waiters. Besides locks there are channels, condition
//     variables and wait groups, so a worker that parks because it has nothing to
//     do is here too, with all the time that it slept. That is no contention.
//
// In mutex and block profiles every event counts, not a sample of them. Only the
// waits for locks inside Go's runtime, which are in mutex profiles too, are
// estimates: the runtime keeps what it can without making them longer, and has the
// rest as runtime._LostContendedRuntimeLock.
//
// # What is not seen
//
// Go sees the waits of goroutines, and no others. The parkers futex and
// spin-futex block the thread in a system call, past the Go scheduler, and spin
// does not block at all: their waits are in no block profile, and if two of them
// meet on a word of memory that is in no mutex profile. A profile of contention
// with nothing in it is a result, and the file is there nevertheless.
//
// A wait counts for block if it began and ended while profiled. The last sleep
// of each worker does not end in time, and is missing.
//
// # Why a process for each kind
//
// A profile changes what it looks at. CPU profiling interrupts threads that hold
// locks, which makes others wait. To note every wait of a parker with its stack
// takes CPU time, a microsecond or so, which shows in CPU profiles, and delays
// workers on their way to a lock. So a launch is for one kind, none of the
// launches that are timed is profiled, and all of these come after those.
//
// It also keeps the files apart that look alike: mutex and block profiles have
// the same types of samples, and pprof merges one with the other without a word.
//
// # What is profiled
//
// Only the measured operations, not the warm-up ([Record]). The runtime counts
// contention from the start of the process, so what had been counted before is
// subtracted.
//
// # What is in the file
//
// The runtime does not label samples of contention with anything, and does not
// know how long it counted. So each sample gets the labels workload, impl, park,
// workers, the workload's parameters, and kind; the file has the wall-clock time
// of the measured part as its duration, and comments with the same facts and the
// number of operations (recorded.Mark), since a file without samples has no labels.
//
//	go tool pprof -comments FILE
//	go tool pprof -tags FILE
package profile
