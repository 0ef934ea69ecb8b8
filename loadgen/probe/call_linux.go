package probe

import "golang.org/x/sys/unix"

// nothing makes a system call that does next to nothing. The C library, and a kernel that
// shares a page with programs, could answer getpid without one; getppid depends on
// another process.
func nothing() { unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0) }

// yield offers the CPU to other threads.
func yield() { unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }
