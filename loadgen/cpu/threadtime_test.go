package cpu_test

import (
	"errors"
	"math"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// The time of a thread, read from another, lies between two readings of its own.
func TestThreadTime(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	id := cpu.ThreadID()
	before, err := cpu.ThreadUsage()
	if err != nil {
		t.Skip(err)
	}
	for range 100_000 {
		runtime.KeepAlive(math.Sqrt(2))
	}
	read := make(chan error)
	go func() {
		got, err := cpu.ThreadTime(id)
		if err == nil && got <= before.CPU {
			err = errors.New("the time did not grow")
		}
		read <- err
	}()
	err = <-read
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	got, err := cpu.ThreadTime(id)
	if err != nil {
		t.Fatal(err)
	}
	after, err := cpu.ThreadUsage()
	if err != nil {
		t.Fatal(err)
	}
	if got < before.CPU || got > after.CPU {
		t.Errorf("read %v, between %v and %v", got, before.CPU, after.CPU)
	}
}

func TestThreadTimeOfNone(t *testing.T) {
	if d, err := cpu.ThreadTime(1 << 22); err == nil {
		t.Errorf("a thread that cannot exist has run for %v", d)
	}
}

// The time of a process, read by its number, lies between two readings of its own.
func TestProcessTime(t *testing.T) {
	before, err := cpu.ProcessUsage()
	if err != nil {
		t.Skip(err)
	}
	got, err := cpu.ProcessTime(os.Getpid())
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	after, err := cpu.ProcessUsage()
	if err != nil {
		t.Fatal(err)
	}
	if got < before.CPU || got > after.CPU {
		t.Errorf("read %v, between %v and %v", got, before.CPU, after.CPU)
	}
	if d, err := cpu.ProcessTime(1 << 22); err == nil {
		t.Errorf("a process that cannot exist has run for %v", d)
	}
}

// A thread that sleeps is counted, once for each sleep, and one that does not is not.
func TestThreadSleeps(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	id := cpu.ThreadID()
	before, err := cpu.ThreadSleeps(id)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	const sleeps = 5
	for range sleeps {
		cpu.Sleep(time.Millisecond)
	}
	after, err := cpu.ThreadSleeps(id)
	if err != nil {
		t.Fatal(err)
	}
	if got := after - before; got < sleeps {
		t.Errorf("%d sleeps were counted, want at least %d", got, sleeps)
	}
	if _, err := cpu.ThreadSleeps(1 << 30); err == nil {
		t.Error("a thread that does not exist has slept")
	}
}
