package cpu

import "golang.org/x/sys/unix"

func threadUsage() (u Usage, err error) {
	u.CPU, err = clock(unix.CLOCK_THREAD_CPUTIME_ID)
	return u, err
}
