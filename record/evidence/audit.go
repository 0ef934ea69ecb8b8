package evidence

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/record"
)

// errOpen is the error of an audit that has no evidence yet.
var errOpen = errors.New("the audit has not finished: it has no evidence yet")

// ReadAudit returns the evidence of the audit in a result folder. If the folder has
// none, the error is fs.ErrNotExist.
func ReadAudit(dir string) (Evidence, error) {
	doc, err := Read[Design, Evidence](Audit, dir)
	if err != nil {
		return Evidence{}, err
	}
	if doc.Evidence == nil {
		return Evidence{}, fmt.Errorf("%s: %w", filepath.Join(dir, Audit.File), errOpen)
	}
	return *doc.Evidence, nil
}

// Newest returns the folder whose audit belongs to a run with this configuration, "" if
// none does. A whole audit takes precedence over a selection, then the newest counts.
// Folders without a readable audit are skipped, and so are interrupted audits.
func Newest(folders []string, config []record.Pair) (folder string) {
	var best Evidence
	for _, f := range folders {
		e, err := ReadAudit(f)
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
	data, err := os.ReadFile(filepath.Join(from, Audit.File))
	if err != nil {
		return err
	}
	return replace.File(filepath.Join(to, Audit.File), data)
}
