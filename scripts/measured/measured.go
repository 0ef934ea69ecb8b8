// Package measured makes sure that a result folder has a whole run of bin/bench, for
// pages that are written from runs with fixed flags.
package measured

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
)

// Folder starts "bench run" with the flags if there is no folder, and goes on if its run is
// not complete. It reports whether it measured anything; to measure a complete run again,
// remove the folder.
func Folder(dir string, flags []string) (fresh bool, err error) {
	m, err := record.ReadManifest(dir)
	args := slices.Concat([]string{"run", "-o", dir}, flags)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return false, err
	case m.State.Partial():
		args = []string{"run", "-resume", dir}
	default:
		return false, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return false, err
	}
	cmd := exec.Command("bin/bench", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return false, fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	return true, nil
}

// Whole is an error if the run of a folder is not complete.
func Whole(dir string) error {
	m, err := record.ReadManifest(dir)
	if err != nil {
		return err
	}
	if m.State.Partial() {
		return fmt.Errorf("%s is not complete: it is %s; without -judge it goes on", dir, m.State)
	}
	return nil
}
