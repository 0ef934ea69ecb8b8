package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/idlebench/idlebench/loadgen"
)

// patience is how long a launch may take beyond its load before it is killed. It
// gives up by itself before that, and says why, unless it cannot even do so.
func (c cell) patience() time.Duration {
	switch {
	case c.tests:
		return 15 * time.Minute
	case c.relay != "":
		return 3 * relayPatience
	}
	return 4 * loadgen.Patience
}

// execute runs a launch in a child process.
func execute(ctx context.Context, c cell, seed uint64, length time.Duration) (wakes uint64, err error) {
	return executeWithin(ctx, length+c.patience(), arguments(c, seed, length), environment(seed))
}

// executeWithin runs this program in a child process and returns the number that
// it prints. If the child fails, the error is what it said; if it takes longer than the
// limit, it is killed, and the error has its stacks. When the context ends, it
// is killed.
func executeWithin(ctx context.Context, limit time.Duration, args []string, env ...string) (wakes uint64, err error) {
	program, err := os.Executable()
	if err != nil {
		return 0, err
	}
	limited, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the launch was killed, it took longer than %v", limit))
	defer cancel()
	cmd := exec.CommandContext(limited, program, args...)
	// The race detector would wait for a second at the end of each process, for
	// other threads to report; a race ends this one.
	cmd.Env = append(append(os.Environ(), "GORACE=halt_on_error=1 atexit_sleep_ms=0"), env...)
	cmd.Cancel = func() error {
		if ctx.Err() != nil {
			return cmd.Process.Kill()
		}
		return cmd.Process.Signal(syscall.SIGQUIT) // for its stacks; if it cannot tell, it is killed a little later
	}
	cmd.WaitDelay = 5 * time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if cause := context.Cause(limited); cause != nil {
			err = cause
		}
		return 0, errors.Join(err, errors.New(strings.TrimSpace(stderr.String())))
	}
	return strconv.ParseUint(strings.TrimSpace(stdout.String()), 10, 64)
}

func arguments(c cell, seed uint64, length time.Duration) []string {
	return []string{"-cell", c.String(), "-seed", fmt.Sprint(seed), "-launch", length.String()}
}

// environment is the seed of the pauses. In a build without the tag perturb it
// has no effect.
func environment(seed uint64) string { return fmt.Sprintf("IDLEBENCH_SEED=%d", seed) }

// again returns the command that repeats a launch in a build like this one.
func again(c cell, seed uint64, length time.Duration) string {
	command := []string{environment(seed), "go", "run"}
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, s := range info.Settings {
			switch {
			case s.Key == "-race" && s.Value == "true":
				command = append(command, "-race")
			case s.Key == "-tags":
				command = append(command, "-tags", s.Value)
			}
		}
	}
	command = append(command, "./verify/stress")
	return strings.Join(append(command, arguments(c, seed, length)...), " ")
}
