package cli

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/benchstat"
)

// report writes a report of some inputs.
func (a app) report(args []string) error {
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	var filter, row, col, ignore, baseline, as, file string
	flags.StringVar(&as, "format", "", "output `format`: text, md, csv, json or html (default: by the extension of -o, otherwise text)")
	flags.StringVar(&file, "o", "", "`file` to write, replaced if it exists (default stdout)")
	flags.StringVar(&filter, "filter", "*", "`query` that selects benchmarks and units")
	flags.StringVar(&row, "row", "", "`keys` that make a row, here and in benchstat's tables (default .fullname)")
	flags.StringVar(&col, "col", "", "`keys` to compare by, here and in benchstat's tables (default here: /impl, or .file if there is no /impl; default for benchstat: .file)")
	flags.StringVar(&ignore, "ignore", "", "configuration `keys` that may differ within a row, such as pkg")
	flags.StringVar(&baseline, "baseline", "", "`value` of that key to compare the others with (default bitmap, otherwise the one in the most rows)")
	var units record.Judge
	units.Flag(flags)
	mixed := flags.Bool("mix-simulated", false, "show simulated and measured inputs side by side; no verdict compares them")
	all := flags.Bool("all", false, "show every comparison and fact, and benchstat's tables (text only)")
	ascii := asciiFlag(flags)
	if err := command.Parse(flags, a.stdout, usage, args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return command.Usagef("no input; see \"report -h\"")
	}
	out, err := outputFor(as, file)
	if err != nil {
		return err
	}
	if err := ascii.fits(out.name); err != nil {
		return err
	}
	stat := benchstat.Options{Filter: filter, Row: row, Col: col, Ignore: ignore}
	if err := stat.Check(); err != nil {
		return command.Usage(err)
	}

	if err := anyExists(flags.Args()); err != nil {
		return err
	}
	src, err := source.Open(filter, flags.Args()...)
	if err != nil {
		return command.Usage(err)
	}
	if err := unmixed(origins(src)...); err != nil && !*mixed {
		return command.Usage(fmt.Errorf("%w; -mix-simulated shows them side by side", err))
	}
	if err := judgeIn(src, units); err != nil {
		return command.Usage(err)
	}
	r := &format.Report{
		Source:  src,
		All:     *all,
		Command: phrase.Shell(slices.Concat([]string{"report"}, args)...),
		Made:    time.Now().UTC().Truncate(time.Second),
	}
	r.Groups = verdict.Of(src, verdict.Options{Column: col, Baseline: baseline, Row: row, Ignore: ignore})
	tables(r, stat, out.tables(r))

	var text bytes.Buffer
	if err := out.write(&text, r); err != nil {
		return fmt.Errorf("the report as %s: %w", out.name, err)
	}
	if err := a.save(file, ascii.of(text.Bytes())); err != nil {
		return err
	}
	return a.incomplete(r)
}

// judgeIn makes units those in which the inputs are judged. Each workload must be in an
// input that has them.
func judgeIn(src *source.Source, units record.Judge) error {
	primary := make(map[string]string)
	var all []record.Unit
	for _, in := range src.Inputs {
		maps.Copy(primary, in.Primary)
		all = append(all, in.Units...)
	}
	if err := units.Check(primary, all); err != nil {
		return err
	}
	for _, in := range src.Inputs {
		in.Primary = units.Apply(in.Primary)
		if in.Run != nil {
			in.Run.Primary = units.Apply(in.Run.Primary)
		}
	}
	return nil
}

// tables makes benchstat's tables of the benchmark files. If they are not shown, it only
// finds out whether benchstat could read the files.
func tables(r *format.Report, o benchstat.Options, shown bool) {
	var files []benchstat.File
	var args []string
	for _, in := range r.Source.Inputs {
		if in.File != "" {
			name, arg := in.Column(), in.File
			switch {
			case name != in.File:
				arg = name + "=" + in.File
			case strings.Contains(in.File, "="): // benchstat takes the part before it as a label
				name = strings.ReplaceAll(in.File, "=", "-")
				arg = name + "=" + in.File
			}
			files = append(files, benchstat.File{Name: name, Text: in.Text})
			args = append(args, arg)
		}
	}
	if len(files) == 0 {
		return
	}
	if len(files) > 1 {
		o.Ignore = strings.Trim(o.Ignore+","+passing(r.Source.Inputs), ",")
	}
	r.BenchstatCommand = phrase.Shell(slices.Concat(benchstat.Command(), o.Args(), args)...)
	err := benchstat.Readable(files...)
	if err == nil && shown {
		r.Benchstat, err = benchstat.Text(o, files...)
	}
	if err != nil {
		r.BenchstatError = err.Error()
	}
}

// passing returns the configuration keys in the inputs that differ between any two
// runs, such as the date. They must not split tables.
func passing(inputs []*source.Input) string {
	var keys []string
	for _, key := range environ.Passing() {
		for _, in := range inputs {
			for _, c := range in.Config {
				if c.Key == key && !slices.Contains(keys, c.Key) {
					keys = append(keys, c.Key)
				}
			}
		}
	}
	return strings.Join(keys, ",")
}

// save writes a file, completely or not at all; without a name it writes to stdout.
func (a app) save(file string, text []byte) error {
	if file == "" {
		_, err := a.stdout.Write(text)
		return err
	}
	if err := replace.File(file, text); err != nil {
		return fmt.Errorf("-o: %w", err)
	}
	return nil
}

// mostProblems is how many problems are printed; the report has all.
const mostProblems = 20

// incomplete prints what was not used and what failed. It returns an error if there was
// anything.
func (a app) incomplete(r *format.Report) error {
	if r.Complete() {
		return nil
	}
	var problems []string
	for _, n := range r.Source.NotUsed {
		problems = append(problems, n.String())
	}
	for _, g := range r.Groups {
		if g.Failed {
			problems = append(problems, fmt.Sprintf("%s: no comparison by %s: %s", strings.Join(g.Inputs, ", "), g.Column, g.None))
		}
	}
	if r.BenchstatError != "" {
		problems = append(problems, "benchstat: "+r.BenchstatError)
	}
	for i, p := range problems {
		if i == mostProblems {
			fmt.Fprintf(a.stderr, "report: and %d more problems, see the report\n", len(problems)-i)
			break
		}
		io.WriteString(a.stderr, "report: "+format.Printable(p)+"\n")
	}
	return errors.New("some of the input was not used, or something failed: the report is incomplete")
}
