// Package explore runs a concurrent Go program under every schedule, or under as
// many as there is time for, and reports the first one under which it fails.
//
// The program is written with this package's mutexes, atomics, channels and
// threads in place of Go's. They have the same methods, so one source can be
// built with either; see impls/prim for how the suite does it.
//
//	result := explore.Run(func() {
//		var n explore.Int32
//		for range 2 {
//			explore.Go(func() { n.Store(n.Load() + 1) })
//		}
//		explore.Wait()
//		if n.Load() != 2 {
//			panic("an update was lost")
//		}
//	}, explore.Bounded(2), explore.Limits{})
//	if result.Failure != nil {
//		fmt.Println(result.Failure) // the schedule, as a table
//	}
//
// # Model
//
// A thread is a coroutine. It runs until it is about to do a visible operation,
// on a mutex, an atomic, a channel. Then the strategy chooses which of the threads
// whose next operation is possible goes on. An execution is determined by these
// choices, its schedule. Everything else in the program must be deterministic: no
// clock, no random numbers but [Choose], no iteration over maps, and no state left
// over from the execution before.
//
// The steps are interleaved, not overlapped, and each sees what the ones before
// it did: executions are sequentially consistent. That is sound for Go, whose
// atomics are sequentially consistent and whose memory model promises sequential
// consistency to programs without data races (go.dev/ref/mem). Whether there is a
// data race is another question: the race detector answers it for executions that
// happen, and a [Var] for those that are explored. Nothing follows for the same
// program in a language with weaker atomics.
//
// # Strategies
//
//   - [Bounded]: depth first, every schedule with a bounded number of preemptions,
//     as CHESS does. A preemption is a switch away from a thread that could have
//     gone on. Most bugs need few; the number of schedules grows fast with them.
//   - [Reduced]: depth first without a bound, but only one schedule for each class
//     of schedules that differ in the order of independent steps: dynamic
//     partial-order reduction (DPOR; Flanagan and Godefroid, POPL 2005) with source
//     sets (Abdulla and others, POPL 2014) and sleep sets (Godefroid, 1996).
//   - [Random]: each choice uniform, from a seed.
//   - [PCT]: random priorities with a few random changes (Burckhardt and others,
//     ASPLOS 2010), from a seed.
//   - [Replay]: one given schedule.
//
// # What is a failure
//
// A panic in a thread or an invariant. A deadlock, and so a lost wake-up: some
// threads have not ended, and each is blocked or only re-reads, ten times between
// calls of [Yield], state that no thread will change. A data race: two accesses to
// a [Var] are not ordered. An invariant ([Always]) that does not hold between two
// steps. A livelock: the execution has more steps than the limit, or the program
// spins without [Yield].
//
// Known deadlocks can be counted instead ([Limits]), so that the rest is explored
// as well.
//
// # What a step costs
//
// There is no scheduler thread. The thread that reaches an operation asks the
// strategy itself, and switches to another thread only if that one is chosen.
// Threads, traces and the frames of strategies are used again in the next
// execution, so a step allocates nothing. Clocks, histories and places in the
// source are kept only for the strategies and programs that need them. The
// benchmark against a peer is in explore/peer.
//
// # What it cannot do
//
// Channels must have a buffer and are not closed. There is no select, no timer,
// no context. Reduction assumes that whether a step is possible depends only on
// the objects it touches, so Reduced does not promise to be complete for programs
// that call [Yield]; the other strategies do. Nor can it check invariants: what
// [Always] sees between two steps depends on their order, even if they are
// independent. One exploration runs at a time in a process.
package explore
