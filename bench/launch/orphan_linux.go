package launch

import (
	"os/exec"
	"runtime"
	"syscall"
)

// endWithParent has the kernel kill a child, which is about to be started, when
// this process ends in whatever way, kill -9 included. Otherwise it would go on
// measuring, beside whatever is measured next. To the kernel the parent is the
// thread that starts the child, so the caller keeps it until the child has ended,
// and then calls release.
//
// The child has no part in it. One that watched for its parent by itself, in a
// read that blocks, hung once in 6,000 launches: another goroutine was setting
// GOMAXPROCS, and the world was never stopped. Why was not found out (Go 1.26.8).
func endWithParent(cmd *exec.Cmd) (release func()) {
	runtime.LockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return runtime.UnlockOSThread
}
