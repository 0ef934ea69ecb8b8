package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// show prints what a mutant changes, and a schedule that kills it, as the first
// strategy of the explorer tells it that finds one.
func (r *runner) show(ctx context.Context, w io.Writer, m mutant) error {
	u, err := m.suite()
	if err != nil {
		return err
	}
	io.WriteString(w, m.diff())
	_, bin, err := r.build(ctx, u, exploring, m)
	if err != nil {
		return err
	}
	for _, s := range strategies {
		if s.build != exploring || u.fixed && s.name != "reduced" {
			continue
		}
		c, err := r.explore(ctx, bin, u, s, "", harmful)
		if err != nil {
			return err
		}
		if c.Verdict != found {
			continue
		}
		fmt.Fprintf(w, "\nA schedule that kills it, found by %s; it can be run again only with the change:\n\n", s.name)
		args := []string{"-test.failfast", "-test.run", u.scenarios + "/^" + c.Where + "$"}
		if !u.fixed {
			args = append(args, "-all", "-executions", strconv.Itoa(c.N))
			args = append(args, s.args...)
		}
		cmd := exec.CommandContext(ctx, bin, args...)
		cmd.Dir = filepath.Join(r.root, filepath.FromSlash(u.explored))
		out, err := cmd.CombinedOutput()
		w.Write(out)
		if err == nil {
			return errors.New("it was found, and then was not")
		}
		return ctx.Err()
	}
	fmt.Fprintf(w, "\nThe explorer has no schedule that kills it. %s\n", m.harmless)
	return nil
}

// diff is what the mutant changes, as people read it.
func (m mutant) diff() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n--- %s\n", m.name, m.breaks, m.file)
	for _, part := range []struct{ sign, text string }{{"-", m.old}, {"+", m.new}} {
		for line := range strings.Lines(strings.TrimSuffix(part.text, "\n") + "\n") {
			b.WriteString(part.sign + line)
		}
	}
	return b.String()
}
