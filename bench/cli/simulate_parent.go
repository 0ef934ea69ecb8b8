//go:build !simulate

package cli

import (
	"github.com/idlebench/idlebench/bench/simulation"
	"github.com/idlebench/idlebench/internal/command"
)

// simulating says that this program was built to simulate, and cannot measure.
const simulating = false

// simulateLaunch is what a program built with the tag simulate does.
func (a app) simulateLaunch([]string) error {
	return command.Usagef("%s: this program measures; the one that simulates is built with -tags simulate", simulation.Command)
}
