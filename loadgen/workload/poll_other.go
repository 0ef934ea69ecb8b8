//go:build !linux && !simulate

package workload

import (
	"fmt"
	"os"
	"time"
)

// A pollTimer blocks a goroutine in Go's network poller for a given time. It is a pipe
// that another goroutine writes to.
type pollTimer struct {
	read *os.File
	due  chan time.Duration
	buf  [1]byte
}

func newPollTimer() *pollTimer {
	read, write, err := os.Pipe()
	if err != nil {
		panic(fmt.Sprintf("workload: no pipe for submitter=poll: %v", err))
	}
	t := &pollTimer{read: read, due: make(chan time.Duration)}
	go func() {
		for d := range t.due {
			time.Sleep(d)
			write.Write([]byte{0}) // an error shows in the read
		}
	}()
	return t
}

func (t *pollTimer) wait(ns int64) {
	t.due <- time.Duration(ns)
	if _, err := t.read.Read(t.buf[:]); err != nil {
		panic(fmt.Sprintf("workload: submitter=poll: %v", err))
	}
}
