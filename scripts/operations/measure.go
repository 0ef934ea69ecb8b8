package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/scripts/gobench"
)

// loadPackage has the benchmark of an atomic load.
const loadPackage = "bitmap"

// A plan is what is to be measured.
type plan struct {
	folder string // of the binaries and records
	rounds int    // at most
	time   time.Duration
}

// looks returns the numbers of rounds after which the results are judged.
func (p plan) looks() []int {
	return slices.Compact([]int{(p.rounds + 1) / 2, (5*p.rounds + 6) / 7, p.rounds})
}

// A journal is the file of a record.
type journal struct {
	file *os.File
	record
}

// measure makes the turns that the record lacks, as far as they are needed, and returns
// the judged results.
func (p plan) measure(ctx context.Context) (judgement, error) {
	dirs, err := filepath.Glob("impls/*/bench_test.go")
	if err != nil {
		return judgement{}, err
	}
	if len(dirs) == 0 {
		return judgement{}, errors.New("no package in impls has benchmarks: run this in the root of the repository")
	}
	for i := range dirs {
		dirs[i] = filepath.Dir(dirs[i])
	}
	if err := os.MkdirAll(p.folder, 0o777); err != nil {
		return judgement{}, err
	}
	binaries, sum, err := gobench.Build(ctx, p.folder, dirs)
	if err != nil {
		return judgement{}, err
	}
	file := filepath.Join(p.folder, fmt.Sprintf("%x-%v-%d", sum[:6], p.time, p.rounds), "record.txt")
	j, err := openJournal(file)
	if err != nil {
		return judgement{}, err
	}
	defer j.file.Close()
	judged, err := newJudgement(p.looks())
	if err != nil {
		return judgement{}, err
	}
	from := 0
	for _, to := range p.looks() {
		for round := from; round < to; round++ {
			for _, b := range order(binaries, round) {
				ops := judged.open[b.Name]
				if from > 0 && len(ops) == 0 || j.has(round, b.Name) {
					continue
				}
				out, err := p.turn(ctx, binaries, b, ops)
				if err != nil {
					return judgement{}, err
				}
				if err := j.add(turn{round: round, name: b.Name, at: time.Now()}, out); err != nil {
					return judgement{}, err
				}
			}
			fmt.Fprintf(os.Stderr, "round %d of at most %d\n", round+1, p.rounds)
		}
		from = to
		if err := judged.look(j.until(to)); err != nil {
			return judgement{}, err
		}
		if len(judged.open) == 0 {
			break
		}
	}
	return judged, j.file.Sync()
}

// openJournal reads a record, if there is one, and makes it ready for more.
func openJournal(file string) (j *journal, err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	j = new(journal)
	whole := 0
	if j.record, whole, err = read(text); err != nil {
		return nil, fmt.Errorf("%s: %w: remove it to begin anew", file, err)
	}
	if j.file, err = os.OpenFile(file, os.O_CREATE|os.O_WRONLY, 0o666); err != nil {
		return nil, err
	}
	// What an interruption tore is cut off.
	if err = j.file.Truncate(int64(whole)); err == nil {
		_, err = j.file.Seek(0, io.SeekEnd)
	}
	if err != nil {
		_ = j.file.Close()
	}
	return j, err
}

// add records a turn.
func (j *journal) add(t turn, out []byte) error {
	b := block(t, out)
	if err := j.record.add(string(b)); err != nil {
		return err
	}
	_, err := j.file.Write(b)
	return err
}

// order shuffles the packages for a round. It depends on the round only, so that a run that
// goes on has the order that it would have had.
func order(binaries []gobench.Binary, round int) []gobench.Binary {
	shuffled := slices.Clone(binaries)
	r := rand.New(rand.NewPCG(uint64(round), 1))
	r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	return shuffled
}

// turn runs the atomic load and then a package's benchmarks: those of some operations, or
// all if ops is nil.
func (p plan) turn(ctx context.Context, binaries []gobench.Binary, b gobench.Binary, ops []string) ([]byte, error) {
	i := slices.IndexFunc(binaries, func(b gobench.Binary) bool { return b.Name == loadPackage })
	if i < 0 {
		return nil, fmt.Errorf("package %s, which has BenchmarkAtomicLoad, is missing", loadPackage)
	}
	load, err := binaries[i].Run(ctx, p.time, "-test.bench=^BenchmarkAtomicLoad$/^called$")
	if err != nil {
		return nil, err
	}
	which := "."
	if ops != nil {
		which = "^Benchmark(" + strings.Join(ops, "|") + ")$"
	}
	own, err := b.Run(ctx, p.time, "-test.bench="+which, "-test.skip=^BenchmarkAtomicLoad$")
	return slices.Concat(load, own), err
}
