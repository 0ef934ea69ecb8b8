package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/workload"
)

func main() {
	name := filepath.Base(os.Args[0])
	l, ok := libraries[name]
	if !ok {
		fmt.Fprintf(os.Stderr, "%s is no peer: the program is started by the name of one\n", name)
		os.Exit(2)
	}
	if err := serve(name, l, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// can returns the workloads that a peer has.
func (l library) can() []string {
	all := []string{"wake", "poisson", "burst", "trickle", "idle", "spawn_many_local", "spawn_many_remote_idle", "remote_spawn"}
	if l.nested {
		all = append(all, "spawn_many_remote_busy1", "spawn_many_remote_busy2", "fork_join", "skynet", "ping_pong", "yield_many", "chained_spawn")
	}
	return all
}

// version returns that of the library, or of Go.
func (l library) version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == l.module {
				return m.Version
			}
		}
	}
	return runtime.Version()
}

// serve speaks the protocol.
func serve(name string, l library, from io.Reader, to io.Writer) error {
	build := runtime.Version() + "," + runtime.GOARCH
	if l.note != "" {
		build += "," + l.note
	}
	fmt.Fprintf(to, "hello protocol=1 peer=%s version=%s build=%s config=default held=no can=%s\n",
		name, l.version(), build, strings.Join(l.can(), ","))
	in := bufio.NewReaderSize(from, 1<<16)
	var d *driver
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		word, fields := parse(line)
		switch word {
		case "cell":
			if d, err = newDriver(l, fields); err != nil {
				fmt.Fprintf(to, "no %v\n", err)
				d = nil
				continue
			}
			fmt.Fprintln(to, "ready")
		case "run":
			if d == nil {
				return errors.New("a run without a cell")
			}
			answer, err := d.run(fields)
			if err != nil {
				return err
			}
			if _, err := to.Write(answer); err != nil {
				return err
			}
		case "end":
			return nil
		}
	}
}

// parse reads a line of the protocol.
func parse(line string) (word string, fields map[string]string) {
	fields = make(map[string]string)
	for i, field := range strings.Fields(line) {
		if i == 0 {
			word = field
			continue
		}
		name, value, _ := strings.Cut(field, "=")
		fields[name] = value
	}
	return word, fields
}

// maxWorkers is the number of tasks that may be running at once, including those whose thread
// was preempted. It bounds worker.id.
const maxWorkers = 1 << 16

// A driver measures a cell.
type driver struct {
	name   string
	values workload.Values
	load   workload.Load
	g      *workload.Generator
	steps  chan func() // for the generator's goroutine, if it has a thread of its own
	lag    *latency.Recorder
}

// parameters turns the fields of a cell into parameters of the workload as users write them.
func parameters(w workload.Workload, fields map[string]string) map[string]string {
	given := make(map[string]string)
	for _, p := range w.Params {
		if text, ok := fields[p.Name]; ok {
			given[p.Name] = text
			if _, err := p.Parse(text); err != nil {
				given[p.Name] = text + "ns" // a time
			}
		}
	}
	return given
}

func newDriver(l library, fields map[string]string) (*driver, error) {
	name := fields["workload"]
	if !slices.Contains(l.can(), name) {
		return nil, fmt.Errorf("it does not have the workload %s", name)
	}
	w, ok := workload.Find(workload.All(), name)
	if !ok {
		return nil, fmt.Errorf("there is no workload %s", name)
	}
	workers, err := strconv.Atoi(fields["workers"])
	if err != nil {
		return nil, err
	}
	d := &driver{name: name, lag: latency.NewRecorder()}
	if d.values, err = w.Values(parameters(w, fields)); err != nil {
		return nil, err
	}
	cpus, err := cpu.Parse(fields["cpus"])
	if err != nil {
		return nil, err
	}
	generators, err := cpu.Parse(fields["generators"])
	if err != nil {
		return nil, err
	}
	submitters := 1 + strings.Count(fields["generators"], ",") // which may share a CPU
	how := w.How(d.values)
	rest := cpus
	if how.Goroutine() {
		rest = cpu.SetOf(slices.Concat(cpus, generators)...)
	}
	runtime.GOMAXPROCS(min(workers+submitters, len(cpu.SetOf(slices.Concat(cpus, generators)...))))
	if _, err := cpu.Confine(rest); err != nil {
		return nil, err
	}
	submit, err := l.start(workers)
	if err != nil {
		return nil, err
	}
	d.load = w.New(d.values)
	d.g = &workload.Generator{
		Pool: newTasks(submit, l.module == ""), Now: latency.Now, Workers: workers, How: how,
		Recorders: make([]*latency.Recorder, maxWorkers+1),
		Sleep:     cpu.Sleep, Pause: func() {},
		Pin: func(i int) error { return cpu.PinThread(generators[i%len(generators)]) },
	}
	if cpus.Intersects(generators) || len(generators) < submitters {
		d.g.Pause, d.g.Shares = cpu.Yield, true
	}
	d.g.Wait, d.g.Wake = waiting(d.g)
	if !how.Goroutine() {
		d.steps = make(chan func())
		pinned := make(chan error)
		go func() {
			runtime.LockOSThread()
			pinned <- cpu.PinThread(generators[0])
			for step := range d.steps {
				step()
			}
		}()
		if err := <-pinned; err != nil {
			return nil, err
		}
	}
	return d, nil
}

// waiting returns how the generator waits for what it has submitted, and how it is woken.
func waiting(g *workload.Generator) (wait, wake func()) {
	switch g.How {
	case workload.Spin:
		var done atomic.Bool
		look := func() bool { return done.Load() }
		return func() { g.Spin(look); done.Store(false) }, func() { done.Store(true) }
	case workload.Thread:
		if futex, ok := park.Find(park.Kinds(), "futex"); ok && futex.Missing == "" {
			parker := futex.New()
			return parker.Park, parker.Unpark
		}
	}
	done := park.NewChan()
	return done.Park, done.Unpark
}

// run carries out a run on the generator's goroutine, and returns the answer.
func (d *driver) run(fields map[string]string) (answer []byte, err error) {
	ns, err := strconv.ParseInt(fields["ns"], 10, 64)
	if err != nil {
		return nil, err
	}
	arrivals, err := parseArrivals(fields["arrivals"])
	if err != nil {
		return nil, err
	}
	for _, r := range d.g.Recorders {
		if r != nil {
			r.Reset()
		}
	}
	d.lag.Reset()
	var r result
	step := func() { r, err = d.measure(time.Duration(ns), arrivals) }
	if d.steps == nil {
		step()
	} else {
		done := make(chan struct{})
		d.steps <- func() { step(); close(done) }
		<-done
	}
	if err != nil {
		return nil, err
	}
	return d.answer(r), nil
}

// A result is what a run did.
type result struct {
	ops, tasks, units, unfinished int64
	took, busy, waited            int64
}

func (d *driver) measure(length time.Duration, arrivals []workload.Arrival) (r result, err error) {
	burnt := d.g.Burnt()
	start := d.g.Now()
	if arrivals != nil {
		r, err = d.arrive(start, length, arrivals)
	} else {
		var totals workload.Totals
		totals, err = d.load.Run(d.g, length)
		r = result{ops: totals.Ops, tasks: totals.Tasks, units: d.units(totals), busy: int64(totals.Time)}
		for _, lag := range totals.Lag {
			d.lag.Add(lag)
		}
	}
	r.took, r.waited = d.g.Now()-start, d.g.Burnt()-burnt
	return r, err
}

// units is the work of some operations. The loads check the results of each themselves.
func (d *driver) units(t workload.Totals) int64 {
	switch d.name {
	case "fork_join":
		a, b := int64(0), int64(1)
		for range d.values.Int("n") {
			a, b = b, a+b
		}
		return t.Ops * a
	case "skynet":
		leaves := int64(1)
		for range d.values.Int("depth") {
			leaves *= 10
		}
		return t.Ops * (leaves * (leaves - 1) / 2)
	}
	return t.Tasks
}

// An arrivedTask is a task of an open loop. It keeps its worker busy for its service time.
type arrivedTask struct {
	g       *workload.Generator
	since   int64
	service int64
	left    *atomic.Int64
}

func (t *arrivedTask) Run(w host.Worker) {
	begin := t.g.Now()
	t.g.Record(w, begin-t.since)
	for t.g.Now()-begin < t.service {
	}
	t.left.Add(-1)
}

// arrive submits tasks when they arrive, and waits until all have run.
func (d *driver) arrive(start int64, length time.Duration, arrivals []workload.Arrival) (r result, err error) {
	var left atomic.Int64
	left.Store(int64(len(arrivals)))
	all := make([]arrivedTask, len(arrivals))
	together := d.values["submit"] == 0 // all of a burst in one call
	var batch []host.Task
	for i, a := range arrivals {
		t := &all[i]
		*t = arrivedTask{d.g, start + a.At, a.Service, &left}
		r.units += max(a.Service, 1)
		batch = append(batch, t)
		if together && i+1 < len(arrivals) && arrivals[i+1].At == a.At {
			continue
		}
		now := d.g.Until(start + a.At)
		d.lag.Record(now - start - a.At)
		if d.name == "trickle" {
			t.since = now
		}
		if len(batch) == 1 {
			err = d.g.Submit(now, t)
		} else {
			err = d.g.Pool.SubmitAll(batch)
		}
		if err != nil {
			return r, err
		}
		batch = batch[:0]
		if d.g.How == workload.Block {
			runtime.Gosched() // as one of many goroutines that block after each task
		}
	}
	d.g.Until(start + int64(length))
	r.unfinished = left.Load()
	for left.Load() > 0 {
		time.Sleep(10 * time.Microsecond)
	}
	r.ops, r.tasks = int64(len(arrivals)), int64(len(arrivals))
	return r, nil
}

func parseArrivals(text string) (all []workload.Arrival, err error) {
	if text == "" {
		return nil, nil
	}
	for item := range strings.SplitSeq(text, ",") {
		at, service, _ := strings.Cut(item, ":")
		var a workload.Arrival
		if a.At, err = strconv.ParseInt(at, 10, 64); err == nil {
			a.Service, err = strconv.ParseInt(service, 10, 64)
		}
		if err != nil {
			return nil, fmt.Errorf("arrival %q: %w", item, err)
		}
		all = append(all, a)
	}
	return all, nil
}

func (d *driver) answer(r result) []byte {
	b := fmt.Appendf(nil, "ran ops=%d tasks=%d units=%d ns=%d busy=%d waited=%d unfinished=%d",
		r.ops, r.tasks, r.units, r.took, r.busy, r.waited, r.unfinished)
	var used []*latency.Recorder
	for _, recorder := range d.g.Recorders {
		if recorder != nil {
			used = append(used, recorder)
		}
	}
	sum, _ := latency.Merge(used)
	b = histogram(b, " latency=", sum)
	lag, _ := d.lag.Counts()
	return append(histogram(b, " lag=", lag), '\n')
}

func histogram(b []byte, name string, h *hdrhistogram.Histogram) []byte {
	if h.TotalCount() == 0 {
		return b
	}
	for _, bar := range h.Distribution() {
		if bar.Count > 0 {
			b = fmt.Appendf(b, "%s%d:%d", name, bar.To, bar.Count)
			name = ","
		}
	}
	return b
}
