//go:build !linux

package peer

import (
	"errors"
	"os/exec"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// Supported says whether peers can be measured on this system: what makes the comparison
// fair is read from Linux's /proc.
const Supported = false

func own(*exec.Cmd) {}

func place(cpu.Set) (release func(), err error) { return func() {}, errors.ErrUnsupported }

func killGroup(int) {}

func stopGroup(int) error { return errors.ErrUnsupported }

func continueGroup(int) error { return errors.ErrUnsupported }

func (p *Process) stoppedNow() bool { return false }

func (p *Process) look() (look, error) { return look{}, errors.ErrUnsupported }
