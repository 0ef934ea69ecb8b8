// Coverage writes what "make verify" explored as a page, in Markdown. It reads the
// journal of make verify, a folder with
//
//	plan.tsv    the explorations that a whole make verify has
//	record.tsv  the results so far, from the flag -record of package verify's tests
//	model.txt   the results of verify/model/run, once it has passed
//
// If a result is missing, it says what and writes nothing: there is no page of a
// part.
//
//	go run ./verify/coverage bin/verify/0123456789ab > docs/verify.md
//
// Exit status: 0 done, 1 the journal is not whole or cannot be read, 2 usage.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/idlebench/idlebench/verify/origin"
)

func main() {
	if len(os.Args) != 2 || strings.HasPrefix(os.Args[1], "-") {
		fmt.Fprintln(os.Stderr, "usage: coverage journal, such as bin/verify/0123456789ab of make verify")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

// run writes the page. It takes this machine and this source for those of the
// journal, which is the case when make verify calls it.
func run(w io.Writer, journal string) error {
	name := filepath.Join(journal, "record.tsv")
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	lines, err := read(f, name)
	if err != nil {
		return err
	}
	plan, err := os.ReadFile(filepath.Join(journal, "plan.tsv"))
	if err != nil {
		return err
	}
	if err := whole(lines, string(plan)); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(journal, "model.txt")); err != nil {
		return errors.New("not whole: the model was not checked, or not with success; the first part of make verify does it")
	}
	written, err := f.Stat()
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, page(lines, origin.Of(written.ModTime())))
	return err
}

// A line is the result of one strategy on one scenario.
type line struct {
	strategy, subject, scenario string
	outcome                     string // complete, cut or failed
	executions                  int
	known                       int // of the executions, ended in a known deadlock
	took                        time.Duration
}

// key is how the plan names an exploration.
func (l line) key() string { return l.strategy + "\t" + l.subject + "\t" + l.scenario }

// whole returns an error if there are not exactly the explorations of the plan.
func whole(lines []line, plan string) error {
	planned := strings.Split(strings.TrimSuffix(plan, "\n"), "\n")
	found := make(map[string]bool)
	for _, l := range lines {
		if !slices.Contains(planned, l.key()) {
			return fmt.Errorf("the record has %s of %s by %s, which is not in the plan", l.scenario, l.subject, l.strategy)
		}
		found[l.key()] = true
	}
	var missing []string
	for _, key := range planned {
		if !found[key] {
			missing = append(missing, key)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	first := strings.Split(missing[0], "\t")
	return fmt.Errorf("not whole: %d of %d explorations are missing, such as %s", len(missing), len(planned), strings.Join(first, " "))
}

// read returns the results in the record. Of an exploration that was done again,
// since it had failed, it returns the last.
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
		l := line{f[0], f[1], f[2], f[3], executions, known, time.Duration(seconds * float64(time.Second))}
		lines = slices.DeleteFunc(lines, func(before line) bool { return before.key() == l.key() })
		lines = append(lines, l)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %v", name, err)
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s is empty: nothing was explored", name)
	}
	return lines, nil
}
