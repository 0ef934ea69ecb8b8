// Package profile reads CPU, mutex and block profiles and evaluates them: which code
// the time or contention comes from, by call site and as a tree of calls, and how two
// profiles differ.
//
// It reads the files of "bench run -profile" (package bench/profile says what they can
// and cannot show), and those of other programs:
//
//   - pprof's format, with CPU or wall-clock time in any unit, with or without the number of
//     samples, or with samples of a known period; mutex and block profiles; clocks of perf
//     as perf_to_profile writes them
//   - the older formats of gperftools, and Go's text of debug=1 with its symbols
//   - .cpuprofile of V8, and files of speedscope (py-spy, dotnet-trace)
//
// A file of JDK Flight Recorder, perf, .NET, cProfile and the like is rejected with the
// command that converts it.
//
// A profile is of one [Kind]. Its content decides which, and its name only if the content
// does not: mutex and block profiles have the same types of samples, and a mix of both is a
// valid file without meaning. A file of the suite that is not what its name says is
// rejected.
//
// # The words
//
// A mutex profile blames the unlockers: its stacks are of goroutines that held a lock,
// and its time is what others waited for it. A block profile shows the waiters: its
// stacks are of goroutines that waited, for whatever reason. So each wait for a mutex
// is in both, under different names.
//
// What is waited for is a [Wait]: a lock, a lock of Go's runtime, an event,
// or, for a worker that has nothing to do, a task. The last is what a parker is
// for, and no contention. It is most of what a block profile has, so shares are
// shares of one sort of wait.
//
// A [Class] says whose code a function is: that of the implementation under test, the
// parker, the host, the workload, or Go.
//
// # Numbers
//
// Times are in nanoseconds. Times of a CPU profile are estimates from samples, 100 per
// second of CPU time; of contention every event was counted, unless the profile was
// taken at another rate, except for locks inside Go's runtime. A profile of n seconds
// can contain more than n seconds, since threads wait in parallel.
package profile

import (
	recorded "github.com/idlebench/idlebench/record/profile"
)

// A Kind is what a profile counts.
type Kind = recorded.Kind

const (
	CPU   = recorded.CPU
	Mutex = recorded.Mutex
	Block = recorded.Block

	// Wall is of wall-clock time. This suite records none.
	Wall Kind = "wall"
)

// Blames says whose stacks a profile of the kind has: "unlockers", "waiters", or
// "runners" for CPU and wall-clock time.
func Blames(k Kind) string {
	switch k {
	case Mutex:
		return "unlockers"
	case Block:
		return "waiters"
	}
	return "runners"
}
