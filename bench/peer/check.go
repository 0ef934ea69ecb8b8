package peer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// A Finding is one thing that a check tried.
type Finding struct {
	What string
	Note string // what was seen
	Err  error  // nil if it is right
}

// A Checker tries what a peer claims.
type Checker struct {
	Workloads []workload.Workload // that there are
	Only      []string            // names of those to try; nil for all that the peer has
	CPUs      cpu.Set
	Workers   int
	Observe   func(Finding)
}

// Check tries a program, and reports whether everything is right. An error says that it could
// not be tried at all.
func (c Checker) Check(ctx context.Context, program string, args ...string) (right bool, err error) {
	right = true
	found := func(f Finding) {
		right = right && f.Err == nil
		c.Observe(f)
	}
	begin := func() (*Process, error) { return Start(ctx, c.CPUs, program, args...) }

	p, err := begin()
	var fault *Fault
	if errors.As(err, &fault) {
		found(Finding{What: "says hello", Err: err})
		return false, nil
	}
	if err != nil {
		return false, err
	}
	h := p.Hello
	held := "tasks move between its threads"
	if h.Held {
		held = "each worker is a thread"
	}
	found(Finding{What: "says hello", Note: fmt.Sprintf("%s %s, %s, %s; %s", h.Peer, h.Version, h.Build, h.Config, held)})
	_ = p.stdin.Close()
	found(Finding{What: "exits when its input ends", Err: p.leave(ctx)})
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}

	found(Finding{What: "says no to a workload that nobody has", Err: refuses(ctx, begin)})
	for _, name := range h.Can {
		if c.Only != nil && !slices.Contains(c.Only, name) {
			continue
		}
		w, ok := workload.Find(c.Workloads, name)
		if _, has := workOf(name, workload.Values{}); !ok || !has {
			found(Finding{What: name, Err: fmt.Errorf("it is in can, and is no workload that peers have")})
			continue
		}
		f, refused := c.tries(ctx, begin, w)
		found(f)
		if name == "poisson" && !refused {
			found(c.stops(ctx, begin, w))
		}
		if ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
	}
	for _, name := range c.Only {
		if !slices.Contains(h.Can, name) {
			found(Finding{What: name, Note: "it does not have this workload"})
		}
	}
	return right, nil
}

// refuses says what is wrong with how a peer treats a cell that it cannot do.
func refuses(ctx context.Context, begin func() (*Process, error)) error {
	p, err := begin()
	if err != nil {
		return err
	}
	defer p.Kill()
	p.say("cell workload=no_such_workload workers=1 cpus=0 generators=0 seed=1\n")
	m, err := p.answer(ctx, readyLimit)
	if err == nil && (m.word != "no" || m.text == "") {
		err = p.fail(faultf(Protocol, "it answered %.60q, want no and a reason", m.word))
	}
	return err
}

// rare are parameters of poisson with which many tasks that are submitted at once take little
// time: then only the stop makes long samples.
var rare = map[string]string{"load": "0.01", "service": "10us"}

// small are parameters with which an operation takes little time.
var small = map[string]map[string]string{
	"skynet":     {"depth": "3"},
	"fork_join":  {"n": "20"},
	"yield_many": {"yields": "100"},
	"burst":      {"period": "5ms"},
	"poisson":    {"load": "0.2", "service": "100us"},
	"wake":       {"gap": "200us"},
}

// cell returns a cell of a workload, with its defaults for the other parameters.
func (c Checker) cell(w workload.Workload, params map[string]string) (Cell, error) {
	cell := Cell{Workload: w, Params: make(map[string]string), Workers: c.Workers, Seed: 7}
	for _, p := range w.Params {
		cell.Params[p.Name] = p.Default
	}
	maps.Copy(cell.Params, params)
	values, err := w.Values(cell.Params)
	if err != nil {
		return cell, err
	}
	cell.CPUs, cell.Generators, err = Plan(c.CPUs, w, values, c.Workers)
	return cell, err
}

const (
	checkWarmup = 20 * time.Millisecond
	checkTime   = 100 * time.Millisecond
)

// tries has a peer do a workload: a warm-up and two runs, with a stop in between, as in slices.
// A peer may refuse the parameters.
func (c Checker) tries(ctx context.Context, begin func() (*Process, error), w workload.Workload) (f Finding, refused bool) {
	f.What = w.Name
	cell, err := c.cell(w, small[w.Name])
	if err != nil {
		f.Err = err
		return f, false
	}
	p, err := begin()
	if err != nil {
		f.Err = err
		return f, false
	}
	defer p.Kill()
	var fault *Fault
	if err := p.Begin(ctx, cell); errors.As(err, &fault) && fault.Point == Parameter {
		f.Note = "it says no: " + fault.What
		return f, true
	} else if err != nil {
		f.Err = err
		return f, false
	}
	var sum tally
	for part, length := range []time.Duration{checkWarmup, checkTime, checkTime} {
		ran, out, err := p.Run(ctx, part, length)
		if err != nil {
			f.Err = err
			return f, false
		}
		if part > 0 {
			sum.ran.Ops += ran.Ops
			sum.ran.Tasks += ran.Tasks
			sum.ran.latency.add(ran.latency)
			sum.out.CPU += out.CPU - ran.Waited
		}
		if f.Err = errors.Join(p.Stop(), p.Continue()); f.Err != nil {
			return f, false
		}
	}
	f.Err = p.End(ctx)
	f.Note = sum.note()
	return f, false
}

// note sums up what was seen, for the author to see whether it makes sense.
func (t *tally) note() string {
	text := []string{fmt.Sprintf("operations %d, tasks %d, samples %d", t.ran.Ops, t.ran.Tasks, t.ran.latency.total)}
	if h := t.ran.latency; h.total > 0 {
		text = append(text, fmt.Sprintf("p50 %v", time.Duration(h.counts.ValueAtQuantile(50))))
	}
	if t.ran.Tasks > 0 {
		text = append(text, fmt.Sprintf("CPU time per task %v", t.out.CPU/time.Duration(t.ran.Tasks)))
	}
	return strings.Join(text, ", ")
}

// How long a peer is stopped, and the part of that which samples have to show.
const (
	stopAfter = 100 * time.Millisecond
	stopFor   = 200 * time.Millisecond
	stopShown = stopFor / 2
	stopRun   = 500 * time.Millisecond
)

// stops stops a peer while tasks are due. A task that is due while everything is stopped, at
// least stopShown before the end of that, cannot begin sooner than stopShown after it is due.
// When the peer's run began is not known exactly: it was some time between the request and
// the stop. So the fewest tasks count that are due in any stretch of that length.
func (c Checker) stops(ctx context.Context, begin func() (*Process, error), w workload.Workload) (f Finding) {
	f.What = w.Name + ", stopped while tasks are due"
	cell, err := c.cell(w, rare)
	if err != nil {
		f.Err = err
		return f
	}
	for after := stopAfter; ; after *= 2 {
		p, err := begin()
		if err != nil {
			f.Err = err
			return f
		}
		shown, want, late, err := c.stopped(ctx, p, cell, after)
		p.Kill()
		if late && after < 4*stopAfter {
			continue // its run began after the stop, as on a busy machine
		}
		switch f.Err = err; {
		case err == nil && shown < want:
			f.Err = faultf(OpenLoop, "it was stopped for %v; at least %d tasks were due more than %v before the end of that, and %d samples are that long: "+
				"samples do not begin when tasks are due", stopFor, want, stopShown, shown)
		case err == nil:
			f.Note = fmt.Sprintf("%d samples show it, at least %d have to", shown, want)
		}
		return f
	}
}

// stopped returns how many samples show the stop, and how many have to. It is late if the run
// may have begun after the stop.
func (c Checker) stopped(ctx context.Context, p *Process, cell Cell, after time.Duration) (shown, want int64, late bool, err error) {
	if err := p.Begin(ctx, cell); err != nil {
		return 0, 0, false, err
	}
	if _, _, err := p.Run(ctx, 0, checkWarmup); err != nil {
		return 0, 0, false, err
	}
	ran, out, err := p.runWith(ctx, 1, stopRun+after, func(arrivals []workload.Arrival) {
		time.Sleep(after)
		if p.Stop() != nil {
			return
		}
		for limit := time.Now().Add(stopFor); !p.stoppedNow() && time.Now().Before(limit); {
			time.Sleep(time.Millisecond)
		}
		begun := time.Now()
		time.Sleep(stopFor)
		length := time.Since(begun) - stopShown
		_ = p.Continue()
		want = fewest(arrivals, length, after)
	})
	if err != nil {
		return 0, 0, false, err
	}
	for _, bar := range ran.latency.counts.Distribution() {
		if bar.To >= int64(stopShown)*98/100 { // values may be rounded
			shown += bar.Count
		}
	}
	return shown, want, out.Passed-ran.Time >= after, p.End(ctx)
}

// fewest returns the least number of arrivals in a stretch of that length which begins at most
// after the given time.
func fewest(arrivals []workload.Arrival, length, latest time.Duration) int64 {
	count := func(from int64) (n int64) {
		for _, a := range arrivals {
			if a.At >= from && a.At < from+int64(length) {
				n++
			}
		}
		return n
	}
	// The count changes only where a stretch begins just after an arrival.
	least := count(0)
	for _, a := range arrivals {
		if a.At < int64(latest) {
			least = min(least, count(a.At+1))
		}
	}
	return least
}
