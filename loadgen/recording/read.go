package recording

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
)

// maxLine is the length of a line that is read. The longest that makes sense has three
// numbers.
const maxLine = 128

// Open reads the recording in a file.
func Open(file string) (*Recording, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(file, f)
}

// Read reads a recording. Errors about its content are of type *[Error], with the given
// name of the file.
func Read(name string, from io.Reader) (*Recording, error) {
	hash := sha256.New()
	in := reader{name: name, lines: bufio.NewReaderSize(io.TeeReader(from, hash), 64<<10)}
	r, err := in.recording()
	if err != nil {
		return nil, err
	}
	r.digest = fmt.Sprintf("%x", hash.Sum(nil))[:digestLength]
	return r, nil
}

// digestLength is the number of hexadecimal digits of a digest: 48 bits tell the loads of a
// user apart, and leave room in the names of cells.
const digestLength = 12

// A reader reads lines and knows where it is.
type reader struct {
	name  string
	lines *bufio.Reader
	line  int // number of the latest line
	buf   []byte
}

var errEnd = errors.New("the end of the file")

const (
	remedyMake  = `make one with "bench record"`
	remedyWhole = "the file was cut, or edited: make it again"
)

func (r *reader) wrong(problem, remedy string) error {
	return &Error{File: r.name, Line: max(1, r.line), Problem: problem, Remedy: remedy}
}

// next returns the next line without its end, or errEnd.
func (r *reader) next() (string, error) {
	r.line++
	r.buf = r.buf[:0]
	for {
		b, err := r.lines.ReadByte()
		switch {
		case err == io.EOF && len(r.buf) == 0:
			return "", errEnd
		case err == io.EOF:
			return "", r.wrong("the line has no end", remedyWhole)
		case err != nil:
			return "", fmt.Errorf("%s:%d: %w", r.name, r.line, err)
		case b == '\n':
			return string(r.buf), nil
		case len(r.buf) == maxLine:
			return "", r.wrong(fmt.Sprintf("a line of more than %d bytes", maxLine), remedyMake)
		}
		r.buf = append(r.buf, b)
	}
}

// field returns the value of a line of the header.
func (r *reader) field(key string) (string, error) {
	line, err := r.next()
	if err == errEnd {
		return "", r.wrong(fmt.Sprintf("the file ends where the header should say %q", key), remedyWhole)
	}
	if err != nil {
		return "", err
	}
	value, ok := strings.CutPrefix(line, key+" ")
	if !ok {
		return "", r.wrong(fmt.Sprintf("want %q and a value, got %.40q", key, line), remedyWhole)
	}
	return value, nil
}

// number returns a number from the header, at most a limit.
func (r *reader) number(key string, least, most int64) (int64, error) {
	text, err := r.field(key)
	if err != nil {
		return 0, err
	}
	n, ok := parse(text)
	if !ok || n < least || n > most {
		return 0, r.wrong(fmt.Sprintf("%s %.40q: want a number from %d to %d", key, text, least, most), "record a shorter time, or make the file again")
	}
	return n, nil
}

func (r *reader) recording() (*Recording, error) {
	first, err := r.next()
	switch {
	case err == errEnd:
		return nil, r.wrong("the file is empty", remedyMake)
	case err != nil:
		return nil, err
	}
	version, ok := strings.CutPrefix(first, "idlebench-load ")
	switch {
	case !ok:
		return nil, r.wrong("not a recorded load, which begins with \"idlebench-load\"", remedyMake)
	case version != strconv.Itoa(Version):
		return nil, r.wrong(fmt.Sprintf("version %.20q of the format; this program reads version %d", version, Version), "make the file again with this program, or use the program that made it")
	}
	source, err := r.field("source")
	if err != nil {
		return nil, err
	}
	if !isWord(source) {
		return nil, r.wrong(fmt.Sprintf("source %.40q: want a word of lower-case letters, digits and '-'", source), remedyMake)
	}
	duration, err := r.number("duration", 1, int64(MaxDuration))
	if err != nil {
		return nil, err
	}
	count, err := r.number("tasks", 1, MaxTasks)
	if err != nil {
		return nil, err
	}
	if tooFast(int(count), time.Duration(duration)) {
		return nil, r.wrong(fmt.Sprintf("%d tasks in %d ns are more than one every %v", count, duration, MinGap), "are the times in nanoseconds?")
	}
	if line, err := r.next(); err != nil && err != errEnd {
		return nil, err
	} else if line != "" || err == errEnd {
		return nil, r.wrong("want an empty line after the header", remedyWhole)
	}
	return r.tasks(source, time.Duration(duration), int(count))
}

// tasks reads the tasks. Memory grows with what is there, not with what the header says.
func (r *reader) tasks(source string, duration time.Duration, count int) (*Recording, error) {
	c := checker{duration: duration}
	for {
		line, err := r.next()
		if err == errEnd {
			if len(c.tasks) != count {
				return nil, r.wrong(fmt.Sprintf("the file ends after %d tasks, and the header says %d", len(c.tasks), count), remedyWhole)
			}
			return &Recording{Source: source, Duration: duration, Tasks: c.tasks}, nil
		}
		if err != nil {
			return nil, err
		}
		if len(c.tasks) == count {
			return nil, r.wrong(fmt.Sprintf("more tasks than the %d of the header", count), remedyWhole)
		}
		t, ok := parseTask(line)
		if !ok {
			return nil, r.wrong(fmt.Sprintf("%.60q is no task: want \"AT SERVICE\" or \"+AFTER SERVICE PARENT\", in whole nanoseconds", line), "the package documentation of loadgen/recording has the format")
		}
		if f := c.add(t); f != nil {
			return nil, r.wrong(f.problem, f.remedy)
		}
	}
}

// parseTask reads the line of a task.
func parseTask(line string) (t Task, ok bool) {
	first, rest, _ := strings.Cut(line, " ")
	after, spawned := strings.CutPrefix(first, "+")
	if !spawned {
		t.Parent = None
		var served bool
		t.At, ok = parse(first)
		t.Service, served = parse(rest)
		return t, ok && served
	}
	service, parent, _ := strings.Cut(rest, " ")
	var ok2, ok3 bool
	var n int64
	t.After, ok = parse(after)
	t.Service, ok2 = parse(service)
	n, ok3 = parse(parent)
	t.Parent = int32(n)
	return t, ok && ok2 && ok3 && n <= math.MaxInt32
}

// parse reads a number as it is written: digits, and no zero before another digit.
func parse(s string) (int64, bool) {
	if s == "" || s[0] < '0' || s[0] > '9' || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

func isWord(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
