package cli

import (
	"flag"
	"fmt"
	"text/tabwriter"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/simulate/machine"
)

const machinesText = `usage: bench machines [NAME|FILE ...]

Lists the machines that "bench simulate" knows. With names, or files such as those of
"bench calibrate", it shows each constant with its source: measured on that machine,
cited from a publication, or assumed. docs/machines.md describes the files.
`

func (a app) machines(args []string) error {
	flags := flag.NewFlagSet("bench machines", flag.ContinueOnError)
	if err := command.Parse(flags, a.stdout, machinesText, args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return a.listMachines()
	}
	var files []*machine.File
	for _, name := range flags.Args() {
		f, err := machine.Load(name)
		if err != nil {
			return command.Usage(err)
		}
		files = append(files, f)
	}
	for i, f := range files {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		if err := f.WriteText(a.stdout, a.width(a.stdout)); err != nil {
			return err
		}
	}
	return nil
}

func (a app) listMachines() error {
	t := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "name\tCPUs\tcited\tassumed\t")
	for _, name := range machine.Presets() {
		f, err := machine.Load(name)
		if err != nil {
			return err
		}
		n := f.Count()
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%s\n", name, f.CPUs(), n[machine.Cited], n[machine.Assumed], f.Title)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.stdout, "\n\"bench machines NAME\" shows the constants of one, \"bench calibrate\" measures this machine.")
	return err
}
