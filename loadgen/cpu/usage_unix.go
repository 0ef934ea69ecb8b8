//go:build linux || darwin

package cpu

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

func processUsage() (Usage, error) {
	u, err := resources(unix.RUSAGE_SELF)
	if err != nil {
		return Usage{}, err
	}
	u.CPU, err = clock(unix.CLOCK_PROCESS_CPUTIME_ID)
	return u, err
}

// resources returns the fields that come from getrusage.
func resources(who int) (Usage, error) {
	var r unix.Rusage
	if err := unix.Getrusage(who, &r); err != nil {
		return Usage{}, os.NewSyscallError("getrusage", err)
	}
	return Usage{
		User:        time.Duration(r.Utime.Nano()),
		System:      time.Duration(r.Stime.Nano()),
		Voluntary:   int64(r.Nvcsw),
		Involuntary: int64(r.Nivcsw),
	}, nil
}

func clock(id int32) (time.Duration, error) {
	var ts unix.Timespec
	if err := unix.ClockGettime(id, &ts); err != nil {
		return 0, os.NewSyscallError("clock_gettime", err)
	}
	return time.Duration(ts.Nano()), nil
}
