//go:build !linux

package cpu

import (
	"errors"
	"fmt"
	"runtime"
)

// CanPin says whether threads can be pinned on this system.
const CanPin = false

func allowed() (Set, error) {
	s := make(Set, runtime.NumCPU())
	for i := range s {
		s[i] = i
	}
	return s, nil
}

func confine(Set) (restore func() error, err error) {
	return func() error { return nil }, nil
}

func pinThread(cpu int) error {
	return fmt.Errorf("cpu: pinning a thread to CPU %d on %s: %w; run without pinning", cpu, runtime.GOOS, errors.ErrUnsupported)
}

func confineThread(int, Set) error { return nil }

func strays(Set, []int) ([]Thread, error) { return nil, nil }

func threadAffinities() ([]Thread, error) { return nil, nil }

func threadID() int { return 0 }

func currentCPU() int { return -1 }

func migrations(int) (int64, error) {
	return 0, fmt.Errorf("cpu: counting migrations on %s: %w", runtime.GOOS, errors.ErrUnsupported)
}
