package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/idlebench/idlebench/record"
)

// The files of an audit, in the folder of its run.
const (
	File     = "audit.json"
	TextFile = "audit.txt"
)

// Version is the version of audit.json's form.
const Version = 1

// A Content is audit.json.
type Content struct {
	Version  int       `json:"version"`
	Design   Design    `json:"design"`
	Evidence *Evidence `json:"evidence"` // nil while the run goes on
}

// errOpen is of an audit that has no evidence yet.
var errOpen = errors.New("the audit has not come to an end: it has no evidence yet")

// Read returns the evidence in a result folder. If the folder has none, the error is
// fs.ErrNotExist.
func Read(dir string) (Evidence, error) {
	c, err := ReadContent(dir)
	if err != nil {
		return Evidence{}, err
	}
	if c.Evidence == nil {
		return Evidence{}, fmt.Errorf("%s: %w", filepath.Join(dir, File), errOpen)
	}
	return *c.Evidence, nil
}

// ReadContent reads audit.json of a result folder.
func ReadContent(dir string) (Content, error) {
	path := filepath.Join(dir, File)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Content{}, fmt.Errorf("%s has no audit: %w", dir, err)
	}
	if err != nil {
		return Content{}, err
	}
	var v struct{ Version int }
	if err := json.Unmarshal(data, &v); err != nil {
		return Content{}, fmt.Errorf("%s: %w", path, err)
	}
	if v.Version != Version {
		return Content{}, fmt.Errorf("%s: has version %d of its form; this program reads version %d", path, v.Version, Version)
	}
	var c Content
	if err := json.Unmarshal(data, &c); err != nil {
		return Content{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// Write replaces audit.json in a result folder.
func Write(dir string, d Design, e *Evidence) error {
	data, err := json.MarshalIndent(Content{Version, d, e}, "", "\t")
	if err != nil {
		return err
	}
	return replace(filepath.Join(dir, File), append(data, '\n'))
}

// WriteText replaces audit.txt.
func WriteText(dir, text string) error { return replace(filepath.Join(dir, TextFile), []byte(text)) }

// replace writes a file beside the old one first, so that there is always a whole
// one: without the design a run could not be evaluated.
func replace(path string, data []byte) error {
	tmp := path + ".tmp"
	err := os.WriteFile(tmp, data, 0o666)
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		_ = os.Remove(tmp)
	}
	return err
}

// Newest returns which of the folders has the audit that belongs to a run with this
// configuration, "" if none has. A whole audit goes before a selection, then the
// newest counts. Folders without an audit that can be read are passed over, and so
// are audits that were interrupted.
func Newest(folders []string, config []record.Pair) (folder string) {
	var best Evidence
	for _, f := range folders {
		e, err := Read(f)
		if err != nil || e.State.Partial() || e.Differs(config) != nil {
			continue
		}
		newer := e.Start.After(best.Start)
		if e.Whole != best.Whole {
			newer = e.Whole
		}
		if folder == "" || newer {
			folder, best = f, e
		}
	}
	return folder
}

// Copy copies audit.json from one folder to another.
func Copy(to, from string) error {
	data, err := os.ReadFile(filepath.Join(from, File))
	if err != nil {
		return err
	}
	return replace(filepath.Join(to, File), data)
}
