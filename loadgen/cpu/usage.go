package cpu

import "time"

// A Usage is what a thread or a process has used since it began. All fields only grow,
// so what was used between two readings is their difference ([Usage.Sub]).
//
// CPU is the one to report. It comes from a kernel clock (CLOCK_THREAD_CPUTIME_ID,
// CLOCK_PROCESS_CPUTIME_ID) which on Linux counts nanoseconds of running, up to the
// moment of the reading.
//
// User and System come from getrusage(2), in microseconds. How time is split between
// them depends on the kernel's configuration. Many kernels sample what is running at
// each tick of 1 to 10 ms (CONFIG_TICK_CPU_ACCOUNTING), and split the time in
// proportion. So the sum agrees with CPU, but the split is an estimate; for a thread
// that wakes and sleeps between ticks it can be far off. Kernels with
// CONFIG_VIRT_CPU_ACCOUNTING_GEN or _NATIVE measure each.
//
// On a virtual machine, time stolen by the host while a thread was running may be
// counted as used.
type Usage struct {
	CPU    time.Duration // time on a CPU
	User   time.Duration // of that, in the program
	System time.Duration // of that, in the kernel on its behalf

	// Context switches: voluntary, because the thread blocked or yielded, and
	// involuntary, because it was preempted.
	Voluntary   int64
	Involuntary int64
}

// Add returns the sum of two usages.
func (u Usage) Add(other Usage) Usage {
	return Usage{
		CPU:         u.CPU + other.CPU,
		User:        u.User + other.User,
		System:      u.System + other.System,
		Voluntary:   u.Voluntary + other.Voluntary,
		Involuntary: u.Involuntary + other.Involuntary,
	}
}

// Sub returns what was used since an earlier reading.
func (u Usage) Sub(earlier Usage) Usage {
	return Usage{
		CPU:         u.CPU - earlier.CPU,
		User:        u.User - earlier.User,
		System:      u.System - earlier.System,
		Voluntary:   u.Voluntary - earlier.Voluntary,
		Involuntary: u.Involuntary - earlier.Involuntary,
	}
}

// ThreadUsage returns the usage of the calling thread. It is useful only to a goroutine
// that is locked to its thread. It makes two system calls, which are themselves part of
// the next reading.
//
// On Darwin only CPU is known, and the rest is 0. On systems other than Darwin and
// Linux the usage is zero and the error is errors.ErrUnsupported.
func ThreadUsage() (Usage, error) { return threadUsage() }

// ThreadTime returns the CPU time that a thread of this process has used so far, even
// while it is running elsewhere. The error is errors.ErrUnsupported on systems other
// than Linux.
func ThreadTime(id int) (time.Duration, error) { return threadTime(id) }

// ThreadSleeps returns how often a thread of this process has given up its CPU to wait: its
// voluntary context switches. The error is errors.ErrUnsupported on systems other than
// Linux.
func ThreadSleeps(id int) (int64, error) { return threadSleeps(id) }

// ProcessTime returns the CPU time that all threads of another process have used so far,
// including those that have ended. The error is errors.ErrUnsupported on systems other than
// Linux.
func ProcessTime(pid int) (time.Duration, error) { return processTime(pid) }

// ProcessUsage returns the usage of all threads of the process, including those that
// have ended. On Darwin all of it has the resolution of a microsecond. On systems other
// than Darwin and Linux the usage is zero and the error is errors.ErrUnsupported.
func ProcessUsage() (Usage, error) { return processUsage() }
