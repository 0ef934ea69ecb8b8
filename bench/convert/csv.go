package convert

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/loadgen/recording"
)

// Limits of what is read of other programs' files. An id counts in memory.
const (
	maxInput = 1 << 30
	maxID    = 64
)

// byteOrderMark is how some programs begin text in UTF-8.
const byteOrderMark = "\ufeff"

// CSV makes a recording of a list of tasks, which the package documentation describes. If
// sorted is not set, the list has to be in the order of arrivals. Errors about the content
// are of type *recording.Error, with the given name of the file.
func CSV(name string, from io.Reader, sort bool) (*recording.Recording, error) {
	in := bufio.NewReader(&limited{r: from, left: maxInput})
	if begin, _ := in.Peek(len(byteOrderMark)); string(begin) == byteOrderMark {
		_, _ = in.Discard(len(byteOrderMark)) // it is there
	}
	l := list{name: name, csv: csv.NewReader(in)}
	l.csv.ReuseRecord = true
	if err := l.header(); err != nil {
		return nil, err
	}
	if err := l.read(sort); err != nil {
		return nil, err
	}
	if err := l.parents(); err != nil {
		return nil, err
	}
	start, end, err := l.span()
	if err != nil {
		return nil, err
	}
	r, i, err := assemble("csv", l.tasks, start, end)
	if err != nil {
		if i >= 0 {
			return nil, l.wrong(l.tasks[i].line, err.Error(), "check the line, and the units of the columns")
		}
		return nil, l.wrong(1, err.Error(), "check the columns and their units")
	}
	return r, nil
}

// A list reads a list of tasks.
type list struct {
	name    string
	csv     *csv.Reader
	columns map[string]column
	tasks   []task
	parent  []string       // of each task, until they are looked up
	id      map[string]int // of each task that has one
}

// A column is where a value is, and what a time is multiplied by.
type column struct {
	index int
	unit  int64
}

var units = map[string]int64{"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}

func (l *list) wrong(line int, problem, remedy string) error {
	return &recording.Error{File: l.name, Line: max(1, line), Problem: problem, Remedy: remedy}
}

const columnsRemedy = "the first line names the columns: arrival_ns,service_ns, and optionally id, parent and after_ns"

// next returns the next line's values, and its number.
func (l *list) next() ([]string, int, error) {
	values, err := l.csv.Read()
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		return nil, 0, l.wrong(parse.Line, parse.Err.Error(), "the file was cut, or is no list of values separated by commas")
	case err != nil:
		return nil, 0, err
	}
	line, _ := l.csv.FieldPos(0)
	return values, line, nil
}

func (l *list) header() error {
	values, _, err := l.next()
	if err == io.EOF {
		return l.wrong(1, "the file is empty", columnsRemedy)
	}
	if err != nil {
		return err
	}
	l.columns = make(map[string]column)
	for i, text := range values {
		name := strings.ToLower(strings.TrimSpace(text))
		what, unit, timed := strings.Cut(name, "_")
		c := column{i, units[unit]}
		switch what {
		case "arrival", "service", "after":
			if !timed || c.unit == 0 {
				return l.wrong(1, fmt.Sprintf("column %.40q has no unit", text), fmt.Sprintf("call it %s_ns, %s_us, %s_ms or %s_s", what, what, what, what))
			}
		case "id", "parent":
			what = name
		default:
			continue
		}
		if _, twice := l.columns[what]; twice {
			return l.wrong(1, fmt.Sprintf("two columns for %s", what), columnsRemedy)
		}
		l.columns[what] = c
	}
	for _, what := range []string{"arrival", "service"} {
		if _, ok := l.columns[what]; !ok {
			return l.wrong(1, fmt.Sprintf("no column for %s in %.80q", what, strings.Join(values, ",")), columnsRemedy)
		}
	}
	for _, what := range []string{"id", "after"} {
		_, parent := l.columns["parent"]
		_, ok := l.columns[what]
		if what == "id" && parent && !ok || what == "after" && ok && !parent {
			return l.wrong(1, "parent needs id, and after needs parent", columnsRemedy)
		}
	}
	return nil
}

// read reads all tasks; their parents are texts then.
func (l *list) read(sort bool) error {
	l.id = make(map[string]int)
	last := int64(math.MinInt64)
	for {
		values, line, err := l.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if len(l.tasks) == recording.MaxTasks {
			return l.wrong(line, fmt.Sprintf("more than %d tasks", recording.MaxTasks), fmt.Sprintf("record a shorter time, or keep the first: head -n %d", recording.MaxTasks+1))
		}
		t := task{parent: none, after: -1, line: line}
		for what, to := range map[string]*int64{"arrival": &t.at, "service": &t.service, "after": &t.after} {
			c, ok := l.columns[what]
			if !ok || what == "after" && values[c.index] == "" {
				continue
			}
			if *to, err = parseTime(strings.TrimSpace(values[c.index]), c.unit); err != nil {
				return l.wrong(line, fmt.Sprintf("%s %.40q: %v", what, values[c.index], err), "want a time such as 1200 or 1.5, not negative")
			}
		}
		if t.at < last && !sort {
			return l.wrong(line, "it arrives before the one on the line above", "sort the list, or add -sort")
		}
		last = t.at
		if err := l.family(values, line); err != nil {
			return err
		}
		l.tasks = append(l.tasks, t)
	}
}

// family keeps a task's id, and its parent's.
func (l *list) family(values []string, line int) error {
	c, ok := l.columns["id"]
	if !ok {
		return nil
	}
	id := values[c.index]
	if len(id) > maxID {
		return l.wrong(line, fmt.Sprintf("an id of %d bytes", len(id)), fmt.Sprintf("want at most %d", maxID))
	}
	if id != "" {
		if _, twice := l.id[id]; twice {
			return l.wrong(line, fmt.Sprintf("the id %.40q is there twice", id), "each task needs an id of its own")
		}
		l.id[strings.Clone(id)] = len(l.tasks)
	}
	if c, ok := l.columns["parent"]; ok {
		parent := values[c.index]
		if len(parent) > maxID {
			return l.wrong(line, fmt.Sprintf("a parent's id of %d bytes", len(parent)), fmt.Sprintf("want at most %d", maxID))
		}
		l.parent = append(l.parent, strings.Clone(parent))
	}
	return nil
}

// parents looks the parents up. A task whose parent is not in the list came from outside.
func (l *list) parents() error {
	for i, name := range l.parent {
		t := &l.tasks[i]
		p, ok := l.id[name]
		if name == "" || !ok {
			continue
		}
		parent := l.tasks[p]
		if t.at < parent.at {
			return l.wrong(t.line, fmt.Sprintf("it arrives before its parent, on line %d", parent.line), "check the column parent, and the clocks")
		}
		t.parent = p
		if t.after < 0 {
			t.after = t.at - parent.at
		}
		t.after = min(t.after, parent.service)
	}
	l.parent = nil
	return nil
}

// span returns when the recording begins and ends.
func (l *list) span() (start, end int64, err error) {
	if len(l.tasks) < 2 {
		return 0, 0, l.wrong(1, "fewer than two tasks", "a load has at least two: the time between them says how often they come")
	}
	byArrival := func(a, b task) int { return int(min(1, max(-1, a.at-b.at))) }
	start, last := slices.MinFunc(l.tasks, byArrival).at, slices.MaxFunc(l.tasks, byArrival).at
	if last-start > int64(recording.MaxDuration)/2 && last-start > int64(recording.MaxDuration)-(last-start)/int64(len(l.tasks)-1) {
		return 0, 0, l.wrong(1, fmt.Sprintf("arrivals over %d ns", last-start), fmt.Sprintf("want at most %v; is the unit of the column right?", recording.MaxDuration))
	}
	if last == start {
		return 0, 0, l.wrong(1, "all tasks arrive at the same time", "is the unit of the column arrival fine enough?")
	}
	return start, last + max(1, (last-start)/int64(len(l.tasks)-1)), nil
}

// parseTime reads a time that is not negative, exactly; what is finer than a nanosecond is
// cut off.
func parseTime(text string, unit int64) (int64, error) {
	whole, fraction, dotted := strings.Cut(text, ".")
	if whole == "" || dotted && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return 0, errors.New("not a time")
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > (math.MaxInt64-unit)/unit {
		return 0, errors.New("too large")
	}
	ns := n * unit
	for digit := unit / 10; digit > 0 && fraction != ""; digit /= 10 {
		ns += digit * int64(fraction[0]-'0')
		fraction = fraction[1:]
	}
	return ns, nil
}

// A limited reader fails instead of reading more than that many bytes.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("more than %d MiB: record a shorter time", maxInput>>20)
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}
