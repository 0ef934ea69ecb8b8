// Package doctor judges whether a machine is fit to measure how threads sleep
// and wake, and says what to do about what is not.
//
// [Examine] makes one [Finding] for each topic, always all of them and in the
// same order: what was found, why it matters for idle managers, how bad it is,
// and the remedy. It looks at the facts that go into every result
// ([environ.Read]), and at counters of the kernel at two moments, between which
// the machine should have been left alone.
//
// # States
//
//   - [Good]: does no harm.
//   - [Mind]: to be kept in mind. Comparisons within one run hold; absolute
//     times, or comparisons with other machines, have to be read with this.
//   - [Bad]: numbers should not be trusted, not even relative ones.
//   - [Unknown]: cannot be seen from here. Nothing is taken to be good because
//     nobody looked.
//
// Bad are only these:
//
//   - affinity: less than 2 CPUs, so that the load generator interrupts the
//     workers it measures;
//   - cpu limit: less than the CPUs in use, or threads were kept from running in
//     the time watched. The process then stands still for tens of milliseconds;
//   - clock: one that takes a system call, and a microsecond or more, to read;
//   - steal: the hypervisor took more than 5 % of the CPU time in the time
//     watched;
//   - load: other processes used more than 10 % of it.
//
// The shares are taken of the CPUs in use. The kernel counts in hundredths of a
// second: two CPUs watched for a second are 200 of them, and no less than half a
// percent can be told.
//
// In a virtual machine frequency, idle states and the host's polling are the
// hypervisor's, and mostly unknown.
package doctor
