package result

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A Run is a result folder's content.
type Run struct {
	Manifest

	// Recorded has the launches in the order they ran, each with its
	// histogram. The manifest's Launches is their number when it was last
	// written.
	Recorded []Launch

	// Dropped says, with file and line, what was not used and why: a torn
	// last line, a histogram whose launch was not recorded.
	Dropped []error
}

// Read reads a result folder, that of a run which is still going on or was
// killed included. What is malformed is an error that names the file and the
// line.
func Read(dir string) (Run, error) {
	path := filepath.Join(dir, ManifestFile)
	data, err := os.ReadFile(path)
	if err != nil {
		return Run{}, fmt.Errorf("result folder %s: %w", dir, err)
	}
	var run Run
	if run.Manifest, err = decodeManifest(data); err != nil {
		return Run{}, fmt.Errorf("%s: %w", path, err)
	}

	path = filepath.Join(dir, BenchFile)
	f, err := os.Open(path)
	if err != nil {
		return Run{}, fmt.Errorf("result folder %s: %w", dir, err)
	}
	defer f.Close()
	if run.Recorded, run.Dropped, err = readBench(f, path, run.Manifest); err != nil {
		return Run{}, err
	}
	launches := map[string][]*Launch{} // by the name of the cell
	for i := range run.Recorded {
		l := &run.Recorded[i]
		name := l.Cell.Name()
		launches[name] = append(launches[name], l)
	}
	for _, c := range run.Plan.Cells {
		path := filepath.Join(dir, LatencyDir, c.Slug()+hlogExt)
		dropped, err := attach(launches[c.Name()], path)
		if err != nil {
			return Run{}, err
		}
		run.Dropped = append(run.Dropped, dropped...)
	}
	return run, nil
}

// attach gives a cell's launches the histograms in the cell's log. Both are in
// the order of the launches, and have their start in common.
func attach(launches []*Launch, path string) (dropped []error, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a workload without latency, or no launch yet
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	hs, dropped, err := readHlog(f, path)
	if err != nil {
		return nil, err
	}
	for _, l := range launches {
		at := slices.IndexFunc(hs, func(h *hdrhistogram.Histogram) bool { return begins(h, l.Start) })
		if at < 0 {
			continue // a launch without latency
		}
		for _, h := range hs[:at] {
			dropped = append(dropped, unrecorded(path, h))
		}
		l.Latency, hs = hs[at], hs[at+1:]
	}
	for _, h := range hs {
		dropped = append(dropped, unrecorded(path, h))
	}
	return dropped, nil
}

// begins reports whether the histogram is of the launch that started at t. The
// log's seconds, as a float, may come back as one millisecond less.
func begins(h *hdrhistogram.Histogram, t time.Time) bool {
	d := t.UnixMilli() - h.StartTimeMs()
	return 0 <= d && d <= 1
}

func unrecorded(path string, h *hdrhistogram.Histogram) error {
	return fmt.Errorf("%s: the histogram of %s was not used: its launch was not recorded", path,
		time.UnixMilli(h.StartTimeMs()).UTC().Format(time.RFC3339))
}
