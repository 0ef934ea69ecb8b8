package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/record"
)

// A curve is one that others published, and the runs that simulate it.
type curve struct {
	id   string
	runs [][]string // arguments of "bench simulate"
}

// milan is the machine: the published curves are from servers with 32 cores and more that
// are not named, and this is a common one of that size.
const milan = "epyc-milan"

// theirs are those for which there are a machine, a design and a load.
var theirs = []curve{
	{"tokio-8483", [][]string{strings.Fields(
		"-machine " + milan + " -impl multithread -park futex -workload remote_spawn -workers 64 -param tasks=12800 -param host=tokio" +
			" -param producers=1 -param producers=2 -param producers=4 -param producers=8 -param producers=16 -param producers=32 -param producers=64" +
			" -warmup 1ms -time 20ms")}},
	{"tokio-5823", [][]string{
		tokioRun("-workload spawn_many_remote_idle,spawn_many_local"),
		tokioRun("-workload ping_pong,chained_spawn"),
		tokioRun("-workload yield_many -param yields=100"),
	}},
	{"dotnet-127484", [][]string{strings.Fields(
		"-machine " + milan + " -impl semaphore -park futex -workload mixed -param ratio=1 -workers 2,4,8,16,32,64")}},
}

func tokioRun(more string) []string {
	return strings.Fields("-machine " + milan + " -impl bitmap,multithread -park futex -param host=tokio -workers 2,4,8,12,16,24,32,64 " + more)
}

// data is what was simulated of each curve.
type data map[string][]point

// A point is the time of an operation in one cell, and its wakes/task, for each seed.
type point struct {
	Cell  record.Cell `json:"cell"`
	Unit  string      `json:"unit"`
	Y     []float64   `json:"y"`
	Wakes []float64   `json:"wakes"`
}

// simulateAll simulates all curves.
func simulateAll(ctx context.Context) (data, error) {
	all := data{}
	for _, c := range theirs {
		for _, args := range c.runs {
			run, err := simulated(ctx, c.id, args)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.id, err)
			}
			points, err := pointsOf(run)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.id, err)
			}
			all[c.id] = append(all[c.id], points...)
		}
	}
	return all, nil
}

// simulated carries out a run, or what is left of it.
func simulated(ctx context.Context, id string, args []string) (record.Run, error) {
	program, err := os.ReadFile("bin/simulate")
	if err != nil {
		return record.Run{}, fmt.Errorf("%w: \"make bin/bench bin/simulate\" builds it", err)
	}
	sum := sha256.Sum256(append([]byte(strings.Join(args, " ")), program...))
	folder := filepath.Join(folderOfCurves, fmt.Sprintf("%s-%.6x", id, sum))
	how := slices.Concat([]string{"simulate", "-o", folder}, args)
	if _, err := os.Stat(folder); err == nil {
		how = []string{"simulate", "-resume", folder}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return record.Run{}, err
	}
	cmd := exec.CommandContext(ctx, "bin/bench", how...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return record.Run{}, fmt.Errorf("bin/bench %s: %w", strings.Join(how, " "), err)
	}
	return record.Read(folder)
}

// pointsOf returns the cells of a run in the unit in which they are judged.
func pointsOf(run record.Run) (points []point, err error) {
	for _, c := range run.Plan.Cells {
		p := point{Cell: c, Unit: run.Primary[c.Workload]}
		for _, l := range run.Recorded {
			if l.Cell.Name() != c.Name() {
				continue
			}
			for _, m := range l.Metrics {
				switch m.Unit {
				case p.Unit:
					p.Y = append(p.Y, m.Value)
				case "wakes/task":
					p.Wakes = append(p.Wakes, m.Value)
				}
			}
		}
		if len(p.Y) != run.Plan.Rounds || len(p.Wakes) != run.Plan.Rounds {
			return nil, fmt.Errorf("%s has %d and %d values for %d seeds", c.Name(), len(p.Y), len(p.Wakes), run.Plan.Rounds)
		}
		points = append(points, p)
	}
	return points, nil
}

func (d data) write(file string) error {
	out, err := json.MarshalIndent(d, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return replace.File(file, append(out, '\n'))
}

// readData reads what write wrote.
func readData(file string) (d data, err error) {
	in, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(in, &d); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return d, nil
}
