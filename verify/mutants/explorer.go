package main

import (
	"bufio"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// explore tries a strategy of the explorer on a test binary, scenario by
// scenario. A deadlock in a scenario that is known for it does not count. For the
// unchanged code known is nil; then deadlocks are noted and do not end it.
//
// First is the scenario in which another strategy found the mutant, if one has:
// it is tried first, with ten times the limits, and the others only in passing.
func (r *runner) explore(ctx context.Context, bin string, u suite, s strategy, known []string, first string) (cell, error) {
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
		c, err = r.round(ctx, bin, u, s, round.limits, round.names, known)
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

// round explores scenarios, within the limits.
func (r *runner) round(ctx context.Context, bin string, u suite, s strategy, l limits, names, known []string) (cell, error) {
	c := cell{Verdict: missed}
	control := known == nil
	for len(names) > 0 {
		args := []string{"-test.v", "-test.run", u.scenarios + "/^(" + strings.Join(names, "|") + ")$"}
		if !u.fixed {
			args = append(args, "-all", "-minimise", "0", "-limit", l.scenario.String())
			args = append(args, s.args...)
			if s.random {
				args = append(args, "-executions", strconv.Itoa(l.executions))
			}
		}
		p, err := r.play(ctx, bin, u, args, time.Duration(len(names))*(l.scenario+5*time.Second))
		if err != nil {
			return c, err
		}
		c.N += p.executions
		if p.cut && !s.random {
			c.Verdict = cut
		}
		if p.kind == "" {
			break
		}
		switch {
		case control && p.kind == "deadlock":
			c.Known = append(c.Known, p.scenario)
		case !control && p.kind == "deadlock" && slices.Contains(known, p.scenario):
		case !control && p.kind == "deadlock" && u.weak:
			if innocent, err := r.deadlocks(ctx, u, p.scenario); err != nil {
				return c, err
			} else if !innocent {
				return p.cell(), nil
			}
		default:
			return p.cell(), nil
		}
		names = names[slices.Index(names, p.scenario)+1:]
	}
	return c, nil
}

// A played is what a run of the explorer printed.
type played struct {
	executions int    // of all scenarios that did not fail
	cut        bool   // a limit ended one of them
	scenario   string // that failed
	kind       string // of the failure, or empty
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
	passedLine = regexp.MustCompile(`: (\d+) executions, at most \d+ steps, (complete|cut by a limit)`)
	failedLine = regexp.MustCompile(`: failed \((.+)\) in execution (\d+) of`)
)

// read takes up a line. Done says that the failure has been told.
func (p *played) read(line string, depth int) (done bool) {
	if name, ok := strings.CutPrefix(line, "=== RUN   "); ok {
		if parts := strings.Split(name, "/"); len(parts) == depth+1 {
			p.scenario = parts[depth]
		}
		return false
	}
	if m := passedLine.FindStringSubmatch(line); m != nil {
		n, _ := strconv.Atoi(m[1])
		p.executions += n
		p.cut = p.cut || m[2] != "complete"
		return false
	}
	if m := failedLine.FindStringSubmatch(line); m != nil && p.kind == "" {
		p.kind = m[1]
		p.last, _ = strconv.Atoi(m[2])
		return p.kind == "deadlock" // the message says no more
	}
	if p.kind == "" {
		return false
	}
	message, ok := strings.CutPrefix(strings.TrimSpace(line), p.kind+": ")
	if _, second, two := strings.Cut(line, ": "+p.kind+": "); two {
		message, ok = second, true
	}
	if ok {
		p.message = message
	}
	return ok
}

// play runs a test of the explorer until a scenario fails or all have ended.
func (r *runner) play(ctx context.Context, bin string, u suite, args []string, patience time.Duration) (played, error) {
	outer := ctx
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Dir = filepath.Join(r.root, filepath.FromSlash(u.explored))
	out, err := cmd.StdoutPipe()
	if err != nil {
		return played{}, err
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return played{}, err
	}
	var p played
	var said []string
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	depth := 1 + strings.Count(u.scenarios, "/")
	for lines.Scan() {
		line := lines.Text()
		said = append(said, line)
		kind := p.kind
		if p.read(line, depth) {
			cancel() // the rest is a schedule
			break
		}
		if kind == "" && p.kind != "" {
			// A shorter schedule is being looked for. The message comes after
			// that, and is worth waiting for, but not for long.
			time.AfterFunc(5*time.Second, cancel)
		}
	}
	late := ctx.Err() == context.DeadlineExceeded
	err = cmd.Wait()
	switch {
	case outer.Err() != nil:
		return p, outer.Err()
	case p.kind != "":
		return p, nil
	case late:
		p.kind, p.message = "hang", "a step does not end"
		return p, nil
	case err != nil && len(said) > 0 && strings.Contains(strings.Join(said, "\n"), "panic: "):
		p.kind, p.message = "crash", firstLine(strings.Join(said[slices.IndexFunc(said, func(l string) bool { return strings.HasPrefix(l, "panic: ") }):], "\n"))
		return p, nil
	case err != nil:
		return p, fmt.Errorf("%s: %w\n%s%s", strings.Join(cmd.Args, " "), err, strings.Join(said, "\n"), &stderr)
	}
	return p, nil
}

// deadlocks reports whether the unchanged code deadlocks in a scenario: whether
// random schedules show it, more of them than a mutant is given.
func (r *runner) deadlocks(ctx context.Context, u suite, scenario string) (bool, error) {
	r.trial.Lock()
	defer r.trial.Unlock()
	bin, sum, err := r.unchanged(ctx, u)
	if err != nil {
		return false, err
	}
	executions := 20 * r.limits.executions
	key := fmt.Sprintf("%s %s %s unchanged, %d executions", sum, u.name, scenario, executions)
	c, ok := r.journal.get(key)
	if ok {
		return c.Verdict == found, nil
	}
	for _, strategy := range []string{"random", "pct"} {
		p, err := r.play(ctx, bin, u, []string{"-test.v", "-test.run", u.scenarios + "/^" + scenario + "$", "-all", "-minimise", "0",
			"-strategy", strategy, "-executions", strconv.Itoa(executions), "-limit", "1m"}, 2*time.Minute)
		if err != nil {
			return false, err
		}
		c = cell{Verdict: missed, N: p.executions}
		if p.kind != "" {
			c = p.cell()
			break
		}
	}
	return c.Verdict == found, r.journal.put(key, c)
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
			if parts := strings.Split(name, "/"); len(parts) == depth+1 {
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
