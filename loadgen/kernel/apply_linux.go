package kernel

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Apply gives this process the settings, and checks that it has them. It may restart the
// program with the same arguments, so it is called before anything else is done.
func (s Settings) Apply() error {
	if s.Slack > 0 {
		if err := setSlack(s.Slack); err != nil {
			return fmt.Errorf("timer slack %v: %w", s.Slack, err)
		}
	}
	// After the restart, which drops the hash.
	if s.Slots != Default {
		if err := setSlots(s.Slots); err != nil {
			return fmt.Errorf("futex slots %v: %w", s.Slots, err)
		}
	}
	return nil
}

// restarted marks a process that setSlack has restarted. Its value is the slack.
const restarted = "IDLEBENCH_SLACK"

// setSlack restarts the program with the slack, unless it has that already. A thread
// inherits its slack from the thread that created it, and only the thread itself may
// change it, so it has to be set while there is one thread.
func setSlack(slack time.Duration) error {
	now, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	if err == nil && now == int(slack) {
		return nil
	}
	mark := strconv.FormatInt(int64(slack), 10)
	if os.Getenv(restarted) == mark {
		return fmt.Errorf("the kernel keeps a slack of %d ns, as it does for real-time threads", now)
	}
	if err := os.Setenv(restarted, mark); err != nil {
		return err
	}
	runtime.LockOSThread() // exec keeps the slack of this thread
	if err := unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(slack), 0, 0, 0); err != nil {
		return os.NewSyscallError("prctl", err)
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return os.NewSyscallError("execve", syscall.Exec(program, os.Args, os.Environ()))
}

// setSlots sets the size of the futex hash. The kernel moves threads that wait in the old
// one.
func setSlots(slots Slots) error {
	n := uintptr(0) // the global hash
	if slots != Global {
		n = uintptr(slots)
	}
	if _, err := CurrentSlots(); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_FUTEX_HASH, unix.PR_FUTEX_HASH_SET_SLOTS, n, 0, 0); err != nil {
		return os.NewSyscallError("prctl", err)
	}
	switch now, err := CurrentSlots(); {
	case err != nil:
		return err
	case now != slots:
		return fmt.Errorf("the kernel keeps %v", now)
	}
	return nil
}

// CurrentSlots returns the number of buckets of this process's futex hash, or Global. The
// error says that the kernel has no private hashes.
func CurrentSlots() (Slots, error) {
	n, err := unix.PrctlRetInt(unix.PR_FUTEX_HASH, unix.PR_FUTEX_HASH_GET_SLOTS, 0, 0, 0)
	return slots(n, err)
}

// slots interprets what the kernel answers.
func slots(n int, err error) (Slots, error) {
	switch {
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS):
		return Default, errNoSlots
	case err != nil:
		return Default, os.NewSyscallError("prctl", err)
	case n == 0:
		return Global, nil
	}
	return Slots(n), nil
}

// MissingSlack says why the slack cannot be set on this system; nil if it can.
func MissingSlack() error { return nil }

// MissingSlots says why the futex hash cannot be set on this system; nil if it can.
func MissingSlots() error {
	_, err := CurrentSlots()
	return err
}
