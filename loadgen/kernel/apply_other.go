//go:build !linux

package kernel

import (
	"errors"
	"fmt"
)

var errLinux = errors.New("only Linux has it")

// Apply gives this process the settings, which is possible on Linux only.
func (s Settings) Apply() error {
	if s == (Settings{}) {
		return nil
	}
	return fmt.Errorf("timer slack or futex slots: %w", errLinux)
}

// CurrentSlots returns the number of buckets of this process's futex hash.
func CurrentSlots() (Slots, error) { return Default, errLinux }

// MissingSlack says why the slack cannot be set on this system; nil if it can.
func MissingSlack() error { return errLinux }

// MissingSlots says why the futex hash cannot be set on this system; nil if it can.
func MissingSlots() error { return errLinux }
