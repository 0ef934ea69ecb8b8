//go:build explore

package verify

import (
	"os"

	"github.com/idlebench/idlebench/impls"
)

// withLock returns a manager without a lock as one for a host with a lock: it drops
// the lock first in each notification. So it looks at an injection queue from
// which batches move to run queues while workers look without the lock (rule M1).
// Only tasks from outside can tell the difference.
func withLock(m target) target {
	original := m.New
	m.Name += "-locked"
	m.Lockless = false
	m.New = func(c impls.Config) impls.Idle { return locked{original(c), c.Lock} }
	m.only = func(s scenario) bool { return s.waits == impls.Outside || s.waits == impls.Batch }
	this, err := os.ReadFile("locked_test.go")
	if err != nil {
		panic(err)
	}
	m.wrapper = string(this)
	return m
}

type locked struct {
	impls.Idle
	lock *impls.Mutex
}

func (l locked) NotifyRemote() {
	l.lock.Unlock()
	l.Idle.NotifyRemote()
}

func (l locked) NotifyMult(n int) {
	l.lock.Unlock()
	l.Idle.NotifyMult(n)
}
