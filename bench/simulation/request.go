package simulation

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/simulated"
)

// Command is the subcommand of the program built with the tag simulate that simulates
// one cell.
const Command = "simulate-launch"

// A Request describes one launch.
type Request struct {
	Cell    record.Cell // perhaps on a varied machine
	Round   int
	Seed    uint64
	Machine string // path of its file
	Warmup  time.Duration
	Time    time.Duration // in the machine's time
	Window  int           // how many stretches of time the trace has; 0 for no trace
}

// A Result is what a launch brought.
type Result struct {
	Launch record.Launch
	Detail simulated.Detail
	Trace  *simulated.Trace
}

// Args returns the command line that makes the request, without the program.
func (r Request) Args() []string {
	return []string{
		Command,
		"-cell", r.Cell.Name(),
		"-round", fmt.Sprint(r.Round),
		"-seed", fmt.Sprint(r.Seed),
		"-machine", r.Machine,
		"-warmup", r.Warmup.String(),
		"-time", r.Time.String(),
		"-window", fmt.Sprint(r.Window),
	}
}

// Flags declares the flags of a request.
func (r *Request) Flags(flags *flag.FlagSet) {
	flags.Func("cell", "`name` of the cell, as in bench.txt, without Benchmark", func(s string) (err error) {
		r.Cell, err = record.ParseName(s)
		return err
	})
	flags.IntVar(&r.Round, "round", 0, "round that the launch belongs to")
	flags.Uint64Var(&r.Seed, "seed", 1, "seed of the machine, the host and the load")
	flags.StringVar(&r.Machine, "machine", "", "`name` of a preset, or path of a machine's file")
	flags.DurationVar(&r.Warmup, "warmup", Usual.Warmup, "`time` of operations before those that count, on the machine")
	flags.DurationVar(&r.Time, "time", Usual.Time, "`time` of operations that count, on the machine")
	flags.IntVar(&r.Window, "window", 0, "`number` of stretches of time in the trace")
}

// Usual are the times of a launch, in the machine's time.
var Usual = struct{ Warmup, Time time.Duration }{500 * time.Microsecond, 2 * time.Millisecond}

// Write writes the result as the parent reads it: a launch, as package record encodes
// it, and a line of JSON with the rest.
func (r Result) Write(w io.Writer) error {
	if err := record.EncodeLaunch(w, r.Launch); err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(rest{r.Detail, r.Trace})
}

type rest struct {
	Detail simulated.Detail
	Trace  *simulated.Trace
}

// exec carries out the request in a process of a program built with the tag simulate.
func (r Request) exec(ctx context.Context, program string) (Result, error) {
	cmd := exec.CommandContext(ctx, program, r.Args()...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1") // a simulation has one thread at a time; others would wait for the processes next to it
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil || launch.Signalled(err) {
			return Result{}, engine.ErrInterrupted // the signal may reach the child first
		}
		if said := strings.TrimSpace(stderr.String()); said != "" {
			return Result{}, fmt.Errorf("%s (%w)", said, err)
		}
		return Result{}, err
	}
	return read(&stdout)
}

// read is the inverse of Write.
func read(r io.Reader) (Result, error) {
	b := bufio.NewReader(r)
	line, err := b.ReadBytes('\n')
	if err != nil {
		return Result{}, errors.New("the launch's record is cut off")
	}
	l, err := record.DecodeLaunch(bytes.NewReader(line))
	if err != nil {
		return Result{}, err
	}
	var more rest
	if err := json.NewDecoder(b).Decode(&more); err != nil {
		return Result{}, fmt.Errorf("the launch's detail: %w", err)
	}
	return Result{l, more.Detail, more.Trace}, nil
}
