// Package noise measures how much a measurement was disturbed from outside, and whether
// so much that it must be excluded.
//
// # Model
//
// A [Watch] is read before and after each slice that a launch measures, with the pool at
// rest; nothing is read or counted while something is timed. The two readings make a
// [Report]. It holds conditions, which go into the results as facts ([Report.Facts]),
// and it may exceed limits ([Report.Violations]). A slice that exceeds one is dropped,
// and the others go on. The reports of those that are kept add up ([Report.Add]), and
// the sum is held to the same limits: a tick of the kernel's counts is a large share of
// a slice's time. A launch that exceeds one, or whose only slice did, is kept and
// marked, and measured again.
//
// # What is a limit and what a condition
//
// A limit may only concern what comes from outside and what measuring again may cure.
// It must not depend on the subject: if launches were excluded because latencies were
// long, or because workers were switched often, then managers that are slow, or wake
// often, would be judged by their better launches only. There is one exception,
// throttling by a CPU quota. Whether it happens depends on how much CPU time the
// subject uses; but it stops everything for tens of milliseconds, so the numbers say
// nothing about the subject. A quota that is too small is refused before the run, so
// the exception rarely applies, unless the quota is measured on purpose
// ([Watch.Throttled]).
//
// So these are conditions, not limits:
//
//   - Involuntary context switches and waiting for a CPU. Both depend on how often the
//     subject wakes and how long it wants a CPU. The count also says little about time:
//     among the launches of a busy machine there was one with a single switch, in which a
//     worker waited for 540 ms, and one with 38,262 and hardly any loss, since workers
//     that share CPUs yield them to each other. If workers share CPUs with each other or
//     with the generator, switches are what is being measured. The CPU time that other
//     processes used is a better measure of their effect, and that has a limit.
//   - Collections and stops of the world. The collector is off. If it runs anyway, or
//     the world is stopped, the subject allocated that much or asked for it, and would
//     again.
//   - Saturation. An open loop that achieved less than 99 % of what was offered is an
//     answer, not a faulty measurement. Its latencies grow for as long as it is measured,
//     so read them as "overloaded", not as a time.
//   - The generator's lateness. It is part of each latency from the planned time, and
//     is reported separately; other processes on its CPU are under a limit.
//
// # Conditions
//
// Times are rounded to microseconds. What a system does not report is "unknown".
//
//	migrations          of the pinned threads; "none-seen" where the kernel does
//	                    not count them and each was in the end on the CPU it had
//	                    been on before (it might have gone and come back)
//	affinity            of all threads: kept, or changed by another process
//	steal               time that the hypervisor took of the CPUs in use, together
//	others              time that others than this process used of them: other
//	                    processes, and the kernel where it does not count its own
//	                    work as this process's
//	throttled-periods   periods in which the CPU quota of a control group of this
//	                    process, or of a group above, was used up
//	throttled           time that threads of the group were stopped by that, together
//	worker-switches     involuntary context switches of the workers' threads
//	worker-wait         time in which they wanted a CPU and did not have it; that a
//	                    CPU first had to wake up from idling is part of it
//	generator-switches  likewise of the generator's thread; if runtime-shares says
//	generator-wait      generator, the Go runtime's threads are one of the reasons
//	clock-step          by how much the wall clock was set against the monotonic one
//	clocksource         only if it changed: from and to
//	offline             only if there are some: CPUs in use that are not online
//
// Package loadgen adds gc, stops and stopped: how often the collector ran, how often
// the world was stopped, and for how long together ([Stops]); and for an open loop
// achieved, the share of the offered load, and saturated.
//
// For a subject without threads of its own, the worker conditions are unknown.
//
// The CPUs in use are the workers' and the generator's, and a victim's ([Watch.Beside]).
// Their idle and stolen time
// comes from /proc/stat, in ticks of 10 ms, so in a short launch "others" is a rough
// estimate: with two CPUs its error has a standard deviation of 6 ms. The limits leave
// room for that.
//
// # Limits
//
// [Limits] lists them, with reasons.
//
// # What could not be checked
//
// It was tested on a virtual machine with 2 CPUs (KVM, Linux 6.18), on which no CPU
// could be taken offline and no clock set without disturbing others: those limits were
// only tested with made-up readings. That machine counts migrations
// (CONFIG_SCHED_DEBUG). Steal is what the hypervisor reports; some report none.
//
// The machine was never without other work when the limits were chosen. It is not known
// how high "others" gets on a quiet machine whose workers sleep and wake, from
// interrupts and from waking up CPUs; if it came near 10 %, the limit would be wrong.
package noise
