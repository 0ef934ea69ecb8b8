package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Resume continues the run in dir, whose last writer has ended in whatever way. It
// first cuts off torn records; Dropped of the run lists them. The launches of the run
// are those before the first of the new session, which begins at start.
func Resume(dir string, start time.Time) (*Writer, Run, error) {
	if _, err := ReadManifest(dir); err != nil {
		return nil, Run{}, err
	}
	bench, err := os.OpenFile(filepath.Join(dir, BenchFile), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return nil, Run{}, fmt.Errorf("result folder %s: %w", dir, err)
	}
	w := &Writer{dir: dir, bench: bench, now: time.Now}
	run, err := w.resume(start.UTC())
	if err != nil {
		_ = bench.Close()
		return nil, Run{}, err
	}
	return w, run, nil
}

func (w *Writer) resume(start time.Time) (Run, error) {
	if err := lock(w.bench); err != nil {
		return Run{}, fmt.Errorf("result folder %s: %w", w.dir, err)
	}
	run, ends, err := readWhole(w.dir)
	if err != nil {
		return Run{}, err
	}
	if !run.State.Partial() {
		return Run{}, fmt.Errorf("result folder %s: its run is %s, there is nothing to resume", w.dir, run.State)
	}
	if _, err := os.Lstat(filepath.Join(w.dir, ArchiveFile)); !errors.Is(err, fs.ErrNotExist) {
		return Run{}, fmt.Errorf("result folder %s: it is packed, and a packed run cannot go on: unzip %s in the folder and remove it", w.dir, ArchiveFile)
	}
	for file, end := range ends {
		if err := cut(file, end); err != nil {
			return Run{}, err
		}
	}
	w.manifest, w.names, w.turns = run.Manifest, run.Plan.names(), turns{}
	for _, l := range run.Recorded {
		w.turns.add(l)
	}
	for _, f := range run.Failures {
		w.turns.fail(f.Cell, f.Round)
	}
	m := &w.manifest
	if last := &m.Sessions[len(m.Sessions)-1]; last.State == Running {
		last.State = Killed
	}
	session := Session{State: Running, Start: start}
	for _, d := range run.Dropped {
		session.Dropped = append(session.Dropped, d.Error())
	}
	m.Version = max(m.Version, 3) // run.json is sealed from now on; bench.txt keeps its beginning
	m.State, m.End, m.Launches = Running, time.Time{}, len(run.Recorded)
	m.Sessions = append(m.Sessions, session)
	m.Unprofiled = nil // they are tried again
	if err := w.writeManifest(); err != nil {
		return Run{}, err
	}
	run.Manifest = *m
	return run, nil
}

// cut shortens a file durably, if it is longer.
func cut(file string, end int64) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && info.Size() > end {
		if err = f.Truncate(end); err == nil {
			err = f.Sync()
		}
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
