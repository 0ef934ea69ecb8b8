package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/loadgen/recording"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

// keepLoad copies the recorded load into the folder of the run, from where all launches
// read it: what a result was measured with stays with it, and the run can be resumed
// whatever becomes of the original.
func (s *Session) keepLoad(from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	s.request.Load = filepath.Join(s.Folder, record.LoadFile)
	return os.WriteFile(s.request.Load, data, 0o666)
}

// loadOf returns the catalogue with the recorded load of a run that is resumed, and the
// load's file; the catalogue itself and "" if the plan replays none. A launch checks that
// it is the load of its cell.
func loadOf(c catalog.Catalog, folder string, p record.Plan) (catalog.Catalog, string, error) {
	if !slices.ContainsFunc(p.Cells, func(c record.Cell) bool { return c.Workload == workload.RecordedName }) {
		return c, "", nil
	}
	file := filepath.Join(folder, record.LoadFile)
	r, err := recording.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return c, "", fmt.Errorf("%s: the run replays a recorded load, which is missing: copy it there, or begin another run", file)
	}
	if err != nil {
		return c, "", err
	}
	for _, cell := range p.Cells {
		if digest := param(cell, workload.DigestParam); cell.Workload == workload.RecordedName && digest != r.Digest() {
			return c, "", fmt.Errorf("%s: it is the load %s, and the run replays %s: copy that one there, or begin another run", file, r.Digest(), digest)
		}
	}
	return c.WithLoad(r), file, nil
}

// param returns the value of a cell's parameter, "" if it has none.
func param(c record.Cell, name string) string {
	for _, p := range c.Params {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}
