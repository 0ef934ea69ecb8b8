package cli

import (
	"bytes"
	"flag"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/report/machines"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/simulate/machine"
)

const machineText = `usage: report machine [-o FILE] NAME|FILE

Writes the page of a machine that can be simulated: a file of "bench calibrate", or one of
the names that "bench machines" lists. It shows each constant with its source and, of a
machine that was measured, a heat map of the lines between its CPUs, and wake-ups by how
long the sleeper had slept.

  report machine -o machine.html machine.toml
`

// machine writes the page of a machine.
func (a app) machine(args []string) error {
	flags := flag.NewFlagSet("report machine", flag.ContinueOnError)
	var file string
	flags.StringVar(&file, "o", "", "`file` to write, replaced if it exists (default stdout)")
	if err := command.Parse(flags, a.stdout, machineText, args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return command.Usagef("machine: %d machines; want one", flags.NArg())
	}
	f, err := machine.Load(flags.Arg(0))
	if err != nil {
		return command.Usage(err)
	}
	var html bytes.Buffer
	if err := page.Render(&html, machines.Document(f)); err != nil {
		return err
	}
	return a.save(file, html.Bytes())
}
