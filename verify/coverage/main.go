// Coverage writes what "make verify" explored as a page, in Markdown, from the
// record that the tests of package verify leave with their flag -record: a line for
// each scenario, manager and parker, and strategy.
//
//	go run ./verify/coverage bin/verify.tsv > docs/verify.md
//
// Exit status: 0 done, 1 the record cannot be read, 2 usage.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/idlebench/idlebench/verify/origin"
)

func main() {
	if len(os.Args) != 2 || strings.HasPrefix(os.Args[1], "-") {
		fmt.Fprintln(os.Stderr, "usage: coverage record, such as bin/verify.tsv of make verify")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

// run writes the page. That the record was made on this machine, from this source,
// is so when make verify calls it.
func run(w io.Writer, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	lines, err := read(f, name)
	if err != nil {
		return err
	}
	written, err := f.Stat()
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, page(lines, origin.Of(written.ModTime())))
	return err
}

// A line is what one strategy found of one scenario.
type line struct {
	strategy, subject, scenario string
	outcome                     string // complete, cut or failed
	executions                  int
	known                       int // of which ended in a known deadlock
	took                        time.Duration
}

func read(r io.Reader, name string) (lines []line, err error) {
	in := bufio.NewScanner(r)
	for n := 1; in.Scan(); n++ {
		f := strings.Split(in.Text(), "\t")
		if len(f) != 7 {
			return nil, fmt.Errorf("%s:%d: %d fields, want 7: was it written by make verify?", name, n, len(f))
		}
		executions, err := strconv.Atoi(f[4])
		if err != nil {
			return nil, fmt.Errorf("%s:%d: executions: %v", name, n, err)
		}
		known, err := strconv.Atoi(f[5])
		if err != nil {
			return nil, fmt.Errorf("%s:%d: known deadlocks: %v", name, n, err)
		}
		seconds, err := strconv.ParseFloat(f[6], 64)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: seconds: %v", name, n, err)
		}
		if !slices.Contains([]string{"complete", "cut", "failed"}, f[3]) {
			return nil, fmt.Errorf("%s:%d: outcome %q: want complete, cut or failed", name, n, f[3])
		}
		lines = append(lines, line{f[0], f[1], f[2], f[3], executions, known, time.Duration(seconds * float64(time.Second))})
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %v", name, err)
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s is empty: nothing was explored", name)
	}
	return lines, nil
}
