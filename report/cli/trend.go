package cli

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/trend"
	"github.com/idlebench/idlebench/stats/compare"
)

const trendText = `usage: report trend [flags] FOLDER...

Orders runs by the date of their commits, separately for each machine, and shows the
history of each cell in its primary unit: one character for each run, and the change
points, among them drifts too slow for any comparison of two revisions. A value is the
median of a run's valid launches.

  report trend results/2*
  report trend -format csv results/2* > history.csv

A folder of "bench compare" contributes both of its runs. Folders without a run.json
are skipped, and so is a folder that is named twice.

If nothing changed, the probability that a report shows any change point is at most 5 %,
for all metrics together. A change point is a reason to look, not a verdict. For a verdict
compare the two revisions with "make compare".

Exit status: 0 done, even if something became worse; 1 a folder could not be read, the
others are shown; 2 wrong usage.
`

// trendOutputs are the formats of trends.
var trendOutputs = []struct {
	name  string
	write func(io.Writer, []trend.History) error
}{
	{"text", trend.Text},
	{"md", trend.Markdown},
	{"csv", trend.CSV},
	{"json", trend.JSON},
}

// trend shows the history of cells over runs.
func (a app) trend(args []string) error {
	flags := flag.NewFlagSet("report trend", flag.ContinueOnError)
	write := trendOutputs[0].write
	flags.Func("format", "output `format`: text, md, csv or json (default text)", func(name string) error {
		var names []string
		for _, o := range trendOutputs {
			if o.name == name {
				write = o.write
				return nil
			}
			names = append(names, o.name)
		}
		return fmt.Errorf("unknown format: choose from %s", strings.Join(names, ", "))
	})
	var file string
	flags.StringVar(&file, "o", "", "`file` to write, replaced if it exists (default stdout)")
	if err := command.Parse(flags, a.stdout, trendText, args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return command.Usagef("trend: no folder; see \"report trend -h\"")
	}
	if err := anyExists(flags.Args()); err != nil {
		return err
	}
	var names []string
	for _, name := range flags.Args() {
		in := runs(name)
		if len(in) == 0 {
			io.WriteString(a.stderr, "report: skipped, no "+record.ManifestFile+": "+format.Printable(name)+"\n")
		}
		names = append(names, in...)
	}
	var folders []trend.Folder
	bad := 0
	for _, name := range names {
		if i := slices.IndexFunc(folders, func(f trend.Folder) bool { return sameFolder(f.Name, name) }); i >= 0 {
			fmt.Fprintf(a.stderr, "report: skipped, the same folder as %s: %s\n", format.Printable(folders[i].Name), format.Printable(name))
			continue
		}
		run, err := record.Read(name)
		if err != nil {
			bad++
			io.WriteString(a.stderr, "report: not used: "+format.Printable(err.Error())+"\n")
			continue
		}
		folders = append(folders, trend.Folder{Name: name, Run: run})
	}
	if len(folders) == 0 {
		return errors.New("no run to show")
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

// runs returns the result folders in a folder: itself, or the two of a comparison. A
// folder that does not exist is returned, and fails when it is read.
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
