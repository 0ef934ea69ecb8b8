package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

var modelRow = regexp.MustCompile(`(?m)^(\S+) +safety +(\d+) +[\d.]+ s +(holds|fails) +(?:holds|fails) *(.*)$`)

// model runs the model, which takes minutes, and returns a cell for each of its
// rows.
func (r *runner) model(ctx context.Context) (map[string]cell, error) {
	folder := filepath.Join(r.root, "verify", "model")
	sum := sha256.New()
	for _, name := range []string{"run", "idle.pml"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		sum.Write(text)
	}
	key := fmt.Sprintf("%x model", sum.Sum(nil)[:12])
	c, ok := r.journal.get(key)
	if !ok {
		cmd := exec.CommandContext(ctx, filepath.Join(folder, "run"))
		// So that it removes its temporary folder.
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		out, err := cmd.Output()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("verify/model/run: %w\n%s", err, out)
		}
		c = cell{Verdict: none, What: string(out)}
		if err := r.journal.put(key, c); err != nil {
			return nil, err
		}
	}
	rows := make(map[string]cell)
	for _, m := range modelRow.FindAllStringSubmatch(c.What, -1) {
		row := cell{Verdict: missed, Where: m[1], What: strings.TrimSpace(m[4])}
		row.N, _ = strconv.Atoi(m[2])
		if m[3] == "fails" {
			row.Verdict = found
		}
		rows[m[1]] = row
	}
	return rows, nil
}
