package noise

import (
	"os"
	"testing"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// The CPU time of another process that is watched is not that of others, and its threads'
// affinities are not held against this process's plan. Here the other process is this one.
func TestWatchOfAnotherProcess(t *testing.T) {
	before, err := cpu.ProcessUsage()
	if err != nil {
		t.Skip(err)
	}
	if _, err := cpu.ProcessTime(os.Getpid()); err != nil {
		t.Skip(err)
	}
	w := Watch{CPUs: cpu.SetOf(0), Process: os.Getpid()}
	r := w.Read()
	if r.used < 2*before.CPU {
		t.Errorf("this process has used %v, counted twice it is %v", before.CPU, r.used)
	}
	if report := w.Report(r, w.Read()); report.Threads != 0 || report.Changed != 0 {
		t.Errorf("%d threads were looked at, %d changed", report.Threads, report.Changed)
	}
	w.Process = 1 << 22 // cannot exist
	if r := w.Read(); r.used != -1 {
		t.Errorf("the time of a process that cannot exist is %v", r.used)
	}
}

// Nor is that of a process beside; but this process's own threads are looked at then.
func TestWatchBeside(t *testing.T) {
	before, err := cpu.ProcessUsage()
	if err != nil {
		t.Skip(err)
	}
	if _, err := cpu.ProcessTime(os.Getpid()); err != nil {
		t.Skip(err)
	}
	w := Watch{CPUs: cpu.SetOf(0), Beside: os.Getpid(), Planned: func(int) cpu.Set { return nil }}
	r := w.Read()
	if r.used < 2*before.CPU || len(r.affinities) == 0 {
		t.Errorf("this process has used %v, counted twice it is %v; %d threads", before.CPU, r.used, len(r.affinities))
	}
	w.Beside = 1 << 22 // cannot exist
	if r := w.Read(); r.used != -1 {
		t.Errorf("the time of a process that cannot exist is %v", r.used)
	}
}
