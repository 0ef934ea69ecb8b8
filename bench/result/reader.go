package result

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A Run is a result folder's content.
type Run struct {
	Manifest

	// Recorded has the launches in the order they ran, invalid ones included,
	// each with its histogram. The manifest's Launches is their number when it
	// was last written.
	Recorded []Launch

	// Dropped says, with file and line, what was not used and why: a torn
	// last launch, a histogram whose launch was not recorded.
	Dropped []error
}

// Read reads a result folder, that of a run which is still going on or was
// killed included. What is malformed, or was changed after it was written, is
// an error that names the file and the line.
func Read(dir string) (Run, error) {
	run, _, err := readFolder(dir)
	return run, err
}

// ReadManifest reads a result folder's run.json alone.
func ReadManifest(dir string) (Manifest, error) {
	path := filepath.Join(dir, ManifestFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, fmt.Errorf("%s is no result folder, or its run was stopped before it began: %w", dir, err)
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

// readFolder is Read. For each file with launches it also returns the offset up
// to which all that is there is used.
func readFolder(dir string) (run Run, ends map[string]int64, err error) {
	if run.Manifest, err = ReadManifest(dir); err != nil {
		return Run{}, nil, err
	}
	bench := filepath.Join(dir, BenchFile)
	data, err := os.ReadFile(bench)
	if err != nil {
		return Run{}, nil, fmt.Errorf("result folder %s: %w", dir, err)
	}
	j, err := readJournal(data, bench, run.Manifest)
	if err != nil {
		return Run{}, nil, err
	}
	ends = map[string]int64{bench: j.end}
	run.Dropped = j.dropped

	byCell := map[string][]*entry{}
	for i := range j.launches {
		if e := &j.launches[i]; e.log != "" {
			name := e.Cell.Name()
			byCell[name] = append(byCell[name], e)
		}
	}
	for _, c := range run.Plan.Cells {
		log := logFile(dir, c)
		end, dropped, err := attach(byCell[c.Name()], bench, log)
		if err != nil {
			return Run{}, nil, err
		}
		if end >= 0 {
			ends[log] = end
		}
		run.Dropped = append(run.Dropped, dropped...)
	}
	for _, e := range j.launches {
		run.Recorded = append(run.Recorded, e.Launch)
	}
	return run, ends, nil
}

// attach gives a cell's launches the histograms in the cell's log, where they
// stand in the same order. A launch knows its line by the checksum; a line that
// no launch knows is of one that was not recorded. It returns the end of the
// last line that was used, -1 if there is no log.
func attach(launches []*entry, bench, log string) (end int64, dropped []error, err error) {
	data, err := os.ReadFile(log)
	switch {
	case errors.Is(err, fs.ErrNotExist) && len(launches) == 0:
		return -1, nil, nil // a workload without latency, or no launch yet
	case err != nil:
		return -1, nil, err
	}
	lines, dropped, err := readHlog(data, log)
	if err != nil {
		return -1, nil, err
	}
	for _, line := range lines {
		if len(launches) == 0 || launches[0].log != line.sum {
			dropped = append(dropped, fmt.Errorf("%s:%d: the histogram of %s was not used: its launch was not recorded", log, line.line,
				time.UnixMilli(line.StartTimeMs()).UTC().Format(time.RFC3339)))
			continue
		}
		launches[0].Latency = line.Histogram
		launches = launches[1:]
		end = line.end
	}
	if len(launches) > 0 {
		return -1, nil, fmt.Errorf("%s:%d: the launch's histogram is not in %s any more, which was cut or edited: %s",
			bench, launches[0].line, log, restore)
	}
	return end, dropped, nil
}

// logFile is the path of a cell's interval log.
func logFile(dir string, c Cell) string {
	return filepath.Join(dir, LatencyDir, c.Slug()+hlogExt)
}
