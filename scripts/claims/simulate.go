package main

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
	"github.com/idlebench/idlebench/scripts/claims/published"
)

// simulate runs the simulations, in a program of their own since they are another build.
// The same program and seeds give the same results, so these are kept.
func (m measurement) simulate(ctx context.Context) (all []published.Simulated, err error) {
	program, err := filepath.Abs(filepath.Join(m.folder, "simulated"))
	if err != nil {
		return nil, err
	}
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-tags", "simulate", "-o", program, "./scripts/claims/simulated")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, cmp.Or(ctx.Err(), fmt.Errorf("go build -tags simulate: %w", err))
	}
	content, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	kept := filepath.Join(m.folder, fmt.Sprintf("simulated-%.6x-%d.jsonl", sha256.Sum256(content), m.seeds))
	if out, err := os.ReadFile(kept); err == nil {
		return readSimulated(out)
	}
	m.progress("simulations")
	cmd := exec.CommandContext(ctx, program, strconv.Itoa(m.seeds))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, cmp.Or(ctx.Err(), fmt.Errorf("%s: %w", program, err))
	}
	if all, err = readSimulated(out); err != nil {
		return nil, err
	}
	return all, replace.File(kept, out)
}

// readSimulated reads what the program printed, a line of JSON for each simulation.
func readSimulated(out []byte) (all []published.Simulated, err error) {
	lines := json.NewDecoder(bytes.NewReader(out))
	for {
		var s published.Simulated
		switch err := lines.Decode(&s); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("simulated: %w", err)
		}
		all = append(all, s)
	}
}
