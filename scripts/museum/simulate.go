package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/scripts/museum/exhibits"
)

// simulate runs the simulations of the exhibits, in a program of another build. The same
// program and seeds give the same results, so these are kept in the folder.
func simulate(ctx context.Context, folder string, seeds int) ([]exhibits.Simulated, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	program, err := filepath.Abs(filepath.Join(folder, "simulated"))
	if err != nil {
		return nil, err
	}
	if err := run(ctx, ".", nil, "go", "build", "-buildvcs=false", "-tags", "simulate", "-o", program, "./scripts/museum/simulated"); err != nil {
		return nil, err
	}
	content, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	kept := filepath.Join(folder, fmt.Sprintf("simulated-%.6x-%d.jsonl", sha256.Sum256(content), seeds))
	if out, err := os.ReadFile(kept); err == nil {
		return readSimulated(out)
	}
	if err := run(ctx, ".", nil, program, strconv.Itoa(seeds), kept+".new"); err != nil {
		return nil, err
	}
	out, err := os.ReadFile(kept + ".new")
	if err != nil {
		return nil, err
	}
	all, err := readSimulated(out)
	if err != nil {
		return nil, err
	}
	return all, errors.Join(replace.File(kept, out), os.Remove(kept+".new"))
}

// readSimulated reads what the program wrote, a line of JSON for each simulation.
func readSimulated(out []byte) (all []exhibits.Simulated, err error) {
	lines := json.NewDecoder(bytes.NewReader(out))
	for {
		var s exhibits.Simulated
		switch err := lines.Decode(&s); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("simulated: %w", err)
		}
		all = append(all, s)
	}
}
