package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/scripts/claims/published"
	"github.com/idlebench/idlebench/scripts/gobench"
)

// An opsRound is what one round of a claim about operations measured, in ns/op.
type opsRound struct {
	New float64 `json:"new"`
	Old float64 `json:"old"`
}

// An opsRecord has the rounds of each claim by its ID. The file is replaced as a whole, so
// an interruption loses one round at most.
type opsRecord struct {
	Binaries string                `json:"binaries"` // a sum of their content
	Rounds   map[string][]opsRound `json:"rounds"`
}

// measureOperations measures the operations of all claims, or what is left of them.
func (m measurement) measureOperations(ctx context.Context, claims []published.Claim) (opsRecord, error) {
	var dirs []string
	tests := map[string]published.Operations{}
	var ids []string
	for _, c := range claims {
		test, ok := c.Test.(published.Operations)
		if !ok || m.cpus < c.MinCPUs {
			continue
		}
		ids, tests[c.ID] = append(ids, c.ID), test
		for _, o := range []published.Operation{test.New, test.Old} {
			if dir := filepath.Join("impls", o.Package); !slices.Contains(dirs, dir) {
				dirs = append(dirs, dir)
			}
		}
	}
	binaries, sum, err := gobench.Build(ctx, m.folder, dirs)
	if err != nil {
		return opsRecord{}, err
	}
	file := filepath.Join(m.folder, "operations.json")
	r, err := readOps(file, fmt.Sprintf("%x %v", sum, m.benchtime))
	if err != nil {
		return opsRecord{}, err
	}
	for round := range m.rounds {
		for _, i := range rand.Perm(len(ids)) {
			id := ids[i]
			if len(r.Rounds[id]) > round {
				continue
			}
			result, err := m.opsRound(ctx, binaries, tests[id])
			if err != nil {
				return opsRecord{}, fmt.Errorf("claim %s: %w", id, err)
			}
			r.Rounds[id] = append(r.Rounds[id], result)
			if err := r.write(file); err != nil {
				return opsRecord{}, err
			}
		}
	}
	m.progress("operations: %d claims in %d rounds", len(ids), m.rounds)
	return r, nil
}

// opsRound measures both operations of a test, one after the other, in random order.
func (m measurement) opsRound(ctx context.Context, binaries []gobench.Binary, test published.Operations) (r opsRound, err error) {
	sides := []struct {
		operation published.Operation
		to        *float64
	}{{test.New, &r.New}, {test.Old, &r.Old}}
	for _, i := range rand.Perm(len(sides)) {
		o := sides[i].operation
		b := binaries[slices.IndexFunc(binaries, func(b gobench.Binary) bool { return b.Name == o.Package })]
		out, err := b.Run(ctx, m.benchtime, "-test.bench="+pattern(o.Benchmark))
		if err != nil {
			return r, err
		}
		if *sides[i].to, err = nsPerOp(out); err != nil {
			return r, fmt.Errorf("%s of %s: %w", o.Benchmark, o.Package, err)
		}
	}
	return r, nil
}

// pattern matches one benchmark only.
func pattern(name string) string {
	parts := strings.Split("Benchmark"+name, "/")
	for i := range parts {
		parts[i] = "^" + parts[i] + "$"
	}
	return strings.Join(parts, "/")
}

// nsPerOp returns the time of the only benchmark in what a test binary printed.
func nsPerOp(out []byte) (ns float64, err error) {
	lines := benchfmt.NewReader(strings.NewReader(string(out)), "output")
	n := 0
	for lines.Scan() {
		if line, ok := lines.Result().(*benchfmt.Result); ok {
			n++
			sec, _ := line.Value("sec/op")
			ns = 1e9 * sec
		}
	}
	if n != 1 || !(ns > 0) {
		return 0, fmt.Errorf("%d results, want one with a time:\n%s", n, out)
	}
	return ns, lines.Err()
}

// readOps reads a record of the same binaries; there may be none yet.
func readOps(file, binaries string) (r opsRecord, err error) {
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && r.Binaries != binaries:
		return opsRecord{Binaries: binaries, Rounds: map[string][]opsRound{}}, nil
	case err != nil:
		return r, fmt.Errorf("%s: %w: remove it to begin anew", file, err)
	}
	return r, nil
}

func (r opsRecord) write(file string) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return replace.File(file, text)
}
