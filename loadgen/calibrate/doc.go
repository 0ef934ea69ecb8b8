// Package calibrate measures the machine itself: what a clock reading costs, how far
// the clocks of two CPUs agree, and how often a busy thread is interrupted for reasons
// other than the scheduler. Every "bench run" includes these numbers, whatever else was
// selected, measured in rounds of its own among the others. Effects of that size or
// smaller cannot be attributed to an implementation. ("bench compare" and "bench
// selftest" compare revisions and names on one machine and leave them out.)
//
// A calibration is a workload like any other, so its rows are in the same file. It runs
// on one subject only, the platform (impl=platform, park=none): a thread on the first
// worker's CPU that sleeps until it gets its one task, with the generator on the
// generator's CPU. No idle manager or parker is active while anything is timed.
//
// The floors of waking, a bare futex and a bare spin from one thread to another,
// are not here. They are references for the workload wake (impl=floor), and have
// the same load.
//
// # platform_clock
//
// The cost of reading the clock that all latencies come from (now-ns/op), and of
// time.Now, which reads the wall clock as well (wall-ns/op). Both come from the fastest
// batch of 256 readings, so they exclude most interruptions; ns/op is the mean of all.
// A latency is the difference of two readings and includes the cost of about one. It is
// a multiple of the clock's step. min-ns/step is the least non-zero difference between
// two readings: the step itself or, where a reading takes longer than that, a few
// steps.
//
// # platform_offset
//
// A latency from one thread to another is the difference of readings on two CPUs, so
// its error is the offset between their clocks. Two pinned threads pass a cache line
// back and forth. The generator reads its clock (a), the worker sees that and reads its
// own (b), the generator sees that and reads again (c). Since b lay between a and c,
// the worker's clock is at most b-a ahead of the generator's and at most c-b behind it.
// The bounds are the least of each over many round trips. max-ns/offset is the larger
// one: the clocks differ by no more. min-ns/offset is how much they must differ at
// least; 0 means that the readings are consistent with equal clocks. The resolution of
// the method is half a round trip (ns/op): the shorter the trip, the tighter the
// bounds.
//
// The offset is that between the CPUs of the first worker and the generator, of no
// other pair, and is assumed constant during the launch.
//
// # platform_hiccup
//
// A thread on the worker's CPU polls the clock. Two consecutive readings more than 1 µs
// apart have a gap between them, in which something else ran. The kernel's counts of
// the thread's context switches say what:
//
//   - It was not switched out: an interrupt, the hypervisor, or the machine itself
//     (system management). This is a hiccup. The samples are the hiccups, with their
//     quantiles in p50-ns/hiccup and so on; hiccups/sec is their rate, and lost-ns/sec
//     the time they took.
//   - It was switched out involuntarily: another thread had the CPU, preempted-ns/sec.
//   - It blocked, which its code never does: Go's runtime preempts a goroutine that has
//     run for 10 ms and lets others run, runtime-ns/sec.
//
// A worker that runs for long suffers all three. Quantiles are over hiccups, not over
// time: p50-ns/hiccup does not say that half of the time is lost. If the hypervisor ran
// something else just as the thread was switched, that time counts as the switch's.
//
// # What could not be checked
//
// It was written and tested on a virtual machine with 2 CPUs of one socket, whose
// clocks the hypervisor keeps equal. Non-zero offsets, more than one socket, CPUs that
// share a core, and clocks that take a system call to read were covered only by tests
// with made-up readings.
package calibrate
