package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A journal keeps the launches of a goal in a file, so that a run that was interrupted
// goes on where it was. Its first line says on which machine and from which source they
// were made; each other line is a launch:
//
//	cell <TAB> seed <TAB> wake-ups <TAB> nanoseconds <TAB> "passed" or "failed"
//
// All launches are of one source, since what another did proves nothing about it, and
// nothing is added after one that failed.
type journal struct {
	file    string
	origin  string
	tallies map[string]tally // by manager and parker
}

// A tally is what a manager did with a parker.
type tally struct {
	launches int
	wakes    uint64
	took     time.Duration
}

// A launch is an entry of a journal.
type launch struct {
	cell   string
	seed   uint64
	wakes  uint64
	took   time.Duration
	failed bool
}

func (l launch) String() string {
	outcome := "passed"
	if l.failed {
		outcome = "failed"
	}
	return fmt.Sprintf("%s\t%d\t%d\t%d\t%s", l.cell, l.seed, l.wakes, l.took, outcome)
}

func parseLaunch(line string) (l launch, err error) {
	f := strings.Split(line, "\t")
	if len(f) != 5 || f[4] != "passed" && f[4] != "failed" {
		return l, errors.New("want a cell, a seed, wake-ups, nanoseconds and passed or failed")
	}
	var errs [3]error
	l = launch{cell: f[0], failed: f[4] == "failed"}
	l.seed, errs[0] = strconv.ParseUint(f[1], 10, 64)
	l.wakes, errs[1] = strconv.ParseUint(f[2], 10, 64)
	took, err := strconv.ParseInt(f[3], 10, 64)
	l.took, errs[2] = time.Duration(took), err
	return l, errors.Join(errs[:]...)
}

// openJournal reads the journal in a file. If there is none it begins one for launches
// of the given origin.
func openJournal(file, origin string) (*journal, error) {
	j := &journal{file: file, origin: origin, tallies: make(map[string]tally)}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return nil, err
		}
		return j, os.WriteFile(file, []byte(origin+"\n"), 0o666)
	}
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	j.origin = lines[0]
	for i, line := range lines[1:] {
		l, err := parseLaunch(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, i+2, err)
		}
		if l.failed {
			return nil, fmt.Errorf("%s:%d: %s failed with seed %d; once its cause is gone, begin with another journal", file, i+2, l.cell, l.seed)
		}
		j.count(l)
	}
	return j, nil
}

// of returns an error if the launches are of another machine or source than this.
func (j *journal) of(here string) error {
	if _, there, _ := strings.Cut(j.origin, ", "); there != here {
		return fmt.Errorf("%s is of %s, and this is %s: begin with another journal", j.file, there, here)
	}
	return nil
}

func (j *journal) count(l launch) {
	subject := l.cell[:max(0, strings.LastIndex(l.cell, "/"))]
	t := j.tallies[subject]
	t.launches++
	t.wakes += l.wakes
	t.took += l.took
	j.tallies[subject] = t
}

// add appends a launch.
func (j *journal) add(l launch) error {
	f, err := os.OpenFile(j.file, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, l)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if !l.failed {
		j.count(l)
	}
	return nil
}

// sum is the tally of all.
func (j *journal) sum() (sum tally) {
	for _, t := range j.tallies {
		sum.launches += t.launches
		sum.wakes += t.wakes
		sum.took += t.took
	}
	return sum
}
