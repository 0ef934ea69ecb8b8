package peer

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// Supported says whether peers can be measured on this system.
const Supported = true

// own gives a command that is about to be started a process group of its own, and has the
// kernel kill it when the thread that starts it ends.
func own(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// place locks the calling goroutine to its thread, and lets that run on some CPUs only. What
// it starts inherits this. A thread whose affinity cannot be restored ends with its
// goroutine.
func place(use cpu.Set) (release func(), err error) {
	runtime.LockOSThread()
	var before unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return func() {}, os.NewSyscallError("sched_getaffinity", err)
	}
	release = func() {
		if unix.SchedSetaffinity(0, &before) == nil {
			runtime.UnlockOSThread()
		}
	}
	return release, cpu.ConfineThread(0, use)
}

func killGroup(pid int) { _ = unix.Kill(-pid, unix.SIGKILL) }

func stopGroup(pid int) error { return signal(pid, unix.SIGSTOP) }

func continueGroup(pid int) error { return signal(pid, unix.SIGCONT) }

func signal(pid int, s unix.Signal) error {
	err := unix.Kill(-pid, s)
	if errors.Is(err, unix.ESRCH) {
		return os.ErrProcessDone
	}
	return os.NewSyscallError("kill", err)
}

// stoppedNow reports whether all threads are stopped.
func (p *Process) stoppedNow() bool {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", p.cmd.Process.Pid))
	for _, file := range files {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		if _, state, _ := strings.Cut(string(stat), ") "); !strings.HasPrefix(state, "T") {
			return false
		}
	}
	return err == nil && len(files) > 0
}

// look reads what the kernel counts of the peer. It takes some tens of microseconds for
// each thread.
func (p *Process) look() (look, error) {
	pid := p.cmd.Process.Pid
	var l look
	var err error
	if l.cpu, err = cpu.ProcessTime(pid); err != nil {
		return l, p.gone()
	}
	l.at = time.Now()
	dir := fmt.Sprintf("/proc/%d/task", pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return l, p.gone()
	}
	for _, e := range entries {
		status, err := os.ReadFile(dir + "/" + e.Name() + "/status")
		if err != nil {
			continue // it has ended
		}
		t := thread{}
		t.id, _ = strconv.Atoi(e.Name())
		if !t.parse(string(status)) {
			continue // it is ending
		}
		if stat, err := os.ReadFile(dir + "/" + e.Name() + "/schedstat"); err == nil {
			ran, _, _ := strings.Cut(string(stat), " ")
			ns, _ := strconv.ParseInt(ran, 10, 64)
			t.cpu = time.Duration(ns)
		}
		l.threads = append(l.threads, t)
	}
	return l, nil
}

// parse reads what a thread's status file says. It is not ok for a thread that has ended.
func (t *thread) parse(status string) (ok bool) {
	for line := range strings.Lines(status) {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "State":
			if strings.HasPrefix(value, "Z") || strings.HasPrefix(value, "X") {
				return false
			}
		case "Cpus_allowed_list":
			t.affinity, _ = cpu.Parse(value)
		case "voluntary_ctxt_switches":
			t.voluntary, _ = strconv.ParseInt(value, 10, 64)
		case "nonvoluntary_ctxt_switches":
			t.involuntary, _ = strconv.ParseInt(value, 10, 64)
		}
	}
	return t.affinity != nil
}

// gone is the error of a look at a peer that has ended.
func (p *Process) gone() error { return p.endOfOutput() }
