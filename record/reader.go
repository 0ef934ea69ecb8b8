package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/idlebench/idlebench/internal/phrase"
)

// A Run is the content of a result folder.
type Run struct {
	Manifest

	// Recorded has the launches in the order they ran, invalid ones included,
	// each with its histogram. The manifest's Launches is their number when it
	// was last written.
	Recorded []Launch

	// Lines has the number of the benchmark line of each.
	Lines []int

	// Text is bench.txt. Its lines that are not in Recorded are marked as refused.
	Text *Text

	// Dropped lists what was not used although nothing is damaged: a torn last launch,
	// or a histogram whose launch was not recorded.
	Dropped []Loss
}

// A Loss is a part of a file that is not used: in a result folder because it is damaged
// or missing, in a benchmark file because it is malformed. As an error it has the file
// and the line.
type Loss struct {
	File string
	Line int    // from 1; 0 if it is not about one line
	What string // "the latency of 3 launches of Wake/…"
	Kind Kind
	Err  error // why, with the remedy
}

// A Kind groups losses whose reasons differ only in what they quote. Losses of the zero
// Kind are grouped only if their reasons are the same.
type Kind string

// What is wrong with a part of a result folder, as [Loss].Kind.
const (
	NoRecord   Kind = "no record"    // a line of bench.txt is not of a launch
	OutOfOrder Kind = "out of order" // the launch cannot be the next one of its cell in its round
	BadLog     Kind = "bad log"      // a line of an interval log is damaged
)

// Error returns the place and the reason.
func (l Loss) Error() string {
	if l.Line == 0 {
		return l.File + ": " + l.Err.Error()
	}
	return fmt.Sprintf("%s:%d: %v", l.File, l.Line, l.Err)
}

func (l Loss) Unwrap() error { return l.Err }

// Read reads a result folder, including one whose run is still going on or was killed.
// Anything malformed, missing, or changed after it was written is an error that names
// the file and the line.
func Read(dir string) (Run, error) {
	run, _, err := readWhole(dir)
	return run, err
}

// ReadLaunches is Read without the histograms and the checks of their files, for callers
// that know by other means that the folder is as it was written.
func ReadLaunches(dir string) (Run, error) {
	m, err := ReadManifest(dir)
	if err != nil {
		return Run{}, err
	}
	bench := filepath.Join(dir, BenchFile)
	data, err := os.ReadFile(bench)
	if err != nil {
		return Run{}, fmt.Errorf("result folder %s: %w", dir, err)
	}
	j, err := readJournal(data, bench, m)
	if err == nil && len(j.lost) > 0 {
		err = j.lost[0]
	}
	if err != nil {
		return Run{}, err
	}
	return finish(Run{Manifest: m, Dropped: j.dropped}, j), nil
}

// Salvage is Read for a folder that may be damaged. A loss affects only what was lost:
// a launch that was changed, launches after a cut, histograms. It returns an error if
// nothing in the folder can be trusted: run.json or bench.txt cannot be read, or they
// contradict each other.
func Salvage(dir string) (Run, []Loss, error) {
	run, _, lost, err := readFolder(dir)
	return run, lost, err
}

// readWhole is readFolder where nothing may be lost.
func readWhole(dir string) (run Run, ends map[string]int64, err error) {
	run, ends, lost, err := readFolder(dir)
	if err == nil && len(lost) > 0 {
		err = lost[0]
	}
	if err != nil {
		return Run{}, nil, err
	}
	return run, ends, nil
}

// ReadManifest reads a result folder's run.json alone.
func ReadManifest(dir string) (Manifest, error) {
	path := filepath.Join(dir, ManifestFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, fmt.Errorf("%s is not a result folder, or its run was stopped before it began: %w", dir, err)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("result folder %s: %w", dir, err)
	}
	m, err := decodeManifest(data)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// readFolder implements Salvage. For each file with launches it also returns the offset
// up to which everything is used, if nothing is lost.
func readFolder(dir string) (run Run, ends map[string]int64, lost []Loss, err error) {
	if run.Manifest, err = ReadManifest(dir); err != nil {
		return Run{}, nil, nil, err
	}
	bench := filepath.Join(dir, BenchFile)
	data, err := os.ReadFile(bench)
	if err != nil {
		return Run{}, nil, nil, fmt.Errorf("result folder %s: %w", dir, err)
	}
	j, err := readJournal(data, bench, run.Manifest)
	if err != nil {
		return Run{}, nil, nil, err
	}
	ends = map[string]int64{bench: j.end}
	run.Dropped, lost = j.dropped, j.lost

	byCell := map[string][]*entry{}
	for i := range j.launches {
		if e := &j.launches[i]; e.log != "" {
			name := e.Cell.Name()
			byCell[name] = append(byCell[name], e)
		}
	}
	files, err := OpenFiles(dir)
	if err != nil {
		// The logs are in the archive. That they are missing needs no saying for each.
		damaged := Loss{}
		errors.As(err, &damaged)
		return finish(run, j), ends, append(lost, damaged), nil
	}
	defer files.Close()
	for _, c := range run.Plan.Cells {
		log := logFile(dir, c)
		end, dropped, missing := attach(byCell[c.Name()], files, logName(c), bench, log)
		if end >= 0 {
			ends[log] = end
		}
		run.Dropped = append(run.Dropped, dropped...)
		lost = append(lost, missing...)
	}
	return finish(run, j), ends, lost, nil
}

// finish gives a run what is in its journal.
func finish(run Run, j journal) Run {
	run.Text = j.text
	for _, e := range j.launches {
		run.Recorded = append(run.Recorded, e.Launch)
		run.Lines = append(run.Lines, e.line)
	}
	return run
}

// attach gives a cell's launches the histograms in the cell's log, which are in the
// same order. A launch identifies its line by the checksum; a line that no launch
// refers to belongs to a launch that was not recorded. It returns the end of the last
// line used, -1 if there is no log.
func attach(launches []*entry, files *Files, name, bench, log string) (end int64, dropped, lost []Loss) {
	data, err := files.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && len(launches) == 0:
		return -1, nil, nil // a workload without latency, or no launch yet
	case errors.Is(err, fs.ErrNotExist):
		return -1, nil, []Loss{{File: log, What: latency(launches), Err: errors.New("the file no longer exists: " + restore)}}
	case err != nil:
		return -1, nil, []Loss{{File: log, What: latency(launches), Err: err}}
	}
	lines, dropped, lost := readHlog(data, log)
	var without []*entry
	var unknown []interval
	for _, line := range lines {
		i := slices.IndexFunc(launches, func(e *entry) bool { return e.log == line.sum })
		if i < 0 {
			unknown = append(unknown, line)
			continue
		}
		without = append(without, launches[:i]...)
		launches[i].Latency = line.Histogram
		launches = launches[i+1:]
		end = line.end
	}
	if len(unknown) > 0 {
		first := unknown[0]
		why := "the histogram of " + time.UnixMilli(first.StartTimeMs()).UTC().Format(time.RFC3339) + " was not used: its launch was not recorded"
		if more := len(unknown) - 1; more > 0 {
			why += fmt.Sprintf(", and neither were those of %d more", more)
		}
		dropped = append(dropped, Loss{File: log, Line: first.line, What: "a histogram", Err: errors.New(why)})
	}
	if without = append(without, launches...); len(without) > 0 {
		lost = append(lost, Loss{File: bench, Line: without[0].line, What: latency(without),
			Err: fmt.Errorf("the launch's histogram is no longer in %s, which was cut or edited: %s", log, restore)})
	}
	return end, dropped, lost
}

// latency describes the latency of some launches of a cell, at least one.
func latency(launches []*entry) string {
	return fmt.Sprintf("the latency of %s of %s", phrase.Count(len(launches), "launch"), launches[0].Cell.Name())
}

// logFile is the path of a cell's interval log.
func logFile(dir string, c Cell) string {
	return filepath.Join(dir, filepath.FromSlash(logName(c)))
}

// logName is the same in a folder's [Files].
func logName(c Cell) string { return LatencyDir + "/" + c.Slug() + hlogExt }
