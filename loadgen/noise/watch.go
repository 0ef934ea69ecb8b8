package noise

import (
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/idlebench/idlebench/loadgen/cgroup"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// A Watch says what is watched. It may be read any number of times.
type Watch struct {
	// Workers and Generator are the ids of the pinned threads that are watched, as from
	// [cpu.ThreadID]. They must live until the last reading. Workers is nil if no
	// thread belongs to a worker, Generator 0 if it is a goroutine.
	Workers   []int
	Generator int

	// CPUs are those of the workers and the generator, and of the threads on which the
	// generator runs if it is a goroutine.
	CPUs cpu.Set

	// Planned returns the affinity that a thread of the process should have.
	Planned func(id int) cpu.Set

	// Process is another process to watch, by its number: its CPU time is not that of
	// others. No thread of it is watched, nor are affinities. 0 watches this process alone.
	Process int

	// Beside is a process that is part of the measurement, by its number: its CPU time is
	// not that of others either. 0 for none.
	Beside int

	// Throttled allows a CPU quota that is too small: throttling is reported, but is
	// not a violation.
	Throttled bool

	// Files is the root of the file system; nil for that of this machine.
	Files fs.FS
}

// Read reads everything. It takes some tenths of a millisecond and allocates, so call
// it only while nothing is timed.
func (w Watch) Read() Reading {
	files := w.Files
	if files == nil {
		files = os.DirFS("/")
	}
	r := Reading{
		threads:     make(map[int]thread),
		clockSource: readLine(files, "sys/devices/system/clocksource/clocksource0/current_clocksource"),
	}
	for _, id := range w.threads() {
		r.threads[id] = readThread(files, id)
	}
	// Both are nil, and so unknown, after an error.
	if w.Process == 0 {
		r.affinities, _ = cpu.Threads()
	}
	r.online, _ = cpu.Parse(readLine(files, "sys/devices/system/cpu/online"))
	if stat, err := fs.ReadFile(files, "proc/stat"); err == nil {
		r.cpus = parseStat(string(stat))
	}
	r.throttling = readThrottling(files)
	r.at = time.Duration(latency.Now())
	r.used = -1
	if u, err := cpu.ProcessUsage(); err == nil {
		r.used = u.CPU
		for _, id := range []int{w.Process, w.Beside} {
			if id == 0 || r.used < 0 {
				continue
			}
			t, err := cpu.ProcessTime(id)
			if r.used += t; err != nil {
				r.used = -1
			}
		}
	}
	r.wall = readOffset()
	return r
}

// threads returns the pinned threads. A generator that is a goroutine has none.
func (w Watch) threads() []int {
	if w.Generator == 0 {
		return w.Workers
	}
	return append(slices.Clip(w.Workers), w.Generator)
}

// Report compares two readings.
func (w Watch) Report(before, after Reading) Report {
	r := Report{
		Time:        after.at - before.at,
		CPUs:        len(w.CPUs),
		Workers:     disturbance(before, after, w.Workers),
		Generator:   disturbance(before, after, w.threads()[len(w.Workers):]),
		ClockStep:   after.wall.ahead - before.wall.ahead,
		ClockError:  after.wall.error + before.wall.error,
		Threads:     len(after.affinities),
		ClockSource: [2]string{before.clockSource, after.clockSource},
	}
	r.Throttled, r.ThrottledFor = throttled(before.throttling, after.throttling)
	r.ThrottlingAllowed = w.Throttled
	r.Steal, r.balance, r.Others = w.shares(before, after)
	r.Migrations, r.Counted = moved(before, after, w.threads())
	for _, t := range after.affinities {
		if !slices.Equal(t.Affinity, w.Planned(t.ID)) {
			r.Changed++
		}
	}
	if after.online != nil {
		r.Offline = w.CPUs.Without(after.online)
	}
	return r
}

// disturbance adds up what happened to some threads.
func disturbance(before, after Reading, ids []int) Disturbance {
	if len(ids) == 0 {
		return Disturbance{-1, -1}
	}
	var sum Disturbance
	for _, id := range ids {
		b, a := before.threads[id], after.threads[id]
		sum.Involuntary = plus(sum.Involuntary, b.involuntary, a.involuntary)
		sum.Waited = plus(sum.Waited, b.waited, a.waited)
	}
	return sum
}

// plus adds the difference of two counts to a sum. All are -1 if unknown.
func plus[N ~int64](sum, before, after N) N {
	if sum < 0 || before < 0 || after < before {
		return -1
	}
	return sum + after - before
}

// moved returns how often the threads changed CPU. If the kernel does not count that,
// it is the number of threads that are on another CPU than before.
func moved(before, after Reading, ids []int) (n int64, counted bool) {
	if len(ids) == 0 {
		return -1, false
	}
	for _, id := range ids {
		n = plus(n, before.threads[id].migrations, after.threads[id].migrations)
	}
	if n >= 0 {
		return n, true
	}
	n = 0
	for _, id := range ids {
		b, a := before.threads[id].cpu, after.threads[id].cpu
		if b < 0 || a < 0 {
			return -1, false
		}
		if a != b {
			n++
		}
	}
	return n, false
}

// shares returns the time that the hypervisor took from the CPUs, and the time that
// others than this process used of them: all the time except what was idle, stolen or
// this process's. What this process used on other CPUs is subtracted too; that is
// little, since the threads there are the Go runtime's, and sleep. The balance is the
// second time before it was cut at 0.
func (w Watch) shares(before, after Reading) (steal, balance, others time.Duration) {
	all := after.at - before.at
	balance = before.used - after.used
	for _, n := range w.CPUs {
		b, known := before.cpus[n]
		a, still := after.cpus[n]
		if !known || !still {
			return -1, 0, -1
		}
		steal += max(0, a.steal-b.steal) // the kernel does not promise that it only grows
		balance += all - (a.idle - b.idle) - (a.steal - b.steal)
	}
	if min(before.used, after.used) < 0 {
		return steal, 0, -1
	}
	return steal, balance, max(0, balance)
}

// throttled returns in how many periods a quota was used up, and for how long it
// stopped threads of the groups, between two readings of their counters. Several
// groups can have quotas; each counts its own.
func throttled(before, after map[string]cgroup.Throttling) (periods int64, stopped time.Duration) {
	known := false
	for dir, a := range after {
		b, ok := before[dir]
		if !ok {
			continue
		}
		known = true
		periods += max(0, a.Throttled-b.Throttled)
		stopped += max(0, a.Time-b.Time)
	}
	if !known {
		return -1, -1
	}
	return periods, stopped
}
