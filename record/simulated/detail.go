package simulated

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/record"
)

// The files of a simulated run.
const (
	MachineFile = "machine.toml"
	VariedDir   = "varied"
	Dir         = record.SimulatedDir
)

// The conditions of a launch that have the checksums of its detail and of its trace.
const (
	DetailKey = "detail"
	TraceKey  = "trace"
)

// A Detail is where the time went in one launch.
type Detail struct {
	Cell    string  `json:"cell"`
	Seed    uint64  `json:"seed,string"`
	From    int64   `json:"from_ps"` // when the measured operations began, in the machine's time
	To      int64   `json:"to_ps"`
	States  []State `json:"states"`
	Lines   []Line  `json:"lines"` // the dearest first; not all of them
	Threads int     `json:"threads"`
}

// A State is how long CPUs were in one state between From and To.
type State struct {
	Name      string `json:"name"`
	Workers   int64  `json:"workers_ps"`   // those of the workers, together
	Submitter int64  `json:"submitter_ps"` // the one of the thread that submits
}

// A Line is what the accesses to the lines of memory with one name cost.
type Line struct {
	Name      string `json:"name"` // fields, as in "bitmap.Idle.state"; empty for memory that no field refers to
	Lines     int    `json:"lines"`
	Accesses  int64  `json:"accesses"`
	Misses    int64  `json:"misses"`
	Waited    int64  `json:"waited_ps"`    // until the line was free
	Moved     int64  `json:"moved_ps"`     // on its way
	Searching int64  `json:"searching_ps"` // the part of both by workers that searched

	// Owners says who had the line and who waited. Programs older than this field did not
	// record it.
	Owners *Owners `json:"owners,omitempty"`
}

// Owners says who owned lines when others asked for them. For the rest of the misses no
// CPU did: some shared the line, or no cache had it.
type Owners struct {
	Submitter int64 `json:"submitter"`       // misses for which its CPU owned the line
	Workers   int64 `json:"workers"`         // misses for which a worker's did
	Waited    int64 `json:"by_submitter_ps"` // the part of Waited and Moved by the submitter
}

// Write writes what belongs to a launch, and returns the conditions that say so.
func Write(folder string, c record.Cell, d Detail, t *Trace) (conditions []record.Pair, err error) {
	if err := os.MkdirAll(filepath.Join(folder, Dir), 0o777); err != nil {
		return nil, err
	}
	write := func(key, name string, v any) error {
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		data = append(bytes.ReplaceAll(data, []byte("},{"), []byte("},\n{")), '\n') // for readers, and for git
		conditions = append(conditions, record.Pair{Key: key, Value: sum(data)})
		return replace.File(filepath.Join(folder, filepath.FromSlash(name)), data)
	}
	if err := write(DetailKey, detailName(c), d); err != nil {
		return nil, err
	}
	if t != nil {
		if err := write(TraceKey, TraceName(c), t); err != nil {
			return nil, err
		}
	}
	return conditions, nil
}

// ReadDetail reads the detail of a launch. A launch that has none is an error that wraps
// fs.ErrNotExist.
func ReadDetail(files *record.Files, l *record.Launch) (d Detail, err error) {
	return d, read(files, l, DetailKey, detailName(l.Cell), &d)
}

// ReadTrace reads the trace of a launch. A launch that has none is an error that wraps
// fs.ErrNotExist.
func ReadTrace(files *record.Files, l *record.Launch) (t Trace, err error) {
	return t, read(files, l, TraceKey, TraceName(l.Cell), &t)
}

func read(files *record.Files, l *record.Launch, key, name string, v any) error {
	want := l.Condition(key)
	if want == "" {
		return fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if sum(data) != want {
		return fmt.Errorf("%s: its content is not what the launch wrote: restore it from a copy", name)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func detailName(c record.Cell) string { return Dir + "/" + c.Slug() + ".json" }

// TraceName returns the file of a cell's trace in a result folder.
func TraceName(c record.Cell) string { return Dir + "/" + c.Slug() + ".trace.json" }

func sum(data []byte) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE(data)) }
