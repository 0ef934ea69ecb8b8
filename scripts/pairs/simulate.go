package pairs

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/idlebench/idlebench/internal/replace"
)

// Simulate builds a program with the tag simulate, runs it with the number of seeds as its
// argument, and returns what it prints: a line of JSON for each simulation. The same program
// and seeds give the same results, so these are kept in the folder.
func Simulate[T any](ctx context.Context, folder, source string, seeds int) (all []T, err error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	program, err := filepath.Abs(filepath.Join(folder, "simulated"))
	if err != nil {
		return nil, err
	}
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-tags", "simulate", "-o", program, source)
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, cmp.Or(ctx.Err(), fmt.Errorf("go build -tags simulate %s: %w", source, err))
	}
	content, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	kept := filepath.Join(folder, fmt.Sprintf("simulated-%.6x-%d.jsonl", sha256.Sum256(content), seeds))
	if out, err := os.ReadFile(kept); err == nil {
		return decode[T](out)
	}
	cmd := exec.CommandContext(ctx, program, strconv.Itoa(seeds))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, cmp.Or(ctx.Err(), fmt.Errorf("%s: %w", program, err))
	}
	if all, err = decode[T](out); err != nil {
		return nil, err
	}
	return all, replace.File(kept, out)
}

// decode reads values of JSON, one after the other.
func decode[T any](out []byte) (all []T, err error) {
	lines := json.NewDecoder(bytes.NewReader(out))
	for {
		var one T
		switch err := lines.Decode(&one); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("simulated: %w", err)
		}
		all = append(all, one)
	}
}
