package launch

import (
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// begunAnew marks a process that leastSlack has begun.
const begunAnew = "IDLEBENCH_LEAST_SLACK"

// leastSlack begins the process anew with the least timer slack, unless it has
// that. A thread inherits its slack from the one that made it, and no other thread
// may change it, so it has to be set before there is a second one.
func leastSlack() error {
	const least = 1 // ns; 0 stands for the default
	now, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	if err == nil && now == least {
		return nil
	}
	if os.Getenv(begunAnew) != "" {
		return fmt.Errorf("harness slack-1ns: the kernel keeps a slack of %d ns, as it does for real-time threads", now)
	}
	if err := os.Setenv(begunAnew, "yes"); err != nil {
		return err
	}
	runtime.LockOSThread() // which is the one that goes on
	if err := unix.Prctl(unix.PR_SET_TIMERSLACK, least, 0, 0, 0); err != nil {
		return fmt.Errorf("harness slack-1ns: %w", os.NewSyscallError("prctl", err))
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return fmt.Errorf("harness slack-1ns: %w", os.NewSyscallError("execve", syscall.Exec(program, os.Args, os.Environ())))
}
