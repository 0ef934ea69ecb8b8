package cpu

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// CanPin says whether threads can be pinned on this system.
const CanPin = true

// taskDir has an entry for each thread of the process.
const taskDir = "/proc/self/task"

// atStart is the affinity of the process when it began. It cannot be read later: a
// process has no affinity apart from its threads', and by then any of them, including
// the main one, may have been pinned.
var atStart, errAtStart = affinity(0)

func allowed() (Set, error) {
	if errAtStart != nil {
		return nil, fmt.Errorf("cpu: affinity of the process: %w", errAtStart)
	}
	return atStart, nil
}

func confine(to Set) (restore func() error, err error) {
	process, err := allowed()
	if err != nil {
		return nil, err
	}
	before := make(map[int]Set) // by thread id
	err = eachThread(func(tid int) error {
		s, err := affinity(tid)
		if err == nil {
			before[tid] = s
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("cpu: confining the process to CPUs %v: %w", to, err)
	}
	restore = func() error {
		err := eachThread(func(tid int) error {
			if s, ok := before[tid]; ok {
				return setAffinity(tid, s)
			}
			return setAffinity(tid, process)
		})
		if err != nil {
			return fmt.Errorf("cpu: restoring affinities: %w", err)
		}
		return nil
	}
	err = eachThread(func(tid int) error { return setAffinity(tid, to) })
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cpu: confining the process to CPUs %v: %w", to, err), restore())
	}
	return restore, nil
}

// eachThread calls f once for every thread of the process, and keeps looking for new
// ones until there are none. A thread that ends meanwhile is no error.
func eachThread(f func(tid int) error) error {
	done := make(map[int]bool)
	for {
		tids, err := threads()
		if err != nil {
			return err
		}
		tids = slices.DeleteFunc(tids, func(tid int) bool { return done[tid] })
		if len(tids) == 0 {
			return nil
		}
		for _, tid := range tids {
			if err := f(tid); err != nil && !errors.Is(err, unix.ESRCH) {
				return fmt.Errorf("thread %d: %w", tid, err)
			}
			done[tid] = true
		}
	}
}

// threads returns the ids of all threads of the process.
func threads() ([]int, error) {
	entries, err := os.ReadDir(taskDir)
	if err != nil {
		return nil, err
	}
	tids := make([]int, len(entries))
	for i, e := range entries {
		if tids[i], err = strconv.Atoi(e.Name()); err != nil {
			return nil, fmt.Errorf("%s: %w", taskDir, err)
		}
	}
	return tids, nil
}

func pinThread(cpu int) error {
	if err := setAffinity(0, Set{cpu}); err != nil {
		return fmt.Errorf("cpu: pinning thread %d to CPU %d: %w", threadID(), cpu, err)
	}
	// The kernel has moved the thread before it returns from the call above.
	if at := currentCPU(); at != cpu {
		return fmt.Errorf("cpu: pinning thread %d to CPU %d: it still runs on CPU %d", threadID(), cpu, at)
	}
	return nil
}

func confineThread(tid int, to Set) error {
	if err := setAffinity(tid, to); err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("cpu: placing thread %d on CPUs %v: %w", tid, to, err)
	}
	return nil
}

func strays(reserved Set, pinned []int) ([]Thread, error) {
	all, err := threadAffinities()
	return slices.DeleteFunc(all, func(t Thread) bool {
		return slices.Contains(pinned, t.ID) || !t.Affinity.Intersects(reserved)
	}), err
}

func threadAffinities() ([]Thread, error) {
	var all []Thread
	err := eachThread(func(tid int) error {
		s, err := affinity(tid)
		if err == nil {
			all = append(all, Thread{tid, s})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("cpu: affinities of the threads: %w", err)
	}
	return all, nil
}

// affinity returns the CPUs that a thread may run on; 0 is the calling thread.
func affinity(tid int) (Set, error) {
	// The kernel rejects a mask with fewer bits than its own, and does not say how many
	// those are.
	for size := 1024; ; size *= 2 {
		mask := unix.NewCPUSet(size)
		err := unix.SchedGetaffinityDynamic(tid, mask)
		if err == unix.EINVAL && size < MaxCPUs {
			continue
		}
		if err != nil {
			return nil, os.NewSyscallError("sched_getaffinity", err)
		}
		var s Set
		for cpu := range size {
			if mask.IsSet(cpu) {
				s = append(s, cpu)
			}
		}
		return s, nil
	}
}

// setAffinity lets a thread run on the given CPUs only; 0 is the calling thread. It
// verifies the result, because the kernel silently drops CPUs that it cannot give, and
// fails only if none is left.
func setAffinity(tid int, to Set) error {
	if len(to) == 0 || to[0] < 0 || to[len(to)-1] >= MaxCPUs {
		return fmt.Errorf("CPU set %q: want at least one CPU, and numbers from 0 to %d", to, MaxCPUs-1)
	}
	mask := unix.NewCPUSet(to[len(to)-1] + 1)
	for _, cpu := range to {
		mask.Set(cpu)
	}
	const remedy = "choose CPUs that are online and in the process's cpuset"
	if err := unix.SchedSetaffinityDynamic(tid, mask); err != nil {
		err = os.NewSyscallError("sched_setaffinity", err)
		if errors.Is(err, unix.EINVAL) {
			return fmt.Errorf("%w: none of %v can be used, they are %w: %s", err, to, ErrUnavailable, remedy)
		}
		return err
	}
	got, err := affinity(tid)
	if err != nil {
		return err
	}
	if !slices.Equal(got, to) {
		return fmt.Errorf("only %v of %v can be used, the others are %w: %s", got, to, ErrUnavailable, remedy)
	}
	return nil
}

func threadID() int { return unix.Gettid() }

func currentCPU() int {
	var cpu uint32
	_, _, errno := unix.RawSyscall(unix.SYS_GETCPU, uintptr(unsafe.Pointer(&cpu)), 0, 0)
	if errno != 0 {
		return -1
	}
	return int(cpu)
}

func migrations(tid int) (int64, error) {
	name := fmt.Sprintf("%s/%d/sched", taskDir, tid)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(fmt.Sprintf("%s/%d", taskDir, tid)); err != nil {
			return 0, fmt.Errorf("cpu: migrations of thread %d: %w", tid, err)
		}
		return 0, fmt.Errorf("cpu: migrations of thread %d: this kernel has no %s: %w", tid, name, errors.ErrUnsupported)
	}
	if err != nil {
		return 0, fmt.Errorf("cpu: migrations of thread %d: %w", tid, err)
	}
	n, err := parseMigrations(string(b))
	if err != nil {
		return 0, fmt.Errorf("cpu: migrations of thread %d: %s: %w", tid, name, err)
	}
	return n, nil
}

// parseMigrations finds the count in the sched file of a thread.
func parseMigrations(sched string) (int64, error) {
	const key = "se.nr_migrations"
	for line := range strings.Lines(sched) {
		field, value, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(field) != key {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", key, err)
		}
		return n, nil
	}
	return 0, fmt.Errorf("no %s: %w", key, errors.ErrUnsupported)
}
