//go:build !linux && !darwin

package cpu

import (
	"errors"
	"fmt"
	"runtime"
)

func threadUsage() (Usage, error) {
	return Usage{}, fmt.Errorf("cpu: usage of a thread on %s: %w", runtime.GOOS, errors.ErrUnsupported)
}

func processUsage() (Usage, error) {
	return Usage{}, fmt.Errorf("cpu: usage of the process on %s: %w", runtime.GOOS, errors.ErrUnsupported)
}
