package cli

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/convert"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/recording"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

const recordText = `usage: bench record [flags] FILE

Makes a recorded load for "bench run -load" of what another program has written. FILE is
an execution trace of a Go program (runtime/trace, Go 1.22 or later), or a list of tasks
as CSV, whose first line names its columns:

  arrival_ns   when the task became ready to run
  service_ns   how long it kept a worker busy
  id           optional: its name in the column parent
  parent       optional: the id of the task that spawned it; empty if none did
  after_ns     optional: how long the parent had run then

Instead of _ns the names may end with _us, _ms or _s. Other columns are ignored.

The load has times, and which task spawned which: no names, arguments or stacks. At most
1,048,576 tasks in one hour fit into it.

  bench record -o orders.load trace.out
  bench run -load orders.load
`

func (a app) record(args []string) error {
	flags := flag.NewFlagSet("bench record", flag.ContinueOnError)
	var to string
	flags.StringVar(&to, "o", "", "`file` for the load, which must not exist (default FILE with the ending .load)")
	sorted := flags.Bool("sort", false, "sort a list of tasks by their arrival; without it a list that is not in order is an error")
	if err := command.Parse(flags, a.stdout, recordText, args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return command.Usagef("record: %d files: want one, an execution trace or a list of tasks", flags.NArg())
	}
	from := flags.Arg(0)
	if to == "" {
		to = strings.TrimSuffix(from, filepath.Ext(from)) + ".load"
	}
	load, err := converted(from, *sorted)
	if errors.Is(err, fs.ErrNotExist) {
		return command.Usage(err)
	}
	if err != nil {
		return err
	}
	if err := writeLoad(to, load); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s", describe(to, load))
	return nil
}

// converted reads another program's file.
func converted(file string, sorted bool) (*recording.Recording, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	begin, err := in.Peek(16)
	switch {
	case err != nil && err != io.EOF:
		return nil, err
	case bytes.HasPrefix(begin, []byte("idlebench-load ")):
		return nil, fmt.Errorf("%s is a recorded load already: \"%s run -load %[1]s\"", file, again())
	case convert.IsGoTrace(begin):
		return convert.GoTrace(file, in)
	}
	return convert.CSV(file, in, sorted)
}

// writeLoad writes a load to a new file. One that could not be written completely is
// removed.
func writeLoad(file string, load *recording.Recording) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return command.Usagef("record: %s exists already and is not overwritten: name another one (-o), or move it away", file)
	}
	if err != nil {
		return err
	}
	err = load.Write(f)
	if err = errors.Join(err, f.Close()); err != nil {
		err = errors.Join(err, os.Remove(file))
	}
	return err
}

// openLoad reads a recorded load. For what is none, it says how to make one.
func openLoad(file string) (*recording.Recording, error) {
	r, err := recording.Open(file)
	var e *recording.Error
	if errors.As(err, &e) && e.Line == 1 {
		e.Remedy = fmt.Sprintf("\"%s record %s\" makes one of an execution trace of Go or a list of tasks", again(), file)
	}
	return r, err
}

// describe says what is in a load.
func describe(file string, load *recording.Recording) string {
	var gaps, services []int64
	last := int64(-1)
	for _, t := range load.Tasks {
		services = append(services, t.Service)
		if t.Parent != recording.None {
			continue
		}
		if last >= 0 {
			gaps = append(gaps, t.At-last)
		}
		last = t.At
	}
	arrivals := load.Arrivals()
	return fmt.Sprintf("%s: load %s, from %s\n"+
		"  %d tasks in %v: %d arrive, %d are spawned by others\n"+
		"  between arrivals: %s\n"+
		"  service time:     %s\n"+
		"  it keeps %.3g workers busy on average\n",
		file, load.Digest(), load.Source, len(load.Tasks), load.Duration, arrivals, len(load.Tasks)-arrivals,
		spreadOf(gaps), spreadOf(services), load.Busy())
}

// spreadOf says how times are spread.
func spreadOf(times []int64) string {
	if len(times) == 0 {
		return "one only"
	}
	slices.Sort(times)
	at := func(q float64) time.Duration { return time.Duration(times[int(q*float64(len(times)-1))]) }
	return fmt.Sprintf("median %v, 10 %% below %v, 10 %% above %v, at most %v", at(0.5), at(0.1), at(0.9), at(1))
}

// carries says with which numbers of workers of a plan a load is too much, or nearly.
func carries(load *recording.Recording, p record.Plan) (notes []string) {
	var seen []int
	for _, c := range p.Cells {
		if c.Workload != workload.RecordedName || slices.Contains(seen, c.Workers) {
			continue
		}
		seen = append(seen, c.Workers)
		switch share := load.Busy() / float64(c.Workers); {
		case share >= 1:
			notes = append(notes, fmt.Sprintf("The load keeps %.3g workers busy on average, and a pool with workers=%d cannot carry it: "+
				"such launches are saturated, and their latencies are not judged. It takes more workers and CPUs, or a recording of a part of the load.", load.Busy(), c.Workers))
		case share >= 0.9:
			notes = append(notes, fmt.Sprintf("The load keeps workers=%d busy for %.0f %% of the time, so that what is measured is mostly its queue.", c.Workers, 100*share))
		}
	}
	if expected := load.Each(p.Time); expected < 100 {
		notes = append(notes, fmt.Sprintf("A launch has about %.0f tasks of the load: with fewer than 100, its quantiles are coarse; a longer -time has more.", expected))
	}
	return notes
}
