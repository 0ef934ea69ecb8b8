//go:build !simulate

package workload

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// A pollTimer blocks a goroutine in Go's network poller for a given time. It is a
// kernel timer with a file descriptor (timerfd_create(2)): like an incoming packet, its
// interrupt makes a descriptor readable. No process has to send anything, which would
// need a CPU.
type pollTimer struct {
	file *os.File
	fd   int
	buf  [8]byte
}

func newPollTimer() *pollTimer {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		panic(fmt.Sprintf("workload: no timer for submitter=poll: %v", os.NewSyscallError("timerfd_create", err)))
	}
	return &pollTimer{file: os.NewFile(uintptr(fd), "timer"), fd: fd}
}

func (t *pollTimer) wait(ns int64) {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(ns)}
	if err := unix.TimerfdSettime(t.fd, 0, &spec, nil); err != nil {
		panic(fmt.Sprintf("workload: submitter=poll: %v", os.NewSyscallError("timerfd_settime", err)))
	}
	if _, err := t.file.Read(t.buf[:]); err != nil {
		panic(fmt.Sprintf("workload: submitter=poll: %v", err))
	}
}
