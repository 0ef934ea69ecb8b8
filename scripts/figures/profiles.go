package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/google/pprof/profile"
)

// relative removes the paths of this machine from the profiles of a folder: they say
// nothing about the run, and would differ on the next machine.
func relative(folder string) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	out, err := exec.Command("go", "env", "GOROOT", "GOMODCACHE").Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	prefixes := []string{root + "/"}
	for i, dir := range strings.Fields(string(out)) {
		if i == 0 {
			dir += "/src"
		}
		prefixes = append(prefixes, dir+"/")
	}
	files, err := filepath.Glob(filepath.Join(folder, "profiles", "*.pb.gz"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := relativeFile(file, prefixes); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

func relativeFile(file string, prefixes []string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	p, err := profile.ParseData(data)
	if err != nil {
		return err
	}
	short := func(path string) string {
		for _, prefix := range prefixes {
			if rest, ok := strings.CutPrefix(path, prefix); ok {
				return rest
			}
		}
		return path
	}
	changed := false
	shorten := func(path *string) {
		if s := short(*path); s != *path {
			*path, changed = s, true
		}
	}
	for _, f := range p.Function {
		shorten(&f.Filename)
	}
	for _, m := range p.Mapping {
		shorten(&m.File)
	}
	if !changed {
		return nil // done before
	}
	var out bytes.Buffer
	if err := p.Write(&out); err != nil {
		return err
	}
	return os.WriteFile(file, out.Bytes(), 0o666)
}
