//go:build simulate

package cli

import (
	"flag"

	"github.com/idlebench/idlebench/bench/simulation"
	"github.com/idlebench/idlebench/internal/command"
)

// simulating says that this program was built to simulate, and cannot measure.
const simulating = true

const simulateLaunchText = `usage: simulate simulate-launch -cell NAME -machine NAME [flags]

Simulates one cell once and prints the result as JSON. "bench simulate" starts one such
process for each launch. By hand it is for debugging.
`

// simulateLaunch is the child's side of a simulated launch.
func (a app) simulateLaunch(args []string) error {
	var r simulation.Request
	flags := flag.NewFlagSet("bench "+simulation.Command, flag.ContinueOnError)
	r.Flags(flags)
	if err := command.ParseAll(flags, a.stdout, simulateLaunchText, args); err != nil {
		return err
	}
	if r.Cell.Workload == "" || r.Machine == "" {
		return command.Usagef("%s: which cell on which machine? want -cell and -machine", simulation.Command)
	}
	res, err := r.Simulate(a.catalog)
	if err != nil {
		return err
	}
	return res.Write(a.stdout)
}
