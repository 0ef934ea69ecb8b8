package cpu

import (
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// onThread runs f on a thread that runs nothing else afterwards, and waits for
// f.
func onThread(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		f()
	}()
	<-done
}

// manyThreads runs f on n threads at once, and waits for them.
func manyThreads(n int, f func(i int)) {
	var all, done sync.WaitGroup
	all.Add(n)
	for i := range n {
		done.Go(func() {
			runtime.LockOSThread()
			all.Done()
			all.Wait() // by now there are n threads
			f(i)
		})
	}
	done.Wait()
}

// affinities returns the affinity of every thread of the process.
func affinities(t *testing.T) map[int]Set {
	t.Helper()
	m := make(map[int]Set)
	err := eachThread(func(tid int) error {
		s, err := affinity(tid)
		if err == nil {
			m[tid] = s
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// twoCPUs returns the allowed CPUs, or skips the test if there is only one.
func twoCPUs(t *testing.T) Set {
	t.Helper()
	s, err := Allowed()
	if err != nil {
		t.Fatal(err)
	}
	if len(s) < 2 {
		t.Skipf("needs two CPUs, only %v is allowed", s)
	}
	return s
}

// Threads that are born while eachThread is at work are visited, too.
func TestEachThread(t *testing.T) {
	ids := make(chan int)
	release := make(chan struct{})
	var ended sync.WaitGroup
	var born []int
	visits := make(map[int]int)
	err := eachThread(func(tid int) error {
		visits[tid]++
		if len(born) > 0 {
			return nil
		}
		for range len(affinities(t)) + 2 { // more than there are: some are new
			ended.Go(func() {
				runtime.LockOSThread()
				ids <- ThreadID()
				<-release
			})
			born = append(born, <-ids)
		}
		return nil
	})
	close(release)
	ended.Wait()
	if err != nil {
		t.Fatal(err)
	}
	for _, tid := range born {
		if visits[tid] != 1 {
			t.Errorf("thread %d was visited %d times", tid, visits[tid])
		}
	}
}

func TestConfine(t *testing.T) {
	allowed := twoCPUs(t)
	housekeeping, reserved := allowed[:1], allowed[1:2]
	worker := reserved[0]

	before := affinities(t)
	if found, err := Strays(reserved); err != nil || len(found) == 0 {
		t.Fatalf("before Confine, of %d threads these are strays: %v, %v", len(before), found, err)
	}
	restore, err := Confine(housekeeping)
	if err != nil {
		t.Fatal(err)
	}
	restored := false
	defer func() {
		if !restored {
			restore()
		}
	}()
	for tid, s := range affinities(t) {
		if !slices.Equal(s, housekeeping) {
			t.Errorf("after Confine(%v) thread %d may run on %v", housekeeping, tid, s)
		}
	}

	onThread(func() {
		if err := PinThread(worker); err != nil {
			t.Error(err)
			return
		}
		tid := ThreadID()
		if found, err := Strays(reserved, tid); err != nil || len(found) > 0 {
			t.Errorf("strays beside the pinned thread: %v, %v", found, err)
		}
		found, err := Strays(reserved)
		if err != nil || len(found) != 1 || found[0].ID != tid || !slices.Equal(found[0].Affinity, reserved) {
			t.Errorf("strays: %v, %v; want the pinned thread %d on %v", found, err, tid, reserved)
		}

		if s, err := Allowed(); err != nil || !slices.Equal(s, allowed) {
			t.Errorf("Allowed has changed from %v to %v, %v", allowed, s, err)
		}

		// More threads than there were: some are new. That they were asked for
		// from a pinned thread should not matter.
		n := len(affinities(t)) + 2
		seen := make([]Set, n)
		fresh := make([]bool, n)
		manyThreads(n, func(i int) {
			_, old := before[ThreadID()]
			fresh[i] = !old
			seen[i], _ = affinity(0)
		})
		if !slices.Contains(fresh, true) {
			t.Error("no new threads were made")
		}
		for i, s := range seen {
			if !slices.Equal(s, housekeeping) {
				t.Errorf("a thread (new: %v) may run on %v, want %v", fresh[i], s, housekeeping)
			}
		}
		if found, err := Strays(reserved, tid); err != nil || len(found) > 0 {
			t.Errorf("strays after new threads were made: %v, %v", found, err)
		}
	})

	restored = true
	if err := restore(); err != nil {
		t.Fatal(err)
	}
	for tid, s := range affinities(t) {
		want, ok := before[tid]
		if !ok {
			want = allowed
		}
		if !slices.Equal(s, want) {
			t.Errorf("after restore thread %d may run on %v, want %v", tid, s, want)
		}
	}
}

// TestConfineErrors checks also that nothing remains of a failed attempt.
func TestConfineErrors(t *testing.T) {
	allowed := twoCPUs(t)
	for _, test := range []struct {
		to   Set
		want string
	}{
		{nil, "at least one CPU"},
		{Set{-1}, "numbers from 0"},
		{Set{MaxCPUs}, "numbers from 0"},
		{Set{MaxCPUs - 1}, "none of 65535 can be used"},
		// The kernel would take the first and drop the second.
		{Set{allowed[0], MaxCPUs - 1}, "can be used"},
	} {
		before := affinities(t)
		restore, err := Confine(test.to)
		if err == nil {
			restore()
			t.Errorf("Confine(%v): no error", test.to)
			continue
		}
		if !strings.Contains(err.Error(), test.want) {
			t.Errorf("Confine(%v): error %q does not contain %q", test.to, err, test.want)
		}
		for tid, s := range affinities(t) {
			if want, ok := before[tid]; ok && !slices.Equal(s, want) {
				t.Errorf("after Confine(%v) failed, thread %d may run on %v, want %v", test.to, tid, s, want)
			}
		}
	}
}

// A thread that had an affinity of its own gets that back.
func TestConfineRestoresEachThread(t *testing.T) {
	allowed := twoCPUs(t)
	onThread(func() {
		if err := PinThread(allowed[1]); err != nil {
			t.Error(err)
			return
		}
		restore, err := Confine(allowed[:1])
		if err != nil {
			t.Error(err)
			return
		}
		if s, err := affinity(0); err != nil || !slices.Equal(s, allowed[:1]) {
			t.Errorf("confined to %v, %v", s, err)
		}
		if err := restore(); err != nil {
			t.Error(err)
		}
		if s, err := affinity(0); err != nil || !slices.Equal(s, allowed[1:2]) {
			t.Errorf("restored to %v, %v, want %v", s, err, allowed[1:2])
		}
	})
}

func TestPinThread(t *testing.T) {
	allowed, err := Allowed()
	if err != nil {
		t.Fatal(err)
	}
	onThread(func() {
		// Back and forth, so that the thread has to move.
		for range 3 {
			for _, cpu := range allowed[:min(4, len(allowed))] {
				if err := PinThread(cpu); err != nil {
					t.Error(err)
				}
				if at := CurrentCPU(); at != cpu {
					t.Errorf("pinned to CPU %d, running on %d", cpu, at)
				}
				if s, err := affinity(0); err != nil || !slices.Equal(s, Set{cpu}) {
					t.Errorf("pinned to CPU %d, the affinity is %v, %v", cpu, s, err)
				}
			}
		}
	})
}

func TestPinThreadErrors(t *testing.T) {
	onThread(func() {
		before, err := affinity(0)
		if err != nil {
			t.Error(err)
		}
		for _, test := range []struct {
			cpu  int
			want string
		}{
			{-1, "to CPU -1"},
			{MaxCPUs, "to CPU 65536"},
			{MaxCPUs - 1, "to CPU 65535"},
		} {
			err := PinThread(test.cpu)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("PinThread(%d): error %v, want one that contains %q", test.cpu, err, test.want)
			}
		}
		if err := PinThread(MaxCPUs - 1); !errors.Is(err, unix.EINVAL) {
			t.Errorf("error %v does not tell the kernel's", err)
		}
		if s, err := affinity(0); err != nil || !slices.Equal(s, before) {
			t.Errorf("after errors the affinity is %v, %v, was %v", s, err, before)
		}
	})
}

func TestThreadID(t *testing.T) {
	n := len(affinities(t)) + 1
	ids := make([]int, n)
	manyThreads(n, func(i int) { ids[i] = ThreadID() })
	if distinct := SetOf(ids...); len(distinct) != n || distinct[0] <= 0 {
		t.Errorf("%d threads have the ids %v", n, ids)
	}
}

func TestMigrations(t *testing.T) {
	allowed := twoCPUs(t)
	onThread(func() {
		read := func() int64 {
			n, err := Migrations(ThreadID())
			if errors.Is(err, errors.ErrUnsupported) {
				return -1
			}
			if err != nil {
				t.Error(err)
			}
			return n
		}
		if read() < 0 {
			t.Log("this kernel does not show migrations")
			return
		}
		pin := func(cpu int) {
			if err := PinThread(cpu); err != nil {
				t.Error(err)
			}
		}
		pin(allowed[0])
		first := read()
		runtime.Gosched()
		if again := read(); again != first {
			t.Errorf("the count of a pinned thread went from %d to %d", first, again)
		}
		pin(allowed[1])
		pin(allowed[0])
		if moved := read() - first; moved < 2 {
			t.Errorf("there and back again is %d migrations, want 2 or more", moved)
		}
	})
	if _, err := Migrations(-1); err == nil || errors.Is(err, errors.ErrUnsupported) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of a thread that does not exist: error %v", err)
	}
}

func TestParseMigrations(t *testing.T) {
	for _, test := range []struct {
		name, sched string
		want        int64
		err         string
	}{
		{"Linux 6.18", "bench (7, #threads: 3)\n-----\nse.exec_start : 2.5\nse.nr_migrations                             :                   12\nnr_switches : 4\n", 12, ""},
		{"without", "bench (7, #threads: 3)\nnr_switches : 4\n", 0, "unsupported"},
		{"empty", "", 0, "unsupported"},
		{"a name like it", "se.nr_migrations_cold : 3\n", 0, "unsupported"},
		{"no number", "se.nr_migrations : many\n", 0, "many"},
	} {
		got, err := parseMigrations(test.sched)
		if got != test.want || (err != nil) != (test.err != "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: got %d, %v", test.name, got, err)
		}
	}
}

// Threads knows each thread, and where it may run.
func TestThreads(t *testing.T) {
	allowed := twoCPUs(t)
	onThread(func() {
		if err := PinThread(allowed[1]); err != nil {
			t.Error(err)
			return
		}
		all, err := Threads()
		if err != nil {
			t.Error(err)
			return
		}
		i := slices.IndexFunc(all, func(th Thread) bool { return th.ID == ThreadID() })
		if i < 0 || !slices.Equal(all[i].Affinity, allowed[1:2]) {
			t.Errorf("this is thread %d, on CPU %d; among %v", ThreadID(), allowed[1], all)
		}
		if len(all) < 2 {
			t.Errorf("only %v, where is the main thread?", all)
		}
	})
}
