package launch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// A process is a child that was started.
type process struct {
	cmd    *exec.Cmd
	stdout output
	stderr bytes.Buffer

	ctx  context.Context
	kill context.CancelCauseFunc // asks it for its state, and soon kills it

	ended chan struct{} // closed when it has ended
	err   error         // of exec.Cmd.Wait, from then on
}

// start starts a child of this program, or of the request's, with its arguments and the
// given ones.
func (r Request) start(stdin io.Reader, args ...string) (*process, error) {
	program, name := r.Program, r.Program
	var err error
	if program == "" {
		if program, err = os.Executable(); err != nil {
			return nil, err
		}
		name = os.Args[0] // the same program by the same name
	}
	if r.CPUs == nil {
		// If one of them is taken away, the launch must fail instead of measuring with
		// other CPUs.
		if r.CPUs, err = cpu.Allowed(); err != nil {
			return nil, err
		}
	}
	p := &process{stdout: output{more: make(chan struct{}, 1)}, ended: make(chan struct{})}
	p.ctx, p.kill = context.WithCancelCause(context.Background())
	p.cmd = exec.CommandContext(p.ctx, program, append(r.Args(), args...)...)
	p.cmd.Args[0] = name
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = stdin, &p.stdout, &p.stderr
	p.cmd.Cancel = func() error { return askForState(p.cmd.Process) }
	p.cmd.WaitDelay = 2 * time.Second
	started := make(chan error)
	go p.run(started)
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// run starts the process and waits for its end, on one thread; see endWithParent.
func (p *process) run(started chan<- error) {
	defer endWithParent(p.cmd)()
	err := p.cmd.Start()
	started <- err
	if err == nil {
		p.err = p.cmd.Wait()
		close(p.ended)
	}
}

// await waits until there is something on the channel; nil waits for the successful end
// of the process. If it ends otherwise, the error says why. When the context ends, or
// the limit is exceeded, it is killed.
func (p *process) await(ctx context.Context, limit time.Duration, until <-chan struct{}) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-until:
		return nil
	case <-p.ended:
	case <-ctx.Done():
		p.kill(context.Cause(ctx))
	case <-timer.C:
		p.kill(fmt.Errorf("the launch was killed because it took longer than %v", limit))
	}
	<-p.ended
	if until == nil && p.err == nil {
		return nil
	}
	return p.failure()
}

// failure is why the process ended.
func (p *process) failure() error {
	err := p.err
	if err == nil {
		err = errors.New("the launch ended by itself, without a result")
	}
	if cause := context.Cause(p.ctx); cause != nil {
		err = cause
	}
	said := strings.TrimSpace(p.stderr.String())
	switch {
	case p.cmd.ProcessState != nil && p.cmd.ProcessState.ExitCode() == Unplaced:
		return unplaced(said)
	case said != "" && !errors.Is(err, context.Canceled):
		return fmt.Errorf("%s (%w)", said, err)
	}
	return err
}

// unplaced is the message of a child that may not use its CPUs.
type unplaced string

func (e unplaced) Error() string { return strings.TrimPrefix(string(e), "bench: ") }

func (e unplaced) Unwrap() error { return cpu.ErrUnavailable }

// An output is what a process has printed and nothing has read. The process writes it
// while others take lines from it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // has a value if something was written since the last receive
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	o.text.Write(b)
	o.mu.Unlock()
	select {
	case o.more <- struct{}{}:
	default:
	}
	return len(b), nil
}

// line takes the next line, if all of it is there.
func (o *output) line() (line string, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if bytes.IndexByte(o.text.Bytes(), '\n') < 0 {
		return "", false
	}
	line, _ = o.text.ReadString('\n')
	return line, true
}

// rest returns what is left, once the process has ended.
func (o *output) rest() io.Reader { return &o.text }
