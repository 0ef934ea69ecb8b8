//go:build !linux

package victim

import "errors"

// A counter is an open event of one thread; only Linux has them here.
type counter struct{}

func open(event) (counter, error)      { return counter{}, errors.ErrUnsupported }
func (counter) read() (reading, error) { return reading{}, errors.ErrUnsupported }
func (counter) close()                 {}
