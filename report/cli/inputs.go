package cli

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/internal/nearest"
	"github.com/idlebench/idlebench/report/source"
)

// anyExists returns a usage error if none of the named files and folders exists. If some
// do, a report of these says which others do not.
func anyExists(names []string) error {
	for _, name := range names {
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if _, path, labelled := strings.Cut(name, "="); name == source.Stdin || labelled && anyExists([]string{path}) == nil {
			return nil
		}
	}
	first := names[0]
	if meant := nearest.To(first, []string{"compare", "trend", "fleet"}); meant != "" && len(names) > 1 {
		return command.Usagef("%s: there is no such file or folder; did you mean \"report %s\"?", first, meant)
	}
	return command.Usagef("%s: there is no such file or folder: look for a typing error", first)
}

// sameFolder reports whether two names are of one folder.
func sameFolder(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}
