package cli

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/trend"
	"github.com/idlebench/idlebench/stats/compare"
)

const trendText = `usage: report trend [flags] FOLDER...

Orders runs by the date of their commits, those of each machine by themselves, and
shows for each cell, in the unit in which its workload is judged, how it went: a
block for each run, and where it changed, which may be too slow for any two
revisions to show it. A value is the median of a run's valid launches.

  report trend results/2*
  report trend -format csv results/2* > history.csv

Of a folder of "bench compare" both runs are taken. What has no run.json is skipped.

A change is a reason to look, and no verdict: a machine that is slow for days makes
changes too. For a verdict compare the two revisions, with "make compare".

Exit status: 0 done, also if something became worse, 1 a folder could not be read,
the others are shown, 2 wrong usage.
`

// trendOutputs are the forms in which trends are written.
var trendOutputs = []struct {
	name  string
	write func(io.Writer, []trend.History) error
}{
	{"text", trend.Text},
	{"md", trend.Markdown},
	{"csv", trend.CSV},
	{"json", trend.JSON},
}

// trend shows the history of runs.
func (a app) trend(args []string) error {
	flags := flag.NewFlagSet("report trend", flag.ContinueOnError)
	write := trendOutputs[0].write
	flags.Func("format", "`form`: text, md, csv or json (default text)", func(name string) error {
		var names []string
		for _, o := range trendOutputs {
			if o.name == name {
				write = o.write
				return nil
			}
			names = append(names, o.name)
		}
		return fmt.Errorf("there are %s", strings.Join(names, ", "))
	})
	var file string
	flags.StringVar(&file, "o", "", "`file` to write to, which is replaced (default stdout)")
	if err := command.Parse(flags, a.stdout, trendText, args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return command.Usagef("trend: no folder; \"report trend -h\" tells more")
	}
	var names []string
	for _, name := range flags.Args() {
		in := runs(name)
		if len(in) == 0 {
			io.WriteString(a.stderr, "report: skipped, since it has no "+record.ManifestFile+": "+format.Printable(name)+"\n")
		}
		names = append(names, in...)
	}
	var folders []trend.Folder
	bad := 0
	for _, name := range names {
		run, err := record.Read(name)
		if err != nil {
			bad++
			io.WriteString(a.stderr, "report: not used: "+format.Printable(err.Error())+"\n")
			continue
		}
		folders = append(folders, trend.Folder{Name: name, Run: run})
	}
	if len(folders) == 0 {
		return errors.New("there is no run to show")
	}
	var text bytes.Buffer
	if err := write(&text, trend.Histories(folders)); err != nil {
		return err
	}
	if err := a.save(file, text.Bytes()); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d folders could not be read", bad, len(names))
	}
	return nil
}

// runs returns the folders of runs that a name stands for: itself, or the two of a
// comparison. What does not exist stands for itself, and fails when it is read.
func runs(name string) (folders []string) {
	if _, err := os.Stat(name); err != nil {
		return []string{name}
	}
	for _, folder := range []string{name, filepath.Join(name, compare.Old), filepath.Join(name, compare.New)} {
		if _, err := os.Stat(filepath.Join(folder, record.ManifestFile)); err == nil {
			folders = append(folders, folder)
		}
	}
	return folders
}
