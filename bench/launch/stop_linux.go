package launch

import (
	"os"
	"syscall"
)

// canStop says that a process can be stopped and continued, and that a stopped one does
// not outlive its parent (see endWithParent). A stopped process cannot see that its
// input ends, so elsewhere it would stay forever.
const canStop = true

func stop(p *os.Process) error { return p.Signal(syscall.SIGSTOP) }

func resume(p *os.Process) error { return p.Signal(syscall.SIGCONT) }
