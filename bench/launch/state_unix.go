//go:build unix

package launch

import (
	"errors"
	"os"
	"syscall"
)

// askForState has the Go runtime of the process print all its stacks and exit. A stopped
// process can do that only once it continues. If it cannot do that either, it is killed
// a little later.
func askForState(p *os.Process) error {
	return errors.Join(p.Signal(syscall.SIGQUIT), p.Signal(syscall.SIGCONT))
}
