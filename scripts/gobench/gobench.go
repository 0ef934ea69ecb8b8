// Package gobench builds the test binaries of packages with benchmarks, and runs some of
// their benchmarks.
package gobench

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// A Binary is the test binary of a package.
type Binary struct {
	Name string // the last part of the package's path
	path string // absolute
}

// Build builds the test binaries of the packages in some directories into a folder, and
// returns a sum of their content.
func Build(ctx context.Context, folder string, dirs []string) (binaries []Binary, sum [sha256.Size]byte, err error) {
	hash := sha256.New()
	for _, dir := range dirs {
		b := Binary{Name: filepath.Base(dir)}
		if b.path, err = filepath.Abs(filepath.Join(folder, b.Name+".test")); err != nil {
			return nil, sum, err
		}
		cmd := exec.CommandContext(ctx, "go", "test", "-c", "-buildvcs=false", "-o", b.path, "./"+filepath.ToSlash(dir))
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, sum, cmp.Or(ctx.Err(), fmt.Errorf("go test -c ./%s: %w", dir, err))
		}
		content, err := os.ReadFile(b.path)
		if err != nil {
			return nil, sum, err
		}
		hash.Write(content)
		binaries = append(binaries, b)
	}
	hash.Sum(sum[:0])
	return binaries, sum, nil
}

// Run runs benchmarks, each for some time, and returns what they print. Args are further
// flags of the test binary, such as -test.bench.
func (b Binary) Run(ctx context.Context, each time.Duration, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, b.path, append(args, "-test.run=^$", "-test.benchmem", "-test.benchtime="+each.String())...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, cmp.Or(ctx.Err(), fmt.Errorf("%s: %w: %s%s", b.Name, err, &errs, &out))
	}
	return out.Bytes(), nil
}
