package convert

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/exp/trace"

	"github.com/idlebench/idlebench/loadgen/recording"
)

// traceMagic is how an execution trace begins; the rest of the first 16 bytes is the minor
// version of Go, and " trace" with zeros.
const traceMagic = "go 1."

// oldest is the first version of Go whose traces are read piece by piece, not as a whole.
const oldest = 22

// IsGoTrace reports whether a file that begins with these bytes, 16 at least if it has as
// many, is an execution trace.
func IsGoTrace(begin []byte) bool {
	return strings.HasPrefix(string(begin), traceMagic) && strings.Contains(string(begin[:min(16, len(begin))]), " trace")
}

// GoTrace makes a recording of an execution trace. The package documentation says what a
// task is.
func GoTrace(name string, from io.Reader) (r *recording.Recording, err error) {
	events := 0
	broken := func(err error) error {
		return fmt.Errorf("%s: after %d events: %w; the trace was cut or damaged: the program has to call trace.Stop before it ends", name, events, err)
	}
	// The reader panics where its own rules are broken; a file must not be able to end the
	// program.
	defer func() {
		if p := recover(); p != nil {
			r, err = nil, broken(fmt.Errorf("%.200v", p))
		}
	}()
	in := bufio.NewReader(&limited{r: from, left: maxInput})
	begin, _ := in.Peek(16)
	if err := checkVersion(name, begin); err != nil {
		return nil, err
	}
	reader, err := trace.NewReader(in)
	if err != nil {
		return nil, broken(err)
	}
	c := collector{goroutines: make(map[trace.GoID]*goroutine)}
	for {
		e, err := reader.ReadEvent()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, broken(err)
		}
		events++
		if err := c.event(e); err != nil {
			return nil, fmt.Errorf("%s: after %d events: %w", name, events, err)
		}
	}
	tasks := c.finish()
	if len(tasks) == 0 {
		return nil, fmt.Errorf("%s: no goroutine was made runnable and ran in %d events: trace the program while it works", name, events)
	}
	if r, _, err = assemble("go-trace", tasks, c.first, max(c.last, c.first)+1); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

func checkVersion(name string, begin []byte) error {
	if len(begin) == 0 {
		return &recording.Error{File: name, Line: 1, Problem: "the file is empty", Remedy: "the program has to call trace.Start and trace.Stop"}
	}
	if !IsGoTrace(begin) {
		return fmt.Errorf("%s: not an execution trace of Go, as runtime/trace writes them", name)
	}
	minor, _, _ := strings.Cut(strings.TrimPrefix(string(begin), traceMagic), " ")
	if n, err := strconv.Atoi(minor); err != nil || n < oldest {
		return fmt.Errorf("%s: a trace of Go 1.%.4s: want one of Go 1.%d or later", name, minor, oldest)
	}
	return nil
}

// A goroutine is one of the traced program.
type goroutine struct {
	current int   // its activation, a task of the collector, or none
	running bool  // or in a system call
	since   int64 // when it began to, or the system call began
	ran     int64 // in its activation, until since
	system  bool  // one of Go's runtime
}

// ranUntil returns for how long its activation has run at that time.
func (g *goroutine) ranUntil(at int64) int64 {
	if g.running {
		return g.ran + at - g.since
	}
	return g.ran
}

// A collector makes tasks of the events of a trace.
type collector struct {
	first, last int64 // times of events
	began       bool
	goroutines  map[trace.GoID]*goroutine // those that exist
	tasks       []task
	of          []*goroutine // of each task
}

var errMany = errors.New("too many tasks: trace a shorter time; a second will do")

// event takes an event.
func (c *collector) event(e trace.Event) error {
	if e.Kind() == trace.EventSync {
		return nil
	}
	at := int64(e.Time())
	if !c.began {
		c.first, c.began = at, true
	}
	c.first, c.last = min(c.first, at), max(c.last, at)
	if e.Kind() != trace.EventStateTransition {
		return nil
	}
	t := e.StateTransition()
	if t.Resource.Kind != trace.ResourceGoroutine {
		return nil
	}
	id := t.Resource.Goroutine()
	g := c.goroutines[id]
	if g == nil {
		g = &goroutine{current: none}
		c.goroutines[id] = g
	}
	g.system = g.system || isSystem(t.Stack)
	from, to := t.Goroutine()
	if from == to || from == trace.GoUndetermined {
		// The state of a goroutine that was there before, which is said again and again.
		return nil
	}
	c.leave(g, at, from, to)
	switch to {
	case trace.GoRunnable:
		return c.arrive(g, c.goroutines[e.Goroutine()], at, from)
	case trace.GoRunning, trace.GoSyscall:
		g.running, g.since = true, at
	case trace.GoNotExist:
		delete(c.goroutines, id)
	}
	return nil
}

// leave accounts for the state that a goroutine leaves, and ends its activation if it does
// not go on in the next.
func (c *collector) leave(g *goroutine, at int64, from, to trace.GoState) {
	if !g.running {
		return
	}
	// A system call in which it lost its P did not keep a worker busy.
	if from == trace.GoRunning || to == trace.GoRunning {
		g.ran += at - g.since
	}
	if to == trace.GoRunning || to == trace.GoSyscall {
		return
	}
	if g.current != none {
		c.tasks[g.current].service = g.ran
	}
	g.running, g.current = false, none
}

// arrive begins an activation.
func (c *collector) arrive(g, by *goroutine, at int64, from trace.GoState) error {
	if len(c.tasks) == 2*recording.MaxTasks { // with those of Go's runtime, which are left out
		return errMany
	}
	t := task{at: at, service: -1, parent: none}
	if by != nil && by != g && by.running && by.current != none && (from == trace.GoWaiting || from == trace.GoNotExist) {
		t.parent, t.after = by.current, by.ranUntil(at)
	}
	g.current, g.ran = len(c.tasks), 0
	c.tasks, c.of = append(c.tasks, t), append(c.of, g)
	return nil
}

// finish returns the tasks of the program itself that ran.
func (c *collector) finish() (tasks []task) {
	for _, g := range c.goroutines {
		if g.current != none && g.running {
			c.tasks[g.current].service = g.ranUntil(c.last)
		}
	}
	kept := make([]int, len(c.tasks))
	for i, t := range c.tasks {
		kept[i] = none
		if c.of[i].system || t.service < 0 {
			continue
		}
		if t.parent != none { // which came before
			t.parent = kept[t.parent]
		}
		kept[i] = len(tasks)
		tasks = append(tasks, t)
	}
	return tasks
}

// isSystem reports whether a stack is one of a goroutine of Go's runtime, from the function
// that it began with.
func isSystem(s trace.Stack) bool {
	entry := ""
	for f := range s.Frames() {
		entry = f.Func
	}
	return entry != "runtime.main" && strings.HasPrefix(entry, "runtime.") || strings.HasPrefix(entry, "runtime/trace.")
}
