// Package explore runs a concurrent Go program under every schedule, or under as
// many as one has time for, and reports the first one under which it fails.
//
// The program is written with this package's mutexes, atomics, channels and
// threads in place of Go's. They have the same methods, so that one source can
// be built with either; see impls/prim for how the suite does it.
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
// on a mutex, an atomic, a channel; then it stops, and the strategy chooses which
// of the threads whose next operation is possible goes on. An execution is the
// list of these choices, its schedule. Everything else in the program must be
// deterministic: no clock, no random numbers but [Choose], no maps ranged over,
// and no state left over from the execution before.
//
// The steps are interleaved, not overlapped, and each sees what the ones before
// it did: executions are sequentially consistent. That is sound for Go, whose
// atomics are sequentially consistent and whose memory model promises sequential
// consistency to programs without data races (go.dev/ref/mem). Whether there is a
// data race is another question, which the race detector answers for executions
// that happen, and a [Var] for those that are explored. It says nothing about
// the same program in a language with weaker atomics.
//
// # Strategies
//
//   - [Bounded]: depth first, every schedule with at most so many preemptions. A
//     preemption is a switch away from a thread that could have gone on. Most
//     bugs need few; the number of schedules grows fast with them.
//   - [Reduced]: depth first without a bound, but only one schedule for each
//     class of schedules that differ in the order of independent steps: dynamic
//     partial-order reduction (Flanagan and Godefroid, POPL 2005) with source
//     sets (Abdulla and others, POPL 2014) and sleep sets (Godefroid, 1996).
//   - [Random]: each choice uniform, from a seed.
//   - [PCT]: random priorities with a few random changes (Burckhardt and others,
//     ASPLOS 2010), from a seed.
//   - [Replay]: one given schedule.
//
// # What is a failure
//
// A panic in a thread. A deadlock, and so a lost wake-up: some threads have not
// ended and none can go on, or those that can only look again, ten times between
// calls of [Yield], at what nobody changes. A data race: two accesses to a [Var]
// are not ordered. An invariant ([Always]) that does not hold between two steps. A
// livelock: the execution has more steps than the limit, or the program spins
// without [Yield].
//
// Deadlocks that are known can be counted instead ([Limits]), so that the rest is
// explored as well.
//
// # What it cannot do
//
// Channels must have a buffer and are not closed. There is no select, no timer,
// no context. Reduction assumes that whether a step is possible depends only on
// the objects it touches, so programs that call [Yield] are explored by Reduced
// without a promise to be complete; the others keep theirs. Nor can it check
// invariants: what [Always] sees between two steps depends on their order, even if
// they are independent. One exploration runs at a time in a process.
package explore
