package cli

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/report/fleet"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/page"
)

const fleetText = `usage: report fleet [flags] INPUT...

Makes one page of the results that came back from many machines: who wins where, how far
the machines agree, each machine by multiples of its own floor, what differs between
them, and which are unfit. An input is a folder of a job of "bench pack", a folder with
such folders in it, or an archive of them (.tar, .tar.gz, .tgz).

A result that is half-written, late, duplicated, or of another pack is listed with the
reason and not used, and machines that were expected and have no result are named as
lost. Nothing is merged.

A folder of "bench simulate" is an input too: a section of its own shows it next to the
machines, by ratios to the baseline within the model, and says what no machine of the
fleet has measured. It is in no count of the machines.

  report fleet -o fleet.html results
  report fleet -o fleet.html -pack job.tar.gz -expect nodes.txt home/*.tar.gz
  report fleet -o fleet.html results simulated/epyc-milan

Exit status: 0 everything that came back is used, and nothing is lost; 1 something is
not used or lost, or failed, but the page was written if it could be; 2 wrong usage.
`

// fleet makes the page of many machines.
func (a app) fleet(args []string) error {
	flags := flag.NewFlagSet("report fleet", flag.ContinueOnError)
	var o fleet.Options
	file := flags.String("o", "", "`file` of the page, replaced if it exists (default: text to stdout)")
	pack := flags.String("pack", "", "the `pack` that is collected: its archive, its folder or its identity (default: that of the results, if there is only one)")
	expect := flags.String("expect", "", "`file` with the names of the machines that were to measure, one on a line")
	unpack := flags.String("unpack", "", "`folder` to unpack archives in, from which the page links their own pages (default: a temporary one)")
	flags.Func("by", "`time`, such as 2026-11-23T18:00:00Z, after which a job that ended is late", func(text string) (err error) {
		o.By, err = time.Parse(time.RFC3339, text)
		return err
	})
	if err := command.Parse(flags, a.stdout, fleetText, args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return command.Usagef("fleet: no input; see \"report fleet -h\"")
	}
	if err := anyExists(flags.Args()); err != nil {
		return err
	}
	var err error
	if o.Expect, err = names(*expect); err != nil {
		return command.Usage(fmt.Errorf("fleet: -expect: %w", err))
	}
	if *pack != "" {
		if o.Pack, err = fleet.PackID(*pack); err != nil {
			return command.Usage(fmt.Errorf("fleet: -pack: %w", err))
		}
	}
	into := *unpack
	if into == "" {
		if into, err = os.MkdirTemp("", "idlebench-fleet-"); err != nil {
			return err
		}
		defer os.RemoveAll(into)
	}
	folders, broken, err := a.cameBack(flags.Args(), into)
	if err != nil {
		return err
	}
	c, err := fleet.Collect(folders, o)
	var several *fleet.SeveralError
	if errors.As(err, &several) {
		return command.Usage(fmt.Errorf("fleet: %w", err))
	} else if err != nil {
		return err
	}
	machines, err := fleet.Machines(c.Of(fleet.Used))
	if err != nil {
		return err
	}
	models, err := fleet.Models(c.Of(fleet.Simulated))
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := fleet.Text(&text, c, machines, models); err != nil {
		return err
	}
	if _, err := a.stdout.Write([]byte(format.Printable(text.String()))); err != nil {
		return err
	}
	if *file != "" {
		var html bytes.Buffer
		if err := page.Render(&html, fleet.Document(c, machines, models, filepath.Dir(*file))); err != nil {
			return err
		}
		if err := a.save(*file, html.Bytes()); err != nil {
			return err
		}
	}
	if broken || !c.Complete() {
		return errors.New("fleet: not everything that was expected is used")
	}
	return nil
}

// cameBack returns the folders of the results in the inputs, and whether an input was
// broken. Archives are unpacked first; what a cut archive has is a result too, which will
// be found to be half-written.
func (a app) cameBack(inputs []string, into string) (folders []string, broken bool, err error) {
	var roots []string
	for _, in := range inputs {
		if !fleet.IsArchive(in) {
			roots = append(roots, in)
			continue
		}
		folder := filepath.Join(into, strings.ReplaceAll(strings.TrimPrefix(filepath.ToSlash(filepath.Clean(in)), "/"), "/", "_"))
		if err := fleet.Unpack(in, folder); err != nil {
			broken = true
			fmt.Fprintf(a.stderr, "report: %s\n", format.Printable(err.Error()))
			if _, err := os.Stat(folder); err != nil {
				continue
			}
		}
		roots = append(roots, folder)
	}
	folders, err = fleet.Folders(roots)
	return folders, broken, err
}

// names reads a file with a name on each line.
func names(file string) ([]string, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	list := strings.Fields(string(text))
	slices.Sort(list)
	return slices.Compact(list), nil
}
