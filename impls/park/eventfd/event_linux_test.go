package eventfd

import (
	"testing"
	"time"
)

// A signal that came before is not lost, and several end one wait.
func TestSignalBeforeWait(t *testing.T) {
	e := New()
	e.Signal()
	e.Signal()
	e.Wait()
	returned := make(chan struct{})
	go func() { e.Wait(); close(returned) }()
	select {
	case <-returned:
		t.Fatal("two signals ended two waits, although both came before the first")
	case <-time.After(10 * time.Millisecond): // can only fail to find the fault
	}
	e.Signal()
	select {
	case <-returned:
	case <-time.After(20 * time.Second):
		t.Fatal("a signal did not end the wait")
	}
}

// The counter is never read, and still each signal raises an edge.
func TestEverySignalIsAnEdge(t *testing.T) {
	e := New()
	for range 1000 {
		e.Signal()
		e.Wait()
	}
}
