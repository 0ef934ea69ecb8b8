package selftest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The files of a self-test, in the folder of its run.
const (
	EvidenceFile = "selftest.json"
	TextFile     = "selftest.txt"
)

// Version is the version of selftest.json's form.
const Version = 1

// A File is selftest.json.
type File struct {
	Version  int       `json:"version"`
	Design   Design    `json:"design"`
	Evidence *Evidence `json:"evidence"` // nil during the run
}

// Write replaces selftest.json in a result folder.
func Write(dir string, d Design, e *Evidence) error {
	data, err := json.MarshalIndent(File{Version, d, e}, "", "\t")
	if err != nil {
		return err
	}
	return replace(filepath.Join(dir, EvidenceFile), append(data, '\n'))
}

// WriteText replaces selftest.txt.
func WriteText(dir, text string) error {
	return replace(filepath.Join(dir, TextFile), []byte(text))
}

// replace writes a temporary file and renames it, so that there is always a complete
// file: without the design a run could not be evaluated.
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

// Read reads selftest.json of a result folder.
func Read(dir string) (File, error) {
	path := filepath.Join(dir, EvidenceFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return File{}, fmt.Errorf("%s is not the folder of a self-test: %w", dir, err)
	}
	if err != nil {
		return File{}, err
	}
	var v struct{ Version int }
	if err := json.Unmarshal(data, &v); err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	if v.Version != Version {
		return File{}, fmt.Errorf("%s: has version %d of its form; this program reads version %d", path, v.Version, Version)
	}
	var f File
	if err := json.Unmarshal(data, &f); err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}
