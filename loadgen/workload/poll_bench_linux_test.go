//go:build !simulate

package workload

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/idlebench/idlebench/loadgen/latency"
)

// senderEnv has the test program be a process that sends a byte to standard output
// in each such time.
const senderEnv = "IDLEBENCH_TEST_SENDER"

func init() {
	gap, err := time.ParseDuration(os.Getenv(senderEnv))
	if err != nil {
		return
	}
	for {
		left := unix.NsecToTimespec(int64(gap))
		for unix.Nanosleep(&left, &left) == unix.EINTR {
		}
		if _, err := os.Stdout.Write([]byte{0}); err != nil {
			os.Exit(0)
		}
	}
}

// Whether the poller is woken by a timer of the kernel or by another process's bytes
// on a socket makes little difference to how soon a goroutine runs that the polled
// one readies before it blocks: it runs on the same thread in both cases. The unit is
// the median time until then.
func BenchmarkPoll(b *testing.B) {
	const gap = 300 * time.Microsecond
	b.Run("timer", func(b *testing.B) {
		timer := newPollTimer()
		defer timer.file.Close()
		wakes(b, func() error { timer.wait(int64(gap)); return nil })
	})
	b.Run("socket", func(b *testing.B) {
		ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			b.Fatal(err)
		}
		ours, theirs := os.NewFile(uintptr(ends[0]), "ours"), os.NewFile(uintptr(ends[1]), "theirs")
		sender := exec.Command(os.Args[0])
		sender.Env = append(os.Environ(), fmt.Sprintf("%s=%v", senderEnv, gap))
		sender.Stdout = theirs
		if err := sender.Start(); err != nil {
			b.Fatal(err)
		}
		theirs.Close()
		conn, err := net.FileConn(ours)
		if err != nil {
			b.Fatal(err)
		}
		defer func() {
			conn.Close()
			ours.Close()
			sender.Process.Kill()
			sender.Wait()
		}()
		buf := make([]byte, 1)
		wakes(b, func() error { _, err := conn.Read(buf); return err })
	})
}

// wakes has a goroutine readied each time that wait returns.
func wakes(b *testing.B, wait func() error) {
	tasks, ran := make(chan int64, 1), make(chan int64)
	defer close(tasks)
	go func() {
		for sent := range tasks {
			ran <- latency.Now() - sent
		}
	}()
	var all []int64
	for b.Loop() {
		if err := wait(); err != nil {
			b.Fatal(err)
		}
		tasks <- latency.Now()
		all = append(all, <-ran)
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2]), "p50-ns/wake")
}
