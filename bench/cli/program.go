package cli

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A program is the executable that measures. Launches start it anew, so it must
// stay the same for a whole run, over all its sessions.
type program struct {
	path string
	info fs.FileInfo
	sum  string // of its content
}

// thisProgram returns the one that runs.
func thisProgram() (*program, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return readProgram(path)
}

func readProgram(path string) (*program, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return nil, err
	}
	return &program{path, info, fmt.Sprintf("sha256:%x", hash.Sum(nil))}, nil
}

// check returns an error if there is another program in the place of this one.
func (p *program) check() error {
	info, err := os.Stat(p.path)
	if err == nil && os.SameFile(info, p.info) && info.Size() == p.info.Size() && info.ModTime().Equal(p.info.ModTime()) {
		return nil
	}
	now, err := readProgram(p.path)
	if err != nil {
		return fmt.Errorf("the program is gone while it measured: %w", err)
	}
	if now.sum != p.sum {
		return fmt.Errorf("%s was replaced by another program while it measured", p.path)
	}
	*p = *now
	return nil
}
