// Package journal keeps the results of explorations from one "make verify" to the
// next, each with what it depends on, so that a change in one idle manager costs the
// explorations of that manager and no others.
//
// A journal is a folder with two tables, whose columns are separated by tabs:
//
//	plan.tsv    the explorations that a whole make verify has
//	record.tsv  the results, also those of other states of the source
//
// An exploration is a strategy, a manager with a parker, a scenario, and a source: a
// hash of everything that can change the result ([Source], [Row]). A result answers the
// exploration that has the same four. So results never go out of date. What is
// missing is what is in the plan and not in the record.
//
// This package decides nothing that an exploration depends on. It is therefore no part
// of any source.
package journal

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Exploration is one strategy on one scenario with one manager and parker.
type Exploration struct {
	Strategy string // with its bound, such as "bound 3"
	Subject  string // manager/parker
	Scenario string
	Source   string // what the result depends on
}

func (e Exploration) String() string {
	return strings.Join([]string{e.Strategy, e.Subject, e.Scenario, e.Source}, "\t")
}

// A Result is how an exploration ended.
type Result struct {
	Exploration
	Outcome    Outcome
	Executions int
	Known      int // of the executions, ended in a known deadlock
	Took       time.Duration
}

func (r Result) String() string {
	return fmt.Sprintf("%v\t%s\t%d\t%d\t%.3f", r.Exploration, r.Outcome, r.Executions, r.Known, r.Took.Seconds())
}

// An Outcome says whether everything was explored.
type Outcome string

// The outcomes.
const (
	Complete Outcome = "complete"
	Cut      Outcome = "cut"    // a limit ended it
	Failed   Outcome = "failed" // it found a defect
)

// Append appends a line to a file that other processes append to as well.
func Append(name string, line fmt.Stringer) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line.String() + "\n")
	return errors.Join(err, f.Close())
}

// ReadPlan reads the explorations of a plan.
func ReadPlan(name string) (plan []Exploration, err error) {
	err = read(name, func(line string) error {
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			return fmt.Errorf("%d columns, want 4: was it written by make verify?", len(f))
		}
		plan = append(plan, Exploration{f[0], f[1], f[2], f[3]})
		return nil
	})
	return plan, err
}

// A Record has the results so far.
type Record map[Exploration]Result

// ReadRecord reads a record; there need not be one. If an exploration was done
// again, because it had failed, it takes the last result.
func ReadRecord(name string) (Record, error) {
	record := make(Record)
	err := read(name, func(line string) error {
		r, err := parse(line)
		record[r.Exploration] = r
		return err
	})
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return record, err
}

// Has reports whether an exploration need not be done again.
func (r Record) Has(e Exploration) bool {
	result, ok := r[e]
	return ok && result.Outcome != Failed
}

// parse is the inverse of Result.String.
func parse(line string) (r Result, err error) {
	f := strings.Split(line, "\t")
	if len(f) != 8 {
		return r, fmt.Errorf("%d columns, want 8: was it written by make verify?", len(f))
	}
	r.Exploration = Exploration{f[0], f[1], f[2], f[3]}
	r.Outcome = Outcome(f[4])
	if !slices.Contains([]Outcome{Complete, Cut, Failed}, r.Outcome) {
		return r, fmt.Errorf("outcome %q: want complete, cut or failed", f[4])
	}
	if r.Executions, err = strconv.Atoi(f[5]); err != nil {
		return r, fmt.Errorf("executions: %w", err)
	}
	if r.Known, err = strconv.Atoi(f[6]); err != nil {
		return r, fmt.Errorf("known deadlocks: %w", err)
	}
	seconds, err := strconv.ParseFloat(f[7], 64)
	if err != nil {
		return r, fmt.Errorf("seconds: %w", err)
	}
	r.Took = time.Duration(seconds * float64(time.Second))
	return r, nil
}

// read passes the lines of a file to a function. Its errors get the number of the
// line.
func read(name string, line func(string) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	in := bufio.NewScanner(file)
	for n := 1; in.Scan(); n++ {
		if err := line(in.Text()); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
