// Package calibrate measures the machine by itself: what a clock reading costs,
// how far the clocks of two CPUs agree, and how often a busy thread is interrupted
// for reasons that are not the scheduler's. Every "bench run" has these numbers,
// whatever was chosen to be measured, from its own rounds among all the others; what
// is smaller than they are, or as large, is not an implementation's. ("bench compare"
// and "bench selftest" compare revisions and names on one machine, and do without.)
//
// A calibration is a workload like any other, so that its rows stand in the same
// file. It runs on one subject only, the platform (impl=platform, park=none): a
// thread on the first worker's CPU that sleeps until it gets its one task, beside
// the generator on the generator's CPU. No idle manager and no parker is at work
// while anything is timed.
//
// The floors of waking, a bare futex and a bare spin from one thread to another,
// are not here. They are references for the workload wake (impl=floor), and have
// the same load.
//
// # platform_clock
//
// What it costs to read the clock that all latencies come from (now-ns/op), and
// what time.Now costs, which reads the wall clock as well (wall-ns/op). Both are of
// the batch of 256 readings that took least, so without what interrupted the others;
// ns/op is the mean of all. A latency is the difference of two readings and has the
// cost of about one in it. It is a multiple of the clock's step; min-ns/step is the
// least difference between two readings that was not zero, and so the step, or, where
// a reading takes longer than that, a few more.
//
// # platform_offset
//
// A latency from a thread to another is the difference of readings on two CPUs,
// so it is wrong by what their clocks differ. Two pinned threads hand a cache line
// to and fro. The generator reads its clock (a), the worker sees that and reads
// its own (b), the generator sees that and reads again (c). As b lay between a and
// c, the worker's clock is at most b-a ahead of the generator's, and at most c-b
// behind it. The least of each over many round trips are the bounds. max-ns/offset
// is the larger one: the clocks differ by no more. min-ns/offset is how much they
// must differ at least; 0 says that nothing was found that equal clocks would not
// show. Half a round trip (ns/op) is the limit of the method: with a shorter way
// to and fro the bounds are closer.
//
// It is the offset between the CPU of the first worker and that of the generator,
// and no other pair, and taken as the same during the launch.
//
// # platform_hiccup
//
// A thread on the worker's CPU looks at the clock again and again. Two looks more
// than 1 µs apart have a gap between them, in which something else happened. The
// kernel's counts of the thread's context switches tell what:
//
//   - It was not switched out: an interrupt, the hypervisor, or the machine itself
//     (system management). This is a hiccup. The samples are these, with their
//     quantiles in p50-ns/hiccup and so on; hiccups/sec is how many there were, and
//     lost-ns/sec how much time they took.
//   - It was switched out against its will: another thread had the CPU,
//     preempted-ns/sec.
//   - It blocked by itself, which it never asked for: Go's runtime stops whoever
//     runs for 10 ms and lets others have a turn, runtime-ns/sec.
//
// A worker that runs for long suffers all three. Quantiles are of hiccups, not of
// time: p50-ns/hiccup does not say that half of the time is lost. A hypervisor
// that ran something else just when the thread was switched is counted with that.
//
// # What could not be checked
//
// It was written and tried on a virtual machine with 2 CPUs of one socket, whose
// clock the hypervisor keeps the same on both. Offsets that are not zero, more than
// one socket, CPUs that share a core and clocks that take a system call to read were
// seen only in tests with made-up readings.
package calibrate
