package cpu

import "golang.org/x/sys/unix"

func threadUsage() (Usage, error) {
	u, err := resources(unix.RUSAGE_THREAD)
	if err != nil {
		return Usage{}, err
	}
	u.CPU, err = clock(unix.CLOCK_THREAD_CPUTIME_ID)
	return u, err
}
