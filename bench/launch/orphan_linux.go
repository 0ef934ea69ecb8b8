package launch

import (
	"os/exec"
	"runtime"
	"syscall"
)

// endWithParent has the kernel kill a child, which is about to be started, when this
// process ends, even by kill -9. Otherwise the child would continue to measure and
// disturb the next measurement. For the kernel the parent is the thread that starts the
// child, so the caller keeps that thread until the child has ended, and then calls
// release.
//
// The child does nothing for this. A child that watched its parent itself, in a
// blocking read, hung once in 6,000 launches: another goroutine was setting GOMAXPROCS,
// and the world never stopped. The cause was not found (Go 1.26.8).
func endWithParent(cmd *exec.Cmd) (release func()) {
	runtime.LockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return runtime.UnlockOSThread
}
