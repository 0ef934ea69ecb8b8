package annotate

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Write writes files to a folder, and for go build -overlay the file overlay.json,
// whose name it returns. What else an earlier call has written there is removed.
func Write(dir string, files []File) (overlay string, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	root, err := os.Getwd()
	if err != nil {
		return "", err
	}
	sources := filepath.Join(dir, "source")
	if err := os.RemoveAll(sources); err != nil {
		return "", err
	}
	replace := make(map[string]string)
	for _, f := range files {
		name, err := filepath.Rel(root, f.Name)
		if err != nil {
			return "", err
		}
		name = strings.ReplaceAll(filepath.ToSlash(name), "..", "_")
		to := filepath.Join(sources, name+".txt") // not .go, or the folder would be a package
		replace[f.Name] = to
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o777), os.WriteFile(to, f.Source, 0o666)); err != nil {
			return "", err
		}
	}
	text, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t") // sorted
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, append(text, '\n'), 0o666)
}
