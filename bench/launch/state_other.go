//go:build !unix

package launch

import "os"

// askForState kills the process: there is no signal that asks it anything.
func askForState(p *os.Process) error { return p.Kill() }
