package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// loadPackage has the benchmark of an atomic load.
const loadPackage = "bitmap"

// A plan is what is to be measured.
type plan struct {
	folder string // of the binaries and records
	rounds int
	time   time.Duration
}

// A binary is a package's test binary.
type binary struct{ name, path string }

// measure makes the turns that the record lacks, and returns the record.
func (p plan) measure(ctx context.Context) (record, error) {
	binaries, sum, err := p.build(ctx)
	if err != nil {
		return record{}, err
	}
	file := filepath.Join(p.folder, sum, "record.txt")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return record{}, err
	}
	text, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return record{}, err
	}
	r, whole, err := read(text)
	if err != nil {
		return record{}, fmt.Errorf("%s: %w: remove it to begin anew", file, err)
	}
	journal, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return record{}, err
	}
	defer journal.Close()
	// What an interruption tore is cut off.
	if err := journal.Truncate(int64(whole)); err != nil {
		return record{}, err
	}
	if _, err := journal.Seek(0, io.SeekEnd); err != nil {
		return record{}, err
	}
	begin := time.Now()
	made := 0
	for round := range p.rounds {
		for _, b := range order(binaries, round) {
			if r.has(round, b.name) {
				continue
			}
			out, err := p.turn(ctx, binaries, b)
			if err != nil {
				return record{}, err
			}
			if _, err := journal.Write(block(turn{round: round, name: b.name, at: time.Now()}, out)); err != nil {
				return record{}, err
			}
			made++
			left := time.Duration(float64(time.Since(begin)) / float64(made) * float64(p.rounds*len(binaries)-len(r.turns)-made))
			fmt.Fprintf(os.Stderr, "round %d of %d: %s, %v left\n", round+1, p.rounds, b.name, left.Round(time.Second))
		}
	}
	if err := journal.Sync(); err != nil {
		return record{}, err
	}
	if text, err = os.ReadFile(file); err != nil {
		return record{}, err
	}
	r, _, err = read(text)
	r.rounds = p.rounds
	return r, err
}

// order shuffles the packages for a round. It depends on the round only, so that a run that
// goes on has the order that it would have had.
func order(binaries []binary, round int) []binary {
	shuffled := slices.Clone(binaries)
	r := rand.New(rand.NewPCG(uint64(round), 1))
	r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	return shuffled
}

// build builds the test binaries of all packages with benchmarks, and names their content.
func (p plan) build(ctx context.Context) (binaries []binary, sum string, err error) {
	tests, err := filepath.Glob("impls/*/bench_test.go")
	if err != nil {
		return nil, "", err
	}
	if len(tests) == 0 {
		return nil, "", errors.New("no package in impls has benchmarks: run this in the root of the repository")
	}
	hash := sha256.New()
	for _, t := range tests {
		dir := filepath.Dir(t)
		b := binary{name: filepath.Base(dir), path: filepath.Join(p.folder, filepath.Base(dir)+".test")}
		cmd := exec.CommandContext(ctx, "go", "test", "-c", "-buildvcs=false", "-o", b.path, "./"+filepath.ToSlash(dir))
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, "", cmp.Or(ctx.Err(), fmt.Errorf("go test -c ./%s: %w", dir, err))
		}
		content, err := os.ReadFile(b.path)
		if err != nil {
			return nil, "", err
		}
		hash.Write(content)
		binaries = append(binaries, b)
	}
	fmt.Fprint(hash, p.time)
	return binaries, fmt.Sprintf("%x", hash.Sum(nil))[:12], nil
}

// turn runs the atomic load and a package's benchmarks, one after the other.
func (p plan) turn(ctx context.Context, binaries []binary, b binary) ([]byte, error) {
	i := slices.IndexFunc(binaries, func(b binary) bool { return b.name == loadPackage })
	if i < 0 {
		return nil, fmt.Errorf("package %s, which has BenchmarkAtomicLoad, is missing", loadPackage)
	}
	load, err := p.bench(ctx, binaries[i], "-test.bench=^BenchmarkAtomicLoad$/^called$")
	if err != nil {
		return nil, err
	}
	own, err := p.bench(ctx, b, "-test.bench=.", "-test.skip=^BenchmarkAtomicLoad$")
	return slices.Concat(load, own), err
}

// bench runs benchmarks of a binary.
func (p plan) bench(ctx context.Context, b binary, args ...string) ([]byte, error) {
	path, err := filepath.Abs(b.path)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, append(args, "-test.run=^$", "-test.benchmem", "-test.benchtime="+p.time.String())...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, cmp.Or(ctx.Err(), fmt.Errorf("%s: %w: %s%s", b.name, err, &errs, &out))
	}
	return out.Bytes(), nil
}
