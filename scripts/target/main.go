// Target measures the suite's own design against the three that it has to beat, and
// writes the outcome to docs/target.md, which says what is measured and what counts.
//
//	go run ./scripts/target            # or "make target"
//	go run ./scripts/target -judge     judges what is there, without measuring
//
// The measurement is two runs of bin/bench with fixed flags, in results/target. An
// interrupted one goes on with the same command; to measure again, remove the folder. All
// judged comparisons of both runs are one family.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/scripts/measured"
)

const (
	design = "relay"
	page   = "docs/target.md"
	folder = "results/target"
)

// A run is one of the two.
type run struct {
	name string
	args []string
}

var (
	common = []string{"-impl", design + ",bitmap,multithread,gosched", "-park", "futex,go-cond", "-count", "24"}

	runs = []run{
		{"default", nil},
		{"two-workers", []string{"-workload", "fork_join,skynet,burst,remote_spawn,ramp_up", "-workers", "2"}},
	}
)

func main() {
	judgeOnly := flag.Bool("judge", false, "do not measure")
	flag.Parse()
	if err := target(*judgeOnly); err != nil {
		fmt.Fprintln(os.Stderr, "target:", err)
		os.Exit(1)
	}
}

func target(judgeOnly bool) error {
	var inputs []*source.Input
	for _, r := range runs {
		dir := filepath.Join(folder, r.name)
		if !judgeOnly {
			if err := r.measure(dir); err != nil {
				return err
			}
		}
		if err := measured.Whole(dir); err != nil {
			return err
		}
		s, err := source.Open("", dir)
		if err != nil {
			return err
		}
		inputs = append(inputs, s.Inputs[0])
	}
	o, err := judge(inputs, design)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	written, err := replace.Marked(string(text), "target", o.text())
	if err != nil {
		return err
	}
	return replace.File(page, []byte(written))
}

// measure makes sure that a folder has the whole run.
func (r run) measure(dir string) error {
	fresh, err := measured.Folder(dir, slices.Concat(common, r.args))
	if err != nil || !fresh {
		return err
	}
	return record.Pack(dir)
}
