package engine

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A Program is an executable that measures. Each launch starts it, so it must stay the
// same for a whole run, over all its sessions.
type Program struct {
	Path string
	Sum  string // identifies its content

	self bool // it is the one that is running
	info fs.FileInfo
}

// Self returns the program that is running.
func Self() (*Program, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p, err := OpenProgram(path)
	if err != nil {
		return nil, err
	}
	p.self = true
	return p, nil
}

// OpenProgram returns the program in a file.
func OpenProgram(path string) (*Program, error) {
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
	return &Program{Path: path, Sum: fmt.Sprintf("sha256:%x", hash.Sum(nil)), info: info}, nil
}

// check returns a *ReplacedError if the file no longer has the same content.
func (p *Program) check() error {
	info, err := os.Stat(p.Path)
	if err == nil && os.SameFile(info, p.info) && info.Size() == p.info.Size() && info.ModTime().Equal(p.info.ModTime()) {
		return nil
	}
	now, err := OpenProgram(p.Path)
	if err != nil {
		return &ReplacedError{p.Path, err}
	}
	if now.Sum != p.Sum {
		return &ReplacedError{p.Path, nil}
	}
	p.info = now.info // rebuilt, or copied back: the same content in a new file
	return nil
}
