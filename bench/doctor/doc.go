// Package doctor judges whether a machine is fit to measure how threads sleep
// and wake, and says how to improve it.
//
// [Examine] makes one [Finding] for each topic, always all of them and in the
// same order: what was found, why it matters for idle managers, how bad it is,
// and the remedy. It looks at the facts that go into every result
// ([environ.Read]), and at two readings of the kernel's counters. Between them the
// machine should be idle.
//
// # States
//
//   - [Good]: does no harm.
//   - [Warn]: comparisons within one run hold, but absolute times, and comparisons
//     with other machines, depend on this.
//   - [Fail]: do not trust numbers from this machine, not even relative ones.
//   - [Unknown]: cannot be seen from here. A topic that could not be checked is
//     never good.
//
// Only these fail:
//
//   - affinity: fewer than 2 CPUs, so that the load generator interrupts the
//     workers it measures;
//   - cpu limit: less than the CPUs in use, or it stopped threads while the doctor
//     watched. The process then stops for tens of milliseconds;
//   - clock: one that takes a system call, a microsecond or more, to read;
//   - steal: the hypervisor took more than 5 % of the CPU time while the doctor
//     watched;
//   - load: other processes used more than 10 % of it.
//
// Shares refer to the CPUs in use. The kernel counts in hundredths of a second, so
// with two CPUs watched for a second the resolution is half a percent.
//
// In a virtual machine the hypervisor controls frequency, idle states and halt
// polling, and they are mostly unknown.
package doctor
