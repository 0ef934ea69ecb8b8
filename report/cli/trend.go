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
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/trend"
	"github.com/idlebench/idlebench/stats/compare"
)

const trendText = `usage: report trend [flags] INPUT...

Orders runs by the date of their commits, separately for each machine, and shows the
history of each cell in its primary unit: one character for each run, and the change
points, among them drifts too slow for any comparison of two revisions. A value is the
median of a run's valid launches.

  report trend results/2*
  report trend -format csv results/2* > history.csv

An input is a result folder or a benchmark file. A folder of "bench compare" contributes
both of its runs. What has neither a run.json nor benchmarks is skipped, and so is what is
named twice. Files without a
date are in the order in which they are given.

If nothing changed, the probability that a report shows any change point is at most 5 %,
for all metrics together. A change point is a reason to look, not a verdict. For a verdict
compare the two revisions with "make compare".

Exit status: 0 done, even if something became worse; 1 an input could not be read or was
not used in full, the others are shown; 2 wrong usage; 3, with -gate, the last change of a
metric is for the worse.
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
	write, as := trendOutputs[0].write, trendOutputs[0].name
	flags.Func("format", "output `format`: text, md, csv or json (default text)", func(name string) error {
		var names []string
		for _, o := range trendOutputs {
			if o.name == name {
				write, as = o.write, o.name
				return nil
			}
			names = append(names, o.name)
		}
		return fmt.Errorf("unknown format: choose from %s", strings.Join(names, ", "))
	})
	var file string
	flags.StringVar(&file, "o", "", "`file` to write, replaced if it exists (default stdout)")
	ascii := asciiFlag(flags)
	strict := flags.Bool("gate", false, "exit with 3 if the last change of a metric is for the worse")
	if err := command.Parse(flags, a.stdout, trendText, args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return command.Usagef("trend: no input; see \"report trend -h\"")
	}
	if err := ascii.fits(as); err != nil {
		return err
	}
	if err := anyExists(flags.Args()); err != nil {
		return err
	}
	points := a.points(flags.Args())
	if len(points.folders) == 0 {
		return errors.New("no run to show")
	}
	histories := trend.Histories(points.folders)
	var text bytes.Buffer
	if err := write(&text, histories); err != nil {
		return err
	}
	if err := a.save(file, ascii.of(text.Bytes())); err != nil {
		return err
	}
	switch worse := worsened(histories); {
	case points.bad > 0:
		return fmt.Errorf("%d of %d inputs could not be read, or not in full", points.bad, points.all)
	case *strict && worse != "":
		return worseError("the last change is for the worse: " + worse)
	}
	return nil
}

// A worseError says which metrics became worse. It has an exit status of its own.
type worseError string

func (e worseError) Error() string { return string(e) }

// worsened names the metrics whose last change is for the worse.
func worsened(histories []trend.History) string {
	var names []string
	for _, h := range histories {
		for _, m := range h.Metrics {
			if n := len(m.Changes); n > 0 && m.Better != record.Neither && m.Worse(m.Changes[n-1]) {
				names = append(names, format.Printable(m.Cell+" "+m.Unit))
			}
		}
	}
	return strings.Join(names, ", ")
}

// points are what there is to put in order.
type points struct {
	folders  []trend.Folder
	all, bad int // inputs
}

// points reads folders and files. What cannot be read is printed, and so is what is skipped.
func (a app) points(args []string) (p points) {
	say := func(text string) { io.WriteString(a.stderr, "report: "+format.Printable(text)+"\n") }
	for _, name := range args {
		if !isFolder(name) {
			p.file(name, say)
			continue
		}
		in := runs(name)
		if len(in) == 0 {
			say("skipped, no " + record.ManifestFile + ": " + name)
		}
		for _, name := range in {
			if i := slices.IndexFunc(p.folders, func(f trend.Folder) bool { return sameFolder(f.Name, name) }); i >= 0 {
				say("skipped, the same folder as " + p.folders[i].Name + ": " + name)
				continue
			}
			p.all++
			run, err := record.Read(name)
			if err != nil {
				p.bad++
				say("not used: " + err.Error())
				continue
			}
			p.folders = append(p.folders, trend.Folder{Name: name, Run: run})
		}
	}
	return p
}

// file reads a benchmark file.
func (p *points) file(arg string, say func(string)) {
	src, err := source.Open("", arg)
	if err != nil {
		say("not used: " + err.Error())
		return
	}
	in := src.Inputs[0]
	if len(in.Launches) == 0 {
		say("skipped, no benchmarks in it: " + arg)
		return
	}
	p.all++
	if len(src.NotUsed) > 0 {
		p.bad++
	}
	for i, n := range src.NotUsed {
		if i == mostProblems {
			say(fmt.Sprintf("and %d more problems of %s", len(src.NotUsed)-i, arg))
			break
		}
		say(n.String())
	}
	p.folders = append(p.folders, trend.OfFile(in))
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
