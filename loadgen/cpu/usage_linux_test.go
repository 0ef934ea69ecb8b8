package cpu

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A thread reads its own usage, not that of the process.
func TestThreadUsageIsOfTheThread(t *testing.T) {
	read := func() Usage {
		u, err := ThreadUsage()
		if err != nil {
			t.Error(err)
		}
		return u
	}
	const (
		naps = 20
		work = 20 * time.Millisecond
	)
	onThread(func() {
		waiter := read()
		onThread(func() {
			worker := read()
			nap := unix.NsecToTimespec(100_000)
			for range naps {
				unix.Nanosleep(&nap, nil)
			}
			if d := read().Sub(worker); d.Voluntary < naps/2 {
				t.Errorf("%d naps are %d voluntary context switches", naps, d.Voluntary)
			}
			for !t.Failed() && read().Sub(worker).CPU < work {
			}
		})
		d := read().Sub(waiter)
		if d.Voluntary >= naps/2 {
			t.Errorf("waiting for a thread that napped %d times is %d context switches", naps, d.Voluntary)
		}
		if d.CPU >= work {
			t.Errorf("waiting for a thread that worked for %v is %v of work", work, d.CPU)
		}
	})
}
