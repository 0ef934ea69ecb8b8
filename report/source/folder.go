package source

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
	"golang.org/x/perf/benchunit"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	recorded "github.com/idlebench/idlebench/record/profile"
	"github.com/idlebench/idlebench/report/profile"
)

// folder reads a result folder: the run, the evidence of a self-test, profiles.
func (s *Source) folder(in *Input, filter *benchproc.Filter) {
	run, lost, err := record.Salvage(in.Path)
	for _, l := range lost {
		s.lose(l)
	}
	if err != nil {
		s.skipError(in.Path, "the folder's run", noRun(err))
	} else {
		s.run(in, run, filter)
		s.audit(in)
	}

	switch result, err := evidence.ReadSelftest(in.Path); {
	case err == nil:
		in.Selftest, in.Unfinished = result, result == nil
	case !errors.Is(err, fs.ErrNotExist):
		s.skipError(filepath.Join(in.Path, evidence.Selftest.File), "the self-test", err)
	}

	files, err := record.OpenFiles(in.Path)
	if err != nil {
		s.skipError(filepath.Join(in.Path, record.ArchiveFile), "the content of "+record.ProfilesDir, err)
		return
	}
	defer files.Close()
	in.Packed = files.Packed()
	profiles, problems := profile.ReadFolder(in.Path, files)
	for _, p := range profiles {
		s.addProfile(p, filter)
	}
	for _, p := range problems {
		s.skipProfile(in.Path, p)
	}
	if in.Run != nil {
		s.unprofiled(in, files)
	}
}

// OfRun is a source with one run that was read already.
func OfRun(path string, run record.Run) (*Source, error) {
	all, err := benchproc.NewFilter("*")
	if err != nil {
		return nil, err
	}
	s := &Source{Filter: "*", Inputs: []*Input{{Name: path, Path: path, Kind: Folder}}}
	s.run(s.Inputs[0], run, all)
	return s, nil
}

// audit reads the audit in the folder of a run. One that does not belong to the run
// is left out: it would put marks on results that it says nothing about.
func (s *Source) audit(in *Input) {
	e, err := evidence.ReadAudit(in.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	file := filepath.Join(in.Path, evidence.Audit.File)
	if err != nil {
		in.NoAudit = err.Error()
		if lost := (record.Loss{}); errors.As(err, &lost) {
			in.NoAudit = lost.Err.Error()
		}
	} else if differ := e.Differs(in.Config); differ != nil {
		in.NoAudit = "it is of another machine or setup, and does not belong to this run: " + strings.Join(differ, "; ")
	} else {
		in.Audit = &e
		return
	}
	in.NoAudit = excerpt(in.NoAudit)
	s.skip(file, 0, "the audit", in.NoAudit)
}

// noRun says why there is no run in a folder, in words for the user who gave it to a
// report.
func noRun(err error) error {
	var at *fs.PathError
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &at) {
		return err
	}
	if file := filepath.Base(at.Path); file == record.BenchFile {
		return fmt.Errorf("it has no %s any more: restore it, or give the files in the folder that are of use by themselves", file)
	}
	return fmt.Errorf("it is not a result folder: it has no %s: give the usable files in it by name", record.ManifestFile)
}

// unprofiled lists the profiles that were planned and are not there. A run that
// is partial lacks them as it lacks launches.
func (s *Source) unprofiled(in *Input, files *record.Files) {
	if in.Partial() != "" {
		return
	}
	for _, c := range in.Run.Plan.Cells {
		for _, kind := range in.Manifest.Plan.Profiles {
			file := recorded.File(in.Path, c, recorded.Kind(kind))
			if _, err := fs.Stat(files, path.Join(record.ProfilesDir, filepath.Base(file))); !errors.Is(err, fs.ErrNotExist) {
				continue // what is wrong with it was said
			}
			why := "the plan has it, but the file is not there any more: restore it from a copy"
			for _, u := range in.Manifest.Unprofiled {
				if u.Kind == kind && u.Cell.Name() == c.Name() {
					why = "its launch failed: " + u.Error
				}
			}
			s.skip(file, 0, fmt.Sprintf("the %s profile of %s", kind, c.Name()), why)
		}
	}
}

// run takes up what was measured.
func (s *Source) run(in *Input, run record.Run, filter *benchproc.Filter) {
	manifest := run.Manifest
	in.Manifest = &manifest
	in.Config, in.Primary, in.Defaults = run.Config, run.Primary, run.Defaults
	for _, d := range run.Dropped {
		d.What = "a torn or unrecorded part"
		s.lose(d)
	}
	in.File = filepath.Join(in.Path, record.BenchFile)
	in.Text = run.Text

	sel := selector{filter, in.Column(), run.Config}
	launches, lines := run.Recorded, run.Lines
	s.Measured += len(launches)
	run = sel.run(run)
	in.Run = &run
	cells := newCells(in)
	for _, c := range run.Plan.Cells {
		cells.get(c.Name(), "")
	}
	for _, f := range run.Failures {
		c := cells.get(f.Cell.Name(), "")
		c.Failures = append(c.Failures, f)
	}
	for i, l := range launches {
		if l, ok := sel.launch(l); ok {
			cells.add(&Launch{Launch: l, Name: l.Cell.Name(), Line: lines[i], Rounded: true})
		}
	}
	cells.finish(s)
	in.Units = slices.DeleteFunc(slices.Clone(run.Units), func(u record.Unit) bool { return !in.measured(u.Name) })
}

// measured reports whether any launch has a metric in the unit, as written.
func (in *Input) measured(unit string) bool {
	return slices.ContainsFunc(in.Launches, func(l *Launch) bool {
		return slices.ContainsFunc(l.Metrics, func(m record.Metric) bool { return m.Unit == unit })
	})
}

// A selector applies a filter to the content of a result folder.
type selector struct {
	filter *benchproc.Filter
	file   string
	config []record.Pair
}

// run returns what the filter leaves of a run.
func (s selector) run(run record.Run) record.Run {
	run.Plan.Order, run.Lines, run.Text = nil, nil, nil
	run.Plan.Cells = slices.DeleteFunc(slices.Clone(run.Plan.Cells), func(c record.Cell) bool { return !s.cell(c, run.Units) })
	run.Failures = slices.DeleteFunc(slices.Clone(run.Failures), func(f record.Failure) bool { return !s.cell(f.Cell, run.Units) })
	var recorded []record.Launch
	for _, l := range run.Recorded {
		if l, ok := s.launch(l); ok {
			recorded = append(recorded, l)
		}
	}
	run.Recorded = recorded
	run.Units = slices.DeleteFunc(slices.Clone(run.Units), func(u record.Unit) bool {
		return !slices.ContainsFunc(run.Plan.Cells, func(c record.Cell) bool { return s.cell(c, []record.Unit{u}) })
	})
	return run
}

// cell reports whether the filter leaves any metric of a cell.
func (s selector) cell(c record.Cell, units []record.Unit) bool {
	var values []record.Metric
	for _, u := range units {
		values = append(values, record.Metric{Value: 1, Unit: u.Name})
	}
	m, err := s.filter.Match(s.result(c.Name(), values))
	return err == nil && m.Any()
}

// launch returns the launch with the metrics that the filter selects.
func (s selector) launch(l record.Launch) (record.Launch, bool) {
	m, err := s.filter.Match(s.result(l.Cell.Name(), l.Metrics))
	if err != nil || !m.Any() {
		return l, false
	}
	var metrics []record.Metric
	for i, metric := range l.Metrics {
		if m.Test(i) {
			metrics = append(metrics, metric)
		}
	}
	l.Metrics = metrics
	return l, true
}

// result makes a benchmark line as a filter knows it.
func (s selector) result(name string, metrics []record.Metric) *benchfmt.Result {
	r := &benchfmt.Result{Name: benchfmt.Name(name)}
	for _, m := range metrics {
		value, base := benchunit.Tidy(m.Value, m.Unit)
		r.Values = append(r.Values, benchfmt.Value{Value: value, Unit: base, OrigValue: m.Value, OrigUnit: m.Unit})
	}
	for _, c := range s.config {
		r.Config = append(r.Config, benchfmt.Config{Key: c.Key, Value: []byte(c.Value), File: true})
	}
	r.SetConfig(".file", s.file)
	return r
}
