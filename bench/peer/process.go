package peer

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// Limits of what a peer may take.
const (
	helloLimit = 10 * time.Second
	readyLimit = 30 * time.Second
	runLimit   = 20 * time.Second // after the time that was asked for
	endLimit   = 10 * time.Second

	maxLine   = 1 << 20
	maxStderr = 64 << 10
)

// A Process is a peer that was started. One goroutine uses it; Kill is allowed at any time.
type Process struct {
	Hello Hello

	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines chan string   // what it says; closed at the end of its output
	over  chan struct{} // closed when it has ended and its output is read
	err   error         // of exec.Cmd.Wait, from then on

	mu     sync.Mutex
	stderr []byte
	flood  *Fault // it said too much, and was killed for that

	cell      Cell
	work      work
	given     bool
	stopped   bool
	timetable workload.Timetable
	open      bool // the cell is an open loop
}

// Start starts a program on some CPUs and returns when it has said hello. All errors that
// are the program's are faults. It is killed when this process ends.
func Start(ctx context.Context, use cpu.Set, program string, args ...string) (*Process, error) {
	return start(ctx, use, helloLimit, program, args...)
}

func start(ctx context.Context, use cpu.Set, limit time.Duration, program string, args ...string) (*Process, error) {
	program, err := filepath.Abs(program)
	if err != nil {
		return nil, err
	}
	p := &Process{lines: make(chan string, 1), over: make(chan struct{})}
	p.cmd = exec.Command(program, args...)
	own(p.cmd)
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	started := make(chan error)
	go p.run(use, stdout, stderr, started)
	if err := <-started; err != nil {
		return nil, err
	}
	line, err := p.hear(ctx, limit)
	if err != nil {
		p.Kill()
		return nil, err
	}
	if p.Hello, err = parseHello(line); err != nil {
		return nil, p.fail(faultf(Greeting, "%v", err))
	}
	return p, nil
}

// run starts the program and waits for its end, on one thread: for the kernel, which kills
// the program when its parent ends, that is the parent.
func (p *Process) run(use cpu.Set, stdout, stderr io.Reader, started chan<- error) {
	release, err := place(use)
	defer release()
	if err == nil {
		err = p.cmd.Start()
	}
	started <- err
	if err != nil {
		return
	}
	var readers sync.WaitGroup
	readers.Go(func() { p.readLines(stdout) })
	readers.Go(func() { p.readStderr(stderr) })
	readers.Wait()
	p.err = p.cmd.Wait()
	killGroup(p.cmd.Process.Pid) // what it may have started
	close(p.over)
}

// readLines reads lines up to the limit. There is room for one line that is not read yet: a
// peer that says more, unasked, waits until it is found out.
func (p *Process) readLines(from io.Reader) {
	defer close(p.lines)
	r := bufio.NewReaderSize(from, 4<<10)
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			p.flooded(faultf(Output, "a line is longer than %d bytes; it begins %.60q", maxLine, append(line, part...)))
			_, _ = io.Copy(io.Discard, from) // to the end, which is near
			return
		}
		line = append(line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return // what is left has no end, and is no line
		}
		select {
		case p.lines <- string(line[:len(line)-1]):
		case <-time.After(floodLimit):
			p.flooded(faultf(Protocol, "it said %.60q unasked, after a line that was not due", line))
			_, _ = io.Copy(io.Discard, from)
			return
		}
		line = line[:0]
	}
}

// floodLimit is how long a line may wait for the one before it to be read: longer than any
// step here takes to read an answer that is due.
const floodLimit = 2 * time.Second

func (p *Process) readStderr(from io.Reader) {
	buffer := make([]byte, 4<<10)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		p.stderr = append(p.stderr, buffer[:n]...)
		much := len(p.stderr) > maxStderr
		p.mu.Unlock()
		if much {
			p.flooded(faultf(Output, "it printed more than %d bytes on its standard error", maxStderr))
			_, _ = io.Copy(io.Discard, from)
			return
		}
		if err != nil {
			return
		}
	}
}

// flooded kills a peer that says too much.
func (p *Process) flooded(f *Fault) {
	p.mu.Lock()
	if p.flood == nil {
		p.flood = f
	}
	p.mu.Unlock()
	killGroup(p.cmd.Process.Pid)
}

// said returns the end of what the peer printed on its standard error.
func (p *Process) said() string {
	const most = 400
	p.mu.Lock()
	defer p.mu.Unlock()
	text := strings.TrimSpace(string(p.stderr))
	return text[max(0, len(text)-most):]
}

// fail kills the peer because of a fault, and returns that.
func (p *Process) fail(f *Fault) error {
	p.Kill()
	p.mu.Lock()
	if p.flood != nil {
		f = p.flood
	}
	p.mu.Unlock()
	f.Said = p.said()
	return f
}

// Kill ends the peer and what it started, and returns when it has ended.
func (p *Process) Kill() {
	select {
	case <-p.over: // its number may belong to another process by now
	default:
		killGroup(p.cmd.Process.Pid)
	}
	_ = p.stdin.Close()
	for range p.lines { // so that its reader ends
	}
	<-p.over
}

// hear returns the next line.
func (p *Process) hear(ctx context.Context, limit time.Duration) (string, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case line, ok := <-p.lines:
		if ok {
			return line, nil
		}
		return "", p.endOfOutput()
	case <-timer.C:
		return "", p.fail(faultf(Deadline, "it said nothing for %v", limit))
	case <-ctx.Done():
		p.Kill()
		return "", context.Cause(ctx)
	}
}

// endOfOutput is the fault of a peer whose output has ended too soon.
func (p *Process) endOfOutput() error {
	select {
	case <-p.over:
	case <-time.After(endLimit):
		return p.fail(faultf(Ended, "it closed its standard output"))
	}
	status := "exit status 0"
	if p.err != nil {
		status = p.err.Error()
	}
	return p.fail(faultf(Ended, "it ended without being asked to: %s", status))
}

// say sends a line. A peer that does not read is found out when its answer is due: the
// line is written while that is waited for.
func (p *Process) say(line string) { go func() { _, _ = io.WriteString(p.stdin, line) }() }

// answer returns the next line as a message.
func (p *Process) answer(ctx context.Context, limit time.Duration) (message, error) {
	line, err := p.hear(ctx, limit)
	if err != nil {
		return message{}, err
	}
	m, err := parseMessage(line)
	if err != nil {
		return m, p.fail(faultf(Protocol, "%v", err))
	}
	return m, nil
}

// Begin gives the peer its cell. If it cannot do that, the error is a fault with the point
// Parameter.
func (p *Process) Begin(ctx context.Context, c Cell) error {
	values, err := c.Workload.Values(c.Params)
	if err != nil {
		return err
	}
	var ok bool
	if p.work, ok = workOf(c.Workload.Name, values); !ok {
		return fmt.Errorf("peers do not have the workload %s", c.Workload.Name)
	}
	p.cell = c
	p.timetable, p.open = c.Workload.Timetable(values, c.Workers, c.Seed)
	if err := p.quiet(); err != nil {
		return err
	}
	p.say(c.line())
	m, err := p.answer(ctx, readyLimit)
	switch {
	case err != nil:
		return err
	case m.word == "no":
		return p.fail(faultf(Parameter, "%s", m.text))
	case m.word != "ready":
		return p.fail(faultf(Protocol, "it answered %.60q to a cell, want ready or no", m.word))
	}
	p.given = true
	return p.placed()
}

// quiet reports what the peer said unasked.
func (p *Process) quiet() error {
	select {
	case line, ok := <-p.lines:
		if ok {
			return p.fail(faultf(Protocol, "it said %.60q unasked", line))
		}
		return p.endOfOutput()
	default:
		return nil
	}
}

// Run has the peer run for a length of time, with the arrivals of a part of the schedule if
// it is an open loop, and holds it to the rules. The peer is left running.
func (p *Process) Run(ctx context.Context, part int, length time.Duration) (Ran, Outside, error) {
	return p.runWith(ctx, part, length, nil)
}

// runWith calls meanwhile, unless it is nil, while the peer runs.
func (p *Process) runWith(ctx context.Context, part int, length time.Duration, meanwhile func(arrivals []workload.Arrival)) (Ran, Outside, error) {
	var arrivals []workload.Arrival
	if p.open {
		arrivals = p.timetable.Part(part, length)
	}
	if err := p.quiet(); err != nil {
		return Ran{}, Outside{}, err
	}
	before, err := p.look()
	if err != nil {
		return Ran{}, Outside{}, err
	}
	begun := time.Now()
	p.say(runLine(length, arrivals))
	if meanwhile != nil {
		meanwhile(arrivals)
	}
	m, err := p.answer(ctx, length+runLimit)
	passed := time.Since(begun)
	if err != nil {
		return Ran{}, Outside{}, err
	}
	time.Sleep(rest)
	after, err := p.look()
	if err != nil {
		return Ran{}, Outside{}, err
	}
	if m.word != "ran" {
		return Ran{}, Outside{}, p.fail(faultf(Protocol, "it answered %.60q to a run, want ran", m.word))
	}
	r, err := parseRan(m)
	if err != nil {
		return Ran{}, Outside{}, p.fail(faultf(Protocol, "%v", err))
	}
	out := after.since(before, passed)
	if f := p.judge(r, out, length, arrivals); f != nil {
		return r, out, p.fail(f)
	}
	return r, out, p.placed()
}

// rest is how long after a run the CPU time is read: the threads that look for more to do
// have then gone to sleep, which is part of the cost.
const rest = time.Millisecond

// placed holds the threads to their CPUs.
func (p *Process) placed() error {
	look, err := p.look()
	if err != nil {
		return err
	}
	if f := misplaced(look.threads, p.cell, p.Hello.Held); f != nil {
		return p.fail(f)
	}
	return nil
}

// Stop stops the peer's threads, Continue lets them go on.
func (p *Process) Stop() error {
	if p.stopped {
		return nil
	}
	p.stopped = true
	return p.ignoreEnd(stopGroup(p.cmd.Process.Pid))
}

// Continue is the inverse of Stop.
func (p *Process) Continue() error {
	if !p.stopped {
		return nil
	}
	p.stopped = false
	return p.ignoreEnd(continueGroup(p.cmd.Process.Pid))
}

// ignoreEnd leaves it to the next answer to say that the peer has ended.
func (p *Process) ignoreEnd(err error) error {
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// End ends the peer, which has to exit by itself.
func (p *Process) End(ctx context.Context) error {
	if err := p.quiet(); err != nil {
		return err
	}
	if err := p.Continue(); err != nil {
		return err
	}
	p.say("end\n")
	return p.leave(ctx)
}

// leave waits until the peer has ended.
func (p *Process) leave(ctx context.Context) error {
	timer := time.NewTimer(endLimit)
	defer timer.Stop()
	select {
	case line, ok := <-p.lines:
		if ok {
			return p.fail(faultf(Protocol, "it said %.60q instead of ending", line))
		}
	case <-timer.C:
		return p.fail(faultf(Deadline, "it did not end within %v", endLimit))
	case <-ctx.Done():
		p.Kill()
		return context.Cause(ctx)
	}
	select {
	case <-p.over:
	case <-timer.C:
		return p.fail(faultf(Deadline, "it did not end within %v", endLimit))
	}
	_ = p.stdin.Close()
	if p.err != nil {
		return p.fail(faultf(Ended, "it ended with %v, want exit status 0", p.err))
	}
	return nil
}
