package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// explore tries a strategy of the explorer on a test binary, scenario by scenario,
// until a test fails. Deadlocks that the unchanged code is known for do not fail
// it: package verify has a list.
//
// First is the scenario in which another strategy found the mutant, if one has:
// it is tried first, with ten times the limits, and the others only in passing.
func (r *runner) explore(ctx context.Context, bin string, u suite, s strategy, first string) (cell, error) {
	names, err := r.scenarios(ctx, u)
	if err != nil {
		return cell{}, err
	}
	type round struct {
		names []string
		limits
	}
	passing, full, long := r.limits, r.limits, r.limits
	full.scenario *= time.Duration(max(1, s.times))
	passing.scenario /= 5
	long.scenario *= 10
	long.executions *= 10
	rounds := []round{{names, passing}, {names, full}} // most are found in passing
	if first != "" {
		rest := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == first })
		rounds = []round{{[]string{first}, long}, {rest, passing}}
	}
	var c cell
	for n, round := range rounds {
		before := c
		c, err = r.round(ctx, bin, u, s, round.limits, round.names)
		if err != nil || c.Verdict == found {
			return c, err
		}
		if first != "" && n == 1 {
			c.N += before.N
			if before.Verdict == cut {
				c.Verdict = cut
			}
		}
		if first == "" && c.Verdict == missed && !s.random {
			break // all was explored
		}
	}
	return c, nil
}

// round explores scenarios, within the limits, until one fails.
func (r *runner) round(ctx context.Context, bin string, u suite, s strategy, l limits, names []string) (cell, error) {
	args := []string{"-test.run", u.scenarios + "/^(" + strings.Join(names, "|") + ")$"}
	if !u.fixed {
		args = append(args, "-all", "-minimise", "0", "-limit", l.scenario.String())
		args = append(args, s.args...)
		if s.random {
			args = append(args, "-executions", strconv.Itoa(l.executions))
		}
	}
	p, err := r.play(ctx, bin, u, args, time.Duration(len(names))*(l.scenario+5*time.Second))
	if err != nil {
		return cell{}, err
	}
	c := cell{Verdict: missed, N: p.executions}
	switch {
	case p.kind != "":
		c = p.cell()
	case p.cut && !s.random:
		c.Verdict = cut
	}
	return c, nil
}

// A played is what a run of the explorer printed.
type played struct {
	executions int    // of all scenarios that did not fail
	cut        bool   // a limit ended one of them
	scenario   string // that failed
	kind       string // of the failure; empty if the test passed
	last       int    // execution that failed
	message    string
}

// cell says how it failed.
func (p played) cell() cell {
	what := p.kind
	if p.message != "" && p.kind != "deadlock" {
		what += ": " + p.message
	}
	return cell{Verdict: found, N: p.last, Where: p.scenario, What: what}
}

var (
	passedLine = regexp.MustCompile(`: (\d+) executions, at most \d+ steps, (complete|cut by a limit|sampled)`)
	failedLine = regexp.MustCompile(`: failed \((.+)\) in execution (\d+) of`)
	goneLine   = regexp.MustCompile(`: ([^:]+ should deadlock here)`)
	manyLine   = regexp.MustCompile(`: (\d+ of \d+ executions) end in a deadlock`)
)

// read takes up a line of what a test printed. Depth is that of a scenario's name.
func (p *played) read(line string, depth int) {
	if name, ok := strings.CutPrefix(line, "=== RUN   "); ok {
		if parts := strings.Split(name, "/"); len(parts) == depth+1 && p.kind == "" {
			p.scenario = parts[depth]
		}
		return
	}
	if m := passedLine.FindStringSubmatch(line); m != nil {
		p.last, _ = strconv.Atoi(m[1])
		p.executions += p.last
		p.cut = p.cut || m[2] != "complete"
		return
	}
	if m := goneLine.FindStringSubmatch(line); m != nil {
		p.kind, p.message = "no deadlock", m[1]
		return
	}
	if m := manyLine.FindStringSubmatch(line); m != nil {
		p.kind, p.message = "deadlock", "in "+m[1]
		return
	}
	if m := failedLine.FindStringSubmatch(line); m != nil {
		p.kind = m[1]
		p.last, _ = strconv.Atoi(m[2])
		return
	}
	if p.kind == "" || p.message != "" {
		return
	}
	message, ok := strings.CutPrefix(strings.TrimSpace(line), p.kind+": ")
	if _, second, two := strings.Cut(line, ": "+p.kind+": "); two {
		message, ok = second, true
	}
	if ok {
		p.message = message
	}
}

// play runs a test of the explorer until a scenario fails or all have ended. That
// it failed is the test's word; what it printed only says how.
func (r *runner) play(ctx context.Context, bin string, u suite, args []string, patience time.Duration) (played, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(limited, bin, append([]string{"-test.v", "-test.failfast"}, args...)...)
	cmd.Dir = filepath.Join(r.root, filepath.FromSlash(u.explored))
	out, err := cmd.CombinedOutput()
	var p played
	for line := range strings.Lines(string(out)) {
		p.read(strings.TrimRight(line, "\n"), 1+strings.Count(u.scenarios, "/"))
	}
	var exit *exec.ExitError
	failed := errors.As(err, &exit)
	_, crash, crashed := strings.Cut(string(out), "\npanic: ")
	switch {
	case ctx.Err() != nil:
		return p, ctx.Err()
	case limited.Err() != nil:
		p.kind, p.message = "hang", "a step does not end"
	case failed && p.kind == "" && crashed:
		p.kind, p.message = "crash", firstLine(crash)
	case failed != (p.kind != "") || err != nil && !failed:
		return p, fmt.Errorf("%s: it ended with %v, but printed:\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return p, nil
}

// scenarios returns the names of a suite's scenarios, in their order.
func (r *runner) scenarios(ctx context.Context, u suite) ([]string, error) {
	r.mu.Lock()
	names := r.names[u.name]
	r.mu.Unlock()
	if names != nil {
		return names, nil
	}
	bin, _, err := r.unchanged(ctx, u)
	if err != nil {
		return nil, err
	}
	args := []string{"-test.v", "-test.run", u.scenarios}
	if !u.fixed {
		args = append(args, "-all", "-bound", "0", "-limit", "1ns")
	}
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Dir = filepath.Join(r.root, filepath.FromSlash(u.explored))
	out, _ := cmd.CombinedOutput() // that it fails, if it does, is found out later
	depth := 1 + strings.Count(u.scenarios, "/")
	for line := range strings.Lines(string(out)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "=== RUN   "); ok {
			if parts := strings.Split(name, "/"); len(parts) == depth+1 && !slices.Contains(names, parts[depth]) {
				names = append(names, parts[depth])
			}
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no scenarios under %s:\n%s", u.explored, u.scenarios, out)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names[u.name] = names
	return names, nil
}
