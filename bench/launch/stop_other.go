//go:build !linux

package launch

import (
	"errors"
	"os"
)

// canStop says that a process can be stopped and continued, and that a stopped one does
// not outlive its parent.
const canStop = false

func stop(*os.Process) error { return errors.ErrUnsupported }

func resume(*os.Process) error { return errors.ErrUnsupported }
