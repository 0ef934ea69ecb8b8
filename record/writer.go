package record

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/idlebench/idlebench/internal/replace"
)

// The files of a result folder.
const (
	BenchFile    = "bench.txt"
	ManifestFile = "run.json"
	LatencyDir   = "latency"  // of <cell's slug>.hlog
	ProfilesDir  = "profiles" // of package profile
	hlogExt      = ".hlog"
)

// errLocked is the error of a folder that another process writes to.
var errLocked = errors.New("another process is measuring into it: wait until that has ended")

// existing is the error for a folder that already exists, and names it.
type existing string

func (e existing) Error() string {
	return fmt.Sprintf("result folder %s exists already and is not overwritten: name another one, or move it away", string(e))
}

func (existing) Unwrap() error { return fs.ErrExist }

// A Header is what is known before the first launch.
type Header struct {
	Start   time.Time
	Plan    Plan
	Command string            // see Manifest
	Args    []string          // see Manifest
	Program string            // see Manifest
	Module  string            // see Manifest
	Config  []Pair            // how and where: the configuration lines of bench.txt
	Units   []Unit            // of every metric that will be appended
	Primary map[string]string // see Manifest

	Defaults map[string]map[string]string // see Manifest
}

// A Writer records a run in its folder. It must be used by one goroutine only. It locks
// the folder against other writers, where the system has such locks; the lock ends with
// the process.
type Writer struct {
	dir      string
	bench    *os.File
	manifest Manifest
	names    map[string]bool // of the plan's cells
	turns    turns
	now      func() time.Time
}

// Create makes the folder dir, with its parents, and writes what is known into it. It
// fails if dir exists in any form.
func Create(dir string, h Header) (*Writer, error) {
	if err := h.Plan.Validate(); err != nil {
		return nil, err
	}
	if err := checkPrimary(h.Primary, h.Units); err != nil {
		return nil, err
	}
	head, err := benchHeader(h.Config, h.Units, h.Primary)
	if err != nil {
		return nil, err
	}
	if err := mkdir(dir); errors.Is(err, fs.ErrExist) {
		return nil, existing(dir)
	} else if err != nil {
		return nil, fmt.Errorf("cannot create result folder %s: %w: choose another place, or make this one writable", dir, err)
	}
	start := h.Start.UTC()
	w := &Writer{
		dir: dir,
		manifest: Manifest{
			Version:  Version,
			State:    Running,
			Start:    start,
			Sessions: []Session{{State: Running, Start: start}},
			Failures: []Failure{},
			Command:  h.Command,
			Args:     h.Args,
			Program:  h.Program,
			Module:   h.Module,
			Config:   h.Config,
			Units:    h.Units,
			Primary:  h.Primary,
			Defaults: h.Defaults,
			Plan:     h.Plan,
		},
		names: h.Plan.names(),
		turns: turns{},
		now:   time.Now,
	}
	if err := w.begin(head); err != nil {
		_ = os.RemoveAll(dir) // the folder is this run's, and nothing was measured yet
		return nil, fmt.Errorf("result folder %s: %w", dir, err)
	}
	return w, nil
}

// mkdir makes the folder dir, which must not exist, and its parents, all of
// them durable.
func mkdir(dir string) error {
	parent := filepath.Dir(dir)
	if _, err := os.Stat(parent); errors.Is(err, fs.ErrNotExist) && parent != dir {
		if err := mkdir(parent); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	return replace.SyncDir(parent)
}

// begin writes what a run's folder contains before its first launch. The manifest comes
// last: a folder that has it is complete.
func (w *Writer) begin(head []byte) (err error) {
	if err := os.Mkdir(filepath.Join(w.dir, LatencyDir), 0o777); err != nil {
		return err
	}
	w.bench, err = os.OpenFile(filepath.Join(w.dir, BenchFile), os.O_CREATE|os.O_EXCL|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	if err = lock(w.bench); err == nil {
		err = appendRecord(w.bench, head)
	}
	if err == nil {
		err = w.writeManifest()
	}
	if err != nil {
		_ = w.bench.Close()
	}
	return err
}

// Tried returns how often the cell was launched in the round, and whether it is done
// there: one of the launches was valid, or failed.
func (w *Writer) Tried(cell Cell, round int) (attempts int, over bool) {
	t := w.turns[turn{cell.Name(), round}]
	return t.attempts, t.over
}

// Append records launches, such as those of a group, together. When it returns nil they
// are on disk. When it fails none of them is recorded, and the launches before them are
// intact; the error names the file. A machine that stops during Append may keep the first
// ones and lose the others.
func (w *Writer) Append(launches ...Launch) error {
	was := make(turns)
	for _, l := range launches {
		at := turn{l.Cell.Name(), l.Round}
		if _, seen := was[at]; !seen {
			was[at] = w.turns[at]
		}
	}
	if err := w.append(launches); err != nil {
		maps.Copy(w.turns, was)
		return fmt.Errorf("launch not recorded: %w", err)
	}
	w.manifest.Launches += len(launches)
	return nil
}

// append checks all launches before it writes any, and writes their benchmark lines last:
// these make a launch count.
func (w *Writer) append(launches []Launch) error {
	var bench []byte
	logs := make([][]byte, len(launches))
	for i, l := range launches {
		if err := l.validate(); err != nil {
			return err
		}
		if err := w.manifest.Plan.check(w.names, l.Cell, l.Round); err != nil {
			return err
		}
		if err := w.turns.check(l, false); err != nil {
			return err
		}
		w.turns.add(l)
		if l.Latency != nil {
			var err error
			if logs[i], err = hlogLine(l); err != nil {
				return err
			}
		}
		rec, err := benchRecord(l, w.manifest.Units, logs[i])
		if err != nil {
			return err
		}
		bench = append(bench, rec...)
	}
	for i, l := range launches {
		if logs[i] == nil {
			continue
		}
		if err := w.appendLatency(l.Cell, logs[i]); err != nil {
			return err
		}
	}
	return appendRecord(w.bench, bench)
}

// appendLatency opens the cell's log for the one line: a run may have more
// cells than a process may have files.
func (w *Writer) appendLatency(c Cell, rec []byte) error {
	f, err := os.OpenFile(logFile(w.dir, c), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && info.Size() == 0 {
		var head []byte
		head, err = hlogHeader(w.manifest.Start)
		rec = append(head, rec...)
	}
	if err == nil {
		err = appendRecord(f, rec)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil && info.Size() == 0 {
		err = replace.SyncDir(filepath.Dir(f.Name()))
	}
	return err
}

// Fail records that the next launch of the cell in the round produced no result, and
// why.
func (w *Writer) Fail(cell Cell, round int, cause error) error {
	if err := w.manifest.Plan.check(w.names, cell, round); err != nil {
		return err
	}
	attempt, _ := w.Tried(cell, round)
	w.manifest.Failures = append(w.manifest.Failures, Failure{cell, round, attempt, cause.Error()})
	w.turns.fail(cell, round)
	return w.writeManifest()
}

// FailProfile records that the launch for a profile of the cell failed, and why.
func (w *Writer) FailProfile(cell Cell, kind string, cause error) error {
	m := &w.manifest
	m.Unprofiled = slices.DeleteFunc(m.Unprofiled, func(u Unprofiled) bool { return u.Kind == kind && u.Cell.Name() == cell.Name() })
	m.Unprofiled = append(m.Unprofiled, Unprofiled{cell, kind, cause.Error()})
	return w.writeManifest()
}

// Close ends the run, or its session, in the state [Complete], [Decided] or
// [Interrupted]. It must be the last call.
func (w *Writer) Close(s State) error {
	m := &w.manifest
	last := &m.Sessions[len(m.Sessions)-1]
	m.State, last.State = s, s
	m.End = w.now().UTC()
	last.End = m.End
	err := w.writeManifest()
	if closed := w.bench.Close(); err == nil {
		err = closed
	}
	return err
}

// writeManifest replaces run.json durably.
func (w *Writer) writeManifest() error {
	data, err := seal(w.manifest)
	if err != nil {
		return fmt.Errorf("%s: %w", ManifestFile, err)
	}
	return replace.Durable(filepath.Join(w.dir, ManifestFile), data)
}

// An appender is the part of *os.File that appendRecord needs.
type appender interface {
	Stat() (fs.FileInfo, error)
	Write([]byte) (int, error)
	Sync() error
	Truncate(int64) error
}

// appendRecord adds rec to a file opened for appending, or leaves it as it was.
func appendRecord(f appender, rec []byte) error {
	before, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err = f.Write(rec); err == nil {
		err = f.Sync()
	}
	if err != nil {
		// If this fails too the last line is torn, which readers expect.
		_ = f.Truncate(before.Size())
	}
	return err
}
