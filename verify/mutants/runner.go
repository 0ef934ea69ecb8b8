package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// A runner builds mutants and tries strategies on them.
type runner struct {
	root, temp string
	limits     limits
	journal    *journal
	log        io.Writer
	attempt    func(context.Context, suite, []mutant, string, []strategy) (map[string]cell, error) // try, but for tests

	mu    sync.Mutex
	names map[string][]string  // by suite: scenarios
	bins  map[string][2]string // by suite: the explorer's test of the unchanged code, its checksum

	progress struct {
		sync.Mutex
		done, all int
		fresh     int // done that were not in the journal
		start     time.Time
	}
}

func newRunner(root, journalName string, l limits, log io.Writer) (*runner, error) {
	j, err := openJournal(journalName)
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return nil, err
	}
	r := &runner{root: root, temp: temp, limits: l, journal: j, log: log, names: make(map[string][]string), bins: make(map[string][2]string)}
	r.attempt = r.try
	return r, nil
}

func (r *runner) close() {
	r.journal.file.Close()
	os.RemoveAll(r.temp)
}

// unchanged builds a suite's scenarios, once, and returns the test and its
// checksum.
func (r *runner) unchanged(ctx context.Context, u suite) (bin, sum string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b, ok := r.bins[u.name]; ok {
		return b[0], b[1], nil
	}
	_, bin, err = r.build(ctx, u, exploring)
	if err != nil {
		return "", "", err
	}
	if sum, err = checksum(bin); err != nil {
		return "", "", err
	}
	r.bins[u.name] = [2]string{bin, sum}
	return bin, sum, nil
}

func checksum(file string) (string, error) {
	text, err := os.ReadFile(file)
	sum := sha256.Sum256(text)
	return fmt.Sprintf("%x", sum[:12]), err
}

// build builds a suite's test with the given mutants in a folder of its own.
func (r *runner) build(ctx context.Context, u suite, mode string, seeded ...mutant) (dir, bin string, err error) {
	dir, err = os.MkdirTemp(r.temp, "build")
	if err != nil {
		return "", "", err
	}
	overlay, err := overlay(r.root, dir, seeded...)
	if err != nil {
		return dir, "", err
	}
	bin = filepath.Join(dir, "test.exe")
	args := []string{"test", "-c", "-overlay", overlay, "-o", bin}
	folder := u.stressed
	switch mode {
	case exploring:
		folder = u.explored
		args = append(args, "-tags", "explore")
	case race:
		args = append(args, "-race")
	case perturb:
		args = append(args, "-tags", "perturb")
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+folder)...)
	cmd.Dir = r.root
	if out, err := cmd.CombinedOutput(); err != nil {
		return dir, "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return dir, bin, nil
}

// perturbs reports whether the module has the tag perturb.
func (r *runner) perturbs() bool {
	list := func(tags string) []byte {
		cmd := exec.Command("go", "list", "-tags", tags, "-f", "{{.GoFiles}}", "./impls/prim")
		cmd.Dir = r.root
		out, _ := cmd.Output()
		return out
	}
	return !bytes.Equal(list(""), list("perturb"))
}

// try fills the cells of one build: of a mutant, or of the unchanged code if
// there is none.
func (r *runner) try(ctx context.Context, u suite, seeded []mutant, mode string, tried []strategy) (map[string]cell, error) {
	cells := make(map[string]cell)
	tried = slices.DeleteFunc(slices.Clone(tried), func(s strategy) bool { return s.build != mode })
	if mode == exploring && u.fixed {
		for _, s := range tried {
			cells[s.name] = cell{Verdict: none}
		}
		tried = slices.DeleteFunc(tried, func(s strategy) bool { return s.name != "reduced" })
	}
	if len(tried) == 0 {
		return cells, nil
	}
	dir, bin, err := r.build(ctx, u, mode, seeded...)
	defer os.RemoveAll(dir)
	if err != nil {
		return nil, err
	}
	sum, err := checksum(bin)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(tried, func(a, b strategy) int {
		return slices.Index(cheapestFirst, a.name) - slices.Index(cheapestFirst, b.name)
	})
	first, e := "", expected(seeded)
	for _, s := range tried {
		key := fmt.Sprintf("%s %s %s %d %v %s %s", sum, u.name, s.name, s.times, r.limits, first, e)
		if mode != exploring && u.skip != "" {
			key += " without " + u.skip
		}
		c, ok := r.journal.get(key)
		if !ok {
			if mode == exploring {
				c, err = r.explore(ctx, bin, u, s, first, e)
				if err == nil && c.Verdict == found && e != unchanged {
					err = r.acquit(ctx, u, s, c)
				}
			} else {
				c, err = r.stress(ctx, bin, u)
			}
			if err != nil {
				return nil, err
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if err := r.journal.put(key, c); err != nil {
				return nil, err
			}
		}
		cells[s.name] = c
		if first == "" && c.Verdict == found {
			first = c.Where
		}
		r.tell(nameOf(u, seeded), s, c, !ok)
	}
	return cells, nil
}

// expected says what the seeded mutant is expected to do.
func expected(seeded []mutant) expectation {
	switch {
	case len(seeded) == 0:
		return unchanged
	case seeded[0].harmless != "":
		return harmless
	}
	return harmful
}

func nameOf(u suite, seeded []mutant) string {
	if len(seeded) == 0 {
		return u.name + " unchanged"
	}
	return seeded[0].name
}

// skip counts results that are not needed.
func (r *runner) skip(n int) {
	r.progress.Lock()
	defer r.progress.Unlock()
	r.progress.all -= n
}

// tell prints what was found out, and how long the rest may take.
func (r *runner) tell(who string, s strategy, c cell, fresh bool) {
	p := &r.progress
	p.Lock()
	defer p.Unlock()
	p.done++
	left := ""
	if fresh {
		p.fresh++
		d := time.Since(p.start) / time.Duration(p.fresh) * time.Duration(p.all-p.done)
		left = fmt.Sprintf("; %v left", d.Round(time.Second))
	}
	fmt.Fprintf(r.log, "%d/%d %s, %s: %v%s\n", p.done, p.all, who, s.name, c, left)
}
