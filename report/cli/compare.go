package cli

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/gate"
)

const compareText = `usage: report compare [flags] OLD NEW

Compares two result folders or two benchmark files, row by row, and decides as "make
compare" does. "-" is standard input, and LABEL=PATH names an input.

A decision about folders needs launches that were interleaved on one machine, as in the
folders old and new of "make compare", which are judged by the interim analyses they
had: machines drift, and if one run follows the other,
the drift is part of the difference. Otherwise everything is unresolved and only
estimates are shown. Files without times do not say whether they were interleaved; that
is assumed, and the output says so. If the file of -thresholds has units, benchmark files
are judged in these; otherwise in ns/op, or without it in every unit that has a better
direction. A file that has a failure or an unreadable line cannot pass.

The difference between runs on two machines has no meaning. For these, each cell is
shown as a multiple of the floor of its own machine: the same measurement without an
idle manager.

Simulated runs and measured ones are not compared.

Exit status: 0 a regression of twice the threshold is excluded in all rows, 1 something
regressed, 2 wrong usage, 3 something or everything could not be compared, or a run is not
finished, 4 something is unresolved.
`

// compare compares two folders and decides.
func (a app) compare(args []string) error {
	flags := flag.NewFlagSet("report compare", flag.ContinueOnError)
	var t gate.Thresholds
	t.Flags(flags)
	var units record.Judge
	units.Flag(flags)
	undecidedOK := flags.Bool("allow-unresolved", false, "exit with 0 instead of 4 if something is unresolved and nothing is worse")
	as := flags.String("format", "text", "output `format`: text, md or json")
	ascii := asciiFlag(flags)
	if err := command.Parse(flags, a.stdout, compareText, args); err != nil {
		return err
	}
	if flags.NArg() != 2 {
		return command.Usagef("compare: %d inputs: need two, the old and the new", flags.NArg())
	}
	if err := ascii.fits(*as); err != nil {
		return err
	}
	d, err := decide(flags.Arg(0), flags.Arg(1), t, units)
	if err != nil {
		return command.Usage(fmt.Errorf("compare: %w", err))
	}
	write, ok := map[string]func(io.Writer) error{
		"text": d.Text,
		"md":   func(w io.Writer) error { return d.Markdown(w, "") },
		"json": d.JSON,
	}[*as]
	if !ok {
		return command.Usagef("compare: -format %s: unknown format: choose from text, md, json", *as)
	}
	var text bytes.Buffer
	err = write(&text)
	if err == nil {
		_, err = a.stdout.Write(ascii.of(text.Bytes()))
	}
	if err != nil {
		fmt.Fprintf(a.stderr, "report: compare: the decision could not be printed: %v\n", err)
		return gate.Error{Decision: gate.Nothing(d.Old, d.New, err.Error())}
	}
	if d.Outcome == gate.Pass || d.Outcome == gate.Open && *undecidedOK {
		return nil
	}
	return gate.Error{Decision: d}
}

// decide compares two folders or files. It returns an error if one cannot be read, or if
// a threshold is for a unit that neither has.
func decide(old, new string, t gate.Thresholds, units record.Judge) (gate.Decision, error) {
	if sameFolder(old, new) {
		return gate.Decision{}, fmt.Errorf("%s and %s are the same folder: name two runs", old, new)
	}
	if !isFolder(old) || !isFolder(new) {
		return decideFiles(old, new, t, units)
	}
	before, err := folder(old)
	if err != nil {
		return gate.Decision{}, err
	}
	after, err := folder(new)
	if err != nil {
		return gate.Decision{}, err
	}
	if err := unmixed(origin{old, before.Config}, origin{new, after.Config}); err != nil {
		return gate.Decision{}, err
	}
	for _, run := range []*record.Run{&before, &after} {
		if err := units.Check(run.Primary, run.Units); err != nil {
			return gate.Decision{}, err
		}
		run.Primary = units.Apply(run.Primary)
	}
	table := withoutReferences(compare.FromRuns(before, after))
	o := compare.Options{NotJudged: elsewhere(before, after), Margin: t.Least(), OneSided: true}
	if len(table.Series) == 0 {
		return gate.Nothing(old, new, "there is no valid launch"), nil
	}
	if err := unmeasured(t, table); err != nil {
		return gate.Decision{}, err
	}
	f, err := judge(before, after, table, o, t)
	if err != nil {
		return gate.Nothing(old, new, err.Error()), nil
	}
	d := gate.Decide(old, new, f, t, nil)
	d.Notes = append(d.Notes, f.Warnings...)
	for _, w := range slices.Sorted(maps.Keys(table.Primary)) {
		if table.Primary[w] == "" && slices.ContainsFunc(f.Comparisons, func(c compare.Comparison) bool { return c.Workload == w }) {
			d.Notes = append(d.Notes, w+" is "+record.NotJudged)
		}
	}
	for _, u := range f.Unmatched {
		if u.Unit == "" {
			d.Notes = append(d.Notes, fmt.Sprintf("only the %s run has %s", u.Column, u.Row))
		}
	}
	if (before.State.Partial() || after.State.Partial()) && d.Outcome != gate.Fail {
		d.Outcome, d.Why = gate.Useless, "something is missing: "+d.Why
	}
	if o.NotJudged != "" {
		floors(d.Findings, before, after)
	}
	return d, nil
}

// judge judges two runs: those of "bench compare" as they were judged while they went on,
// others by all their launches.
func judge(old, new record.Run, table compare.Table, o compare.Options, t gate.Thresholds) (compare.Family, error) {
	if s, ok := compare.ScheduleOf(old, new); ok && o.NotJudged == "" {
		return compare.Replay(s, table, compare.Old, o, t.Decided)
	}
	if stopped(old) && stopped(new) && o.NotJudged == "" {
		o.NotJudged = "the launches were stopped at interim analyses that the folders do not name, so no error rate is known: " +
			"the decision is in gate.txt, beside the two folders"
	}
	return compare.Compare(table, compare.Old, o)
}

// stopped reports whether a run may have ended, for some of its cells, because of what had
// been seen: it is one of the two of "bench compare".
func stopped(r record.Run) bool { return r.Command == "compare" }

// folder reads a result folder.
func folder(name string) (record.Run, error) {
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return record.Run{}, fmt.Errorf("%s: there is no such folder: look for a typing error", name)
	}
	return record.Read(name)
}

// isFolder reports whether there is a folder with a name. What does not exist is not
// a file either: it is for the reader of folders to say so.
func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir() || err != nil && name != source.Stdin && !strings.Contains(name, "=")
}

// unmeasured returns an error for thresholds of units that nothing has.
func unmeasured(t gate.Thresholds, table compare.Table) error {
	var units []string
	for _, s := range table.Series {
		if !slices.Contains(units, s.Unit) {
			units = append(units, s.Unit)
		}
	}
	if wrong := t.Without(units...); wrong != nil {
		return fmt.Errorf("-thresholds: no measurement has the unit %s: choose from %s", strings.Join(wrong, ", "), strings.Join(units, ", "))
	}
	return nil
}

// withoutReferences removes references, floors and calibrations, which no change of an
// idle manager affects.
func withoutReferences(t compare.Table) compare.Table {
	t.Series = slices.DeleteFunc(t.Series, func(s compare.Series) bool {
		c, err := record.ParseName(s.Name)
		return err == nil && record.RoleOf(c) != record.Implementation
	})
	return t
}

// elsewhere says how the machines of two runs differ; "" if they are the same.
func elsewhere(old, new record.Run) string {
	for _, f := range environ.Read(environ.System{}) {
		if a, b := old.Fact(f.Key), new.Fact(f.Key); f.Scope == environ.Machine && !environ.Same(f.Key, a, b) {
			return fmt.Sprintf("the runs are from different machines, or the machine changed: %s was %q and is %q", f.Key, a, b)
		}
	}
	return ""
}

// floors replaces each finding by the cell's multiple of the floor, on both machines.
func floors(findings []gate.Finding, old, new record.Run) {
	for i := range findings {
		f := &findings[i]
		if f.Status == gate.Invalid {
			continue
		}
		f.Change, f.MDE, f.Text = nil, nil, "no floor measured"
		c, err := record.ParseName(f.Row)
		if err != nil {
			continue
		}
		if before, after := timesFloor(old, c, f.Unit), timesFloor(new, c, f.Unit); before > 0 && after > 0 {
			f.Text = fmt.Sprintf("%.2f times the floor on the old machine, %.2f times on the new", before, after)
		}
	}
}

// timesFloor returns the ratio of a cell's median to that of its floor; NaN if one of
// the two was not measured.
func timesFloor(run record.Run, c record.Cell, unit string) float64 {
	floor := c
	floor.Impl, floor.Park = record.FloorImpl, record.FloorPark(c.Park, unit)
	return median(run, c, unit) / median(run, floor, unit)
}

// median returns the median of a cell's valid launches; NaN if there are none.
func median(run record.Run, c record.Cell, unit string) float64 {
	var values []float64
	for _, l := range run.Recorded {
		if len(l.Invalid) > 0 || l.Cell.Name() != c.Name() {
			continue
		}
		for _, m := range l.Metrics {
			if m.Unit == unit {
				values = append(values, m.Value)
			}
		}
	}
	return compare.Median(values)
}
