// Package simulate runs a concurrent Go program on a machine that need not exist:
// threads on simulated CPUs, whose operations on mutexes, atomics, futexes and
// channels take the time that a model of the machine says.
//
// The program is written with this package's types in place of Go's. They have the
// same methods, sizes and alignment, so one source can be built with either; see
// impls/prim for how the suite does it.
//
//	stats, err := simulate.Run(machine, 1, func() {
//		var n simulate.Int32
//		for range 8 {
//			simulate.Go(func() { n.Add(1) })
//		}
//		for n.Load() < 8 {
//			simulate.Compute(simulate.Microsecond)
//		}
//		fmt.Println(simulate.Now())
//	})
//
// # Time
//
// Each thread has a time of its own, in whole picoseconds, so that sums are exact
// and the same on every computer. The thread with the least time goes on, of
// several the one with the lowest number. Before an operation that others can see,
// a thread lets all those go first that are behind it in time. So operations take
// effect in the order of their times, one after the other: each execution is
// sequentially consistent, and one that package explore permits. The time of a
// thread never goes back.
//
// Costs vary a little at random ([Machine].Jitter), from the seed. Without that,
// threads that do the same fall into step with each other, which no real machine
// lets them do. Apart from the seed, nothing but the program and the machine
// decides what happens: the same seed gives the same execution, to the picosecond.
// The program must not use a clock but [Now], nor random numbers of its own making,
// nor iterate over maps.
//
// # Memory
//
// What threads share costs time because of the lines of 64 bytes in which it moves
// between caches. A line is owned by one CPU, which may write, or shared by some,
// which may read. An access by a CPU that has the line as it needs it is a hit. Any
// other is a request:
//
//   - Requests for a line are served one after the other. One that finds the
//     line busy waits. A read keeps it busy for a while ([Costs].Serve), a write
//     until the line has arrived and the operation on it is done.
//   - A line takes as long as it is far: from the nearest CPU that has it for a
//     read, from the farthest for a write, since all others must give it up.
//   - An operation takes effect when the line has arrived, not when it was asked
//     for. Otherwise a lock would be seen as taken while it is still on its way.
//   - The former owner may use the line until the request has reached it, after
//     half the way.
//
// Capacity is not modelled: a line stays where it is until another CPU wants it.
//
// Variables are on the same line if they would be in a program: the simulator
// goes by their addresses. Where Go's allocator puts an object depends on what else
// the process did, so each object gets an address of its own in the order of the
// first access, and begins a line. So two objects never share one; nor do two
// variables in objects of 16 bytes or less, which the allocator packs together.
//
// Plain variables cost nothing unless they are accessed through a [Var], or
// [Read] and [Write] are called for them, which package annotate does for all of a
// program's. A thread does not wait for its plain stores, and overlaps plain loads with
// others ([Costs].Overlap). What is on a stack is free: no other thread reaches it.
//
// # Threads and CPUs
//
// A thread belongs to a CPU ([Pin]); one that is not pinned has that of its
// number. A CPU runs one thread at a time. Others that are ready wait, for the end
// of its slice of time or until it blocks; a thread that was woken may run earlier
// ([Costs].Preempt). A CPU without a thread is idle, the deeper the longer
// ([Machine].Idle), and takes that much longer to come back. If two CPUs are
// threads of one core and both run, each takes longer for everything
// ([Costs].Sibling).
//
// A thread that spins ([Spin]) occupies its CPU, but costs the simulation nothing
// until a line that it looks at is written.
//
// # Where the time goes
//
// Each CPU is in one [State] at any time, so the states add up to the time that passed
// ([SpentBy]). A thread says itself when it searches ([Doing]). [Trace] keeps the states
// of a window, one after the other, and [Hottest] says which lines cost most, by the
// names that [Name] gave them. None of these takes time or changes anything.
//
// # What blocks
//
// [FutexWait] and [FutexWake] cost a system call, and take the lock of a hash bucket
// in the kernel, of which there are few ([Machine].Buckets). [Mutex] and [Cond] are
// Go's, by their algorithms, and sleep in Go's scheduler, which is dearer than a
// futex ([Costs].GoReady, [Costs].GoWake, [Costs].MutexWake). A goroutine that is readied
// waits for a thread to find it. If the waker blocks in Go's scheduler next, its own
// thread does ([Costs].GoHandoff); that is so for the goroutine that it readied last.
//
// # Against the explorer
//
// [Record] returns the order in which operations took effect, as a schedule for
// package explore. Package verify replays such schedules: every simulated execution of
// its scenarios is one that the explorer permits.
//
// # What is a failure
//
// A deadlock: the first thread has not ended, and none can go on. The error says
// what each thread waits for. A panic in a thread ends the simulation with an error
// too.
package simulate
