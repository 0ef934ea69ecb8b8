package launch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/record"
)

// A Child is a launch that measures in slices. One goroutine at a time uses it. Whatever
// fails ends the child, and Kill is allowed at any time.
//
// The errors are those of [Request.Exec]. Each step has its own limit of time.
type Child struct {
	request  Request
	process  *process
	requests io.WriteCloser
	stops    bool // between slices
}

// Begin starts the child, and returns when it has warmed up. It ends when this process
// does. Request.Time has no effect, and profiles are for whole launches.
func (r Request) Begin(ctx context.Context) (*Child, error) {
	if r.Profile != "" {
		return nil, errors.New("launch: a launch in slices cannot be profiled")
	}
	stdin, requests, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p, err := r.start(stdin, sliced)
	_ = stdin.Close() // the child has its own
	if err != nil {
		_ = requests.Close()
		return nil, err
	}
	c := &Child{request: r, process: p, requests: requests}
	var h hello
	if err := c.hear(ctx, r.Warmup, &h); err != nil {
		return nil, err
	}
	// A worker may spin for a while before it sleeps, and a victim is to be alone.
	c.stops = h.Spins || matrix.Victim(r.Cell) != ""
	if h.Sliced != version {
		return nil, c.end(fmt.Errorf("launch: the program knows version %d of the slices' protocol, want %d", h.Sliced, version))
	}
	if c.stops && !canStop {
		return nil, c.end(fmt.Errorf("launch: the process of %s cannot be stopped between slices: %w", r.Cell.Name(), errors.ErrUnsupported))
	}
	return c, c.rest()
}

// Slice has the child measure for length, after lead, which does not count. It returns
// the limits of noise that were exceeded; such a slice is dropped by the child.
func (c *Child) Slice(ctx context.Context, lead, length time.Duration) (exceeded []string, err error) {
	r, err := c.slice(ctx, lead, length)
	return r.Exceeded, err
}

func (c *Child) slice(ctx context.Context, lead, length time.Duration) (r reply, err error) {
	if err := c.say(formatSlice(lead, length)); err != nil {
		return reply{}, err
	}
	if err := c.hear(ctx, lead+length, &r); err != nil {
		return reply{}, err
	}
	return r, c.rest()
}

// End ends the child and returns its launch. If no slice was kept, the launch is that of
// the last slice, and invalid.
func (c *Child) End(ctx context.Context) (record.Launch, error) {
	if err := c.say("end\n"); err != nil {
		return record.Launch{}, err
	}
	if err := c.process.await(ctx, patience, nil); err != nil {
		return record.Launch{}, c.end(err)
	}
	l, err := record.DecodeLaunch(c.process.stdout.rest())
	return l, errors.Join(err, c.requests.Close())
}

// Kill ends the child at once, without a launch, and returns when it has ended. It does
// nothing to one that has ended.
func (c *Child) Kill() {
	_ = c.process.cmd.Process.Kill() // unless it has ended
	<-c.process.ended
	_ = c.requests.Close()
}

// end ends the child because of an error, and returns that.
func (c *Child) end(err error) error {
	c.Kill()
	return err
}

// say lets the child go on, and sends it a request. If it has ended, hear says why.
func (c *Child) say(line string) error {
	if c.stops {
		if err := resume(c.process.cmd.Process); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return c.end(err)
		}
	}
	_, _ = io.WriteString(c.requests, line)
	return nil
}

// rest stops a child that would use its CPUs although it has nothing to do.
func (c *Child) rest() error {
	if !c.stops {
		return nil
	}
	if err := stop(c.process.cmd.Process); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return c.end(err)
	}
	return nil
}

// hear waits for the child's next line, which should come about that much later.
func (c *Child) hear(ctx context.Context, after time.Duration, into any) error {
	p := c.process
	line, ok := p.stdout.line()
	for ; !ok; line, ok = p.stdout.line() {
		if err := p.await(ctx, after+patience, p.stdout.more); err != nil {
			return c.end(err)
		}
	}
	if err := json.Unmarshal([]byte(line), into); err != nil {
		return c.end(fmt.Errorf("launch: the child said %.60q: %w", line, err))
	}
	return nil
}
