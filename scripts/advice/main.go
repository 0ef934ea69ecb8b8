// Advice shows whether the advice of "bench advise" can be relied on, and writes the
// outcome to docs/advice.md.
//
//	go run ./scripts/advice            # or "make advice"
//	go run ./scripts/advice -judge     judges what is there, without measuring
//
// It advises on made-up runs whose right answers are known. Then it measures a run of
// several designs and parkers, follows the advice, and measures again, in a fresh run,
// the choice beside what it replaces and every candidate that was not shown to be worse.
// The advice holds if the fresh gain lies in the interval that was promised.
//
// The runs are in bin/advice. An interrupted one goes on with the same command; to measure
// again, remove the folder.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/scripts/measured"
	"github.com/idlebench/idlebench/stats/advice"
	"github.com/idlebench/idlebench/stats/advice/planted"
)

const (
	page   = "docs/advice.md"
	folder = "bin/advice"

	checks = 10000 // made-up runs
	seed   = 1
)

// load is what both runs measure. Wake has a short and a long gap, so that the spin budget
// is worth its price in one and not in the other.
var load = []string{
	"-count", "24", "-workload", "wake,poisson,ping_pong,trickle", "-param", "gap=20us", "-param", "gap=2ms",
	"-param", "load=0.2", "-param", "submitter=block",
}

// first are the candidates of the first run.
var first = []string{"-impl", "bitmap,mutexonly,multithread,relay", "-park", "futex,spin-futex-20us"}

func main() {
	judgeOnly := flag.Bool("judge", false, "do not measure")
	flag.Parse()
	if err := prove(*judgeOnly); err != nil {
		fmt.Fprintln(os.Stderr, "advice:", err)
		os.Exit(1)
	}
}

func prove(judgeOnly bool) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	var table strings.Builder
	fmt.Fprintf(&table, "\n`bench advise -check %d -seed %d`:\n\n", checks, seed)
	if err := planted.Check(seed, checks).Write(&table); err != nil {
		return err
	}
	table.WriteString("\n")
	written, err := replace.Marked(string(text), "planted", table.String())
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	advised, err := run(filepath.Join(folder, "advised"), slices.Concat(first, load), judgeOnly)
	if err != nil {
		return err
	}
	data, err := advice.FromRun(advised)
	if err != nil {
		return err
	}
	a, err := advice.Advise(data, advice.Balanced, advice.Candidate{})
	if err != nil {
		return err
	}
	followed, err := run(filepath.Join(folder, "followed"), slices.Concat(candidates(a), load), judgeOnly)
	if err != nil {
		return err
	}
	fresh, err := advice.FromRun(followed)
	if err != nil {
		return err
	}
	written, err = replace.Marked(written, "followed", outcome(a, fresh, where(advised), where(followed)))
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	return replace.File(page, []byte(written))
}

// candidates are the flags for all designs and parkers that the fresh run compares.
func candidates(a advice.Advice) []string {
	var designs, parkers []string
	add := func(list *[]string, name string) {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	all := append([]advice.Candidate{a.Current, a.Choice}, a.Rivals...)
	if a.Best != nil {
		all = append(all, *a.Best)
	}
	for _, c := range all {
		add(&designs, c.Design)
		add(&parkers, c.Parker)
	}
	return []string{"-impl", strings.Join(designs, ","), "-park", strings.Join(parkers, ",")}
}

// run returns the whole run of a folder, which it measures unless only to judge.
func run(dir string, flags []string, judgeOnly bool) (record.Run, error) {
	if !judgeOnly {
		if _, err := measured.Folder(dir, flags); err != nil {
			return record.Run{}, err
		}
	}
	if err := measured.Whole(dir); err != nil {
		return record.Run{}, err
	}
	return record.ReadLaunches(dir)
}
