package launch

import (
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// restarted marks a process that leastSlack has restarted.
const restarted = "IDLEBENCH_LEAST_SLACK"

// leastSlack restarts the process with the smallest timer slack, unless it has that
// already. A thread inherits its slack from the thread that created it, and only the
// thread itself may change it, so it has to be set while there is one thread.
func leastSlack() error {
	const least = 1 // ns; 0 means the default
	now, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	if err == nil && now == least {
		return nil
	}
	if os.Getenv(restarted) != "" {
		return fmt.Errorf("harness slack-1ns: the kernel keeps a slack of %d ns, as it does for real-time threads", now)
	}
	if err := os.Setenv(restarted, "yes"); err != nil {
		return err
	}
	runtime.LockOSThread() // exec keeps the slack of this thread
	if err := unix.Prctl(unix.PR_SET_TIMERSLACK, least, 0, 0, 0); err != nil {
		return fmt.Errorf("harness slack-1ns: %w", os.NewSyscallError("prctl", err))
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return fmt.Errorf("harness slack-1ns: %w", os.NewSyscallError("execve", syscall.Exec(program, os.Args, os.Environ())))
}
