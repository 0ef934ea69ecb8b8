package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/record"
)

// A Document is the JSON file of an audit or a self-test in the folder of its run: the
// design, complete before the run begins, and the findings, nil while the run goes on.
type Document[D, E any] struct {
	Version  int `json:"version"`
	Design   D   `json:"design"`
	Evidence *E  `json:"evidence"`
}

// A Form is one of the two kinds of document.
type Form struct {
	File    string // the name of the JSON file
	Text    string // the name of the file with the same content for people
	Version int    // of the JSON file's format
	missing string // the message for a folder without one
}

// The forms.
var (
	Audit    = Form{"audit.json", "audit.txt", 1, "has no audit"}
	Selftest = Form{"selftest.json", "selftest.txt", 1, "is not the folder of a self-test"}
)

// Read reads the document of a form in a result folder. If the folder has none, the
// error is fs.ErrNotExist; if it is malformed, the error is a [record.Loss].
func Read[D, E any](f Form, dir string) (doc Document[D, E], err error) {
	path := filepath.Join(dir, f.File)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return doc, fmt.Errorf("%s %s: %w", dir, f.missing, err)
	}
	if err != nil {
		return doc, err
	}
	// The version first: another format may not even decode.
	var v struct{ Version int }
	err = json.Unmarshal(data, &v)
	if err == nil && v.Version != f.Version {
		err = fmt.Errorf("has version %d of its form; this program reads version %d", v.Version, f.Version)
	}
	if err == nil {
		err = json.Unmarshal(data, &doc)
	}
	if err != nil {
		return Document[D, E]{}, record.Loss{File: path, What: "the document", Err: err}
	}
	return doc, nil
}

// Write replaces the document of a form in a result folder.
func Write[D, E any](f Form, dir string, design D, found *E) error {
	data, err := json.MarshalIndent(Document[D, E]{f.Version, design, found}, "", "\t")
	if err != nil {
		return err
	}
	return replace.File(filepath.Join(dir, f.File), append(data, '\n'))
}

// WriteText replaces the text of a form in a result folder.
func (f Form) WriteText(dir, text string) error {
	return replace.File(filepath.Join(dir, f.Text), []byte(text))
}
