// Package probe measures what package simulate has to know about this machine, and
// returns it as a file of package simulate/machine.
//
// # Figures
//
// A probe repeats a batch of operations for a fixed time on threads that are pinned to
// CPUs. A batch gives one number: the mean time of an operation, or the median if the
// operation is a wake-up. Other programs, interrupts and hypervisors only ever make a
// batch slower. So the figure is the median of the least disturbed quarter of the
// batches, and its spread the 10th and 90th percentile of all. A spread of several
// times the figure means that the machine was busy, not that the figure is.
//
// Where an idle CPU has to come back, which is in wake-ups and at the end of a sleep, the
// figure is the median of all batches. How long that takes is what the idle governor and
// the hypervisor choose, which differs from second to second, and the quickest quarter
// are lucky choices: on a virtual machine a wake-up was half as long in them as in
// ordinary ones. They also learn: after a second of wake-ups of one kind each is faster
// than where kinds alternate. So the probes of wake-ups take turns, in slices as short as
// those in which launches are measured. And they are measured as launches are in that Go's
// runtime is kept off the CPU that sleeps: its monitor, which looks every 20 µs at threads that
// are in a system call, would wake that CPU between the wake-ups. On a virtual machine
// with that, a thread that had slept for 200 µs was there after 28 µs; without, after 44.
//
// # Probes
//
//   - On one CPU: an atomic load, a store and an add on a line that the CPU owns; a
//     look of a spinning thread with its pause; a reading of the clock; a system call; a
//     load from memory.
//   - On each pair of CPUs: a line that both compare-and-swap in turn. Half a round trip
//     is a line's way and the operation.
//   - On two CPUs: an add to a line that the other one adds to all the time; the wake-up
//     of a thread that sleeps on a futex, for several times that it has slept: what it
//     costs the waker, and how long it takes until the sleeper runs; the same through
//     a channel, sync.Cond and sync.Mutex, and through a channel by a goroutine that
//     blocks next.
//   - On one CPU with two threads: from one to the other by sched_yield.
//   - A sleep of 200 µs: how late it ends.
//
// # From figures to constants
//
// The simulator composes operations of constants, so a constant is what is left of a
// figure when the other constants in it are taken away. [Assemble] does that, and the
// file says how for each. What cannot be measured this way is taken from a preset with
// its source: how long a read keeps a line busy, how much loads overlap, what a sibling
// costs, the time slices of the kernel.
package probe
