package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// hangs is how long a pass of a stress test may take before it is said to hang.
// The tests have a patience of their own, which is shorter.
const hangs = 2 * time.Minute

// stress runs a test on real threads, pass after pass, until it fails. Many short
// passes find more in the same time than a few long ones.
func (r *runner) stress(ctx context.Context, bin string, u suite) (cell, error) {
	start := time.Now()
	elapsed := func() float64 { return time.Since(start).Seconds() }
	for pass := 1; pass == 1 || time.Since(start) < r.limits.stress; pass++ {
		limited, cancel := context.WithTimeout(ctx, hangs)
		cmd := exec.CommandContext(limited, bin, "-test.run", u.stress, "-test.skip", u.skip, "-test.short", "-test.failfast", "-test.count=1")
		cmd.Dir = filepath.Join(r.root, filepath.FromSlash(u.stressed))
		// The seed is of the pauses, if there are any.
		cmd.Env = append(os.Environ(), "GORACE=halt_on_error=1", fmt.Sprintf("IDLEBENCH_SEED=%d", pass))
		out, err := cmd.CombinedOutput()
		late := limited.Err() == context.DeadlineExceeded
		cancel()
		if ctx.Err() != nil {
			return cell{}, ctx.Err()
		}
		if late {
			return cell{Verdict: found, Seconds: elapsed(), What: "hang"}, nil
		}
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			c := failure(string(out))
			c.Seconds = elapsed()
			if pass > 1 {
				c.N = 0 // the hosts of earlier passes were not counted
			}
			return c, nil
		}
		if err != nil {
			return cell{}, err
		}
	}
	return cell{Verdict: missed, Seconds: elapsed()}, nil
}

var (
	violation = regexp.MustCompile(`idletest: (\S+) is violated in scenario "([^"]+)" with .*?seed (\d+): (.*)`)
	failed    = regexp.MustCompile(`(?m)^ *--- FAIL: (\S+).*\n(?:.*_test\.go:\d+: (.*))?`)
	crashed   = regexp.MustCompile(`(?m)^(?:panic|fatal error): (.*)`)
)

// failure reads from the output of a test how it failed.
func failure(out string) cell {
	c := cell{Verdict: found, What: "test failed"}
	if strings.Contains(out, "WARNING: DATA RACE") {
		c.What = "data race"
		return c
	}
	if m := violation.FindStringSubmatch(out); m != nil {
		c.N, _ = strconv.Atoi(m[3])
		c.Where, c.What = m[2], fmt.Sprintf("%s: %s", m[1], m[4])
		return c
	}
	if m := crashed.FindStringSubmatch(out); m != nil {
		c.What = "crash: " + m[1]
		return c
	}
	if m := failed.FindStringSubmatch(out); m != nil {
		c.Where = m[1]
		if m[2] != "" {
			c.What = m[2]
		}
	}
	return c
}
