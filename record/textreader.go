package record

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// longest is the line length, without the newline, at which benchfmt gives up, dropping
// all that follows.
const longest = bufio.MaxScanTokenSize

// What is wrong with a line of a [Text], as [Loss].Kind.
const (
	TooLong    Kind = "too long"    // other readers of the format give up there
	BadComment Kind = "bad comment" // a fact in the comment before the line is malformed
	NoComment  Kind = "no comment"  // other lines of the file have one
	UnitTwice  Kind = "unit twice"
	Hidden     Kind = "hidden"    // it looks like a benchmark line, but does not begin like one
	Control    Kind = "control"   // it has control characters
	Malformed  Kind = "malformed" // it begins like a benchmark line
	BadEvent   Kind = "bad event" // it is not JSON, among lines of go test -json
	Failed     Kind = "failed"    // of a benchmark or package: what it did not measure is missing
)

var errNoComment = errors.New("the line before has no round=…, as others in the file have: take the file as it was written, or all comments out of it")

// ReadText parses a file in the Go benchmark format. The name is for messages.
func ReadText(file string, data []byte) *Text {
	d := decode(file, data)
	r := textReader{
		Text:     &Text{File: file, Mended: d.mended, Lost: d.lost, Lines: make([]Line, 0, bytes.Count(d.data, []byte("\nBenchmark"))+1)},
		rest:     d.data,
		numbers:  d.numbers,
		subjects: map[subjectKey]*Subject{},
		config:   []benchfmt.Config{{Key: ".file"}},
	}
	r.read()
	return r.Text
}

// A textReader parses a text. It is also the input of benchfmt's reader, and hands it
// one line per call. The reader asks for no line before it has parsed the previous one,
// so the fields below describe the line that was parsed last.
type textReader struct {
	*Text
	rest    []byte // lines not handed out yet
	pending []byte // what is left of the line to hand out
	line    []byte // the whole line
	numbers []int  // of the lines that are not handed out yet; nil if they are consecutive

	number     int    // of the line
	facts      *Facts // of the comment before the line; nil if there is none
	refused    bool   // the comment before the line is malformed
	comment    bool   // the line is a comment, but is handed out as if it were not
	configured bool   // there may have been configuration lines since the last result

	nextFacts   *Facts // what the line says about the next one, if it is a comment
	nextRefused bool

	subjects map[subjectKey]*Subject
	config   []benchfmt.Config // in force, led by .file
	pairs    []Pair            // the same without .file
	configs  int               // how many came before

	commented bool      // some line has a comment with facts
	failed    [3]bool   // something was said to have failed, by sum: in the package, in the file
	values    []float64 // spare ones: those of many lines are allocated at once
}

// A subjectKey identifies the subjects that differ only in units.
type subjectKey struct {
	name   string
	config int
}

func (r *textReader) read() {
	var reader benchfmt.Reader
	reader.Reset(r, r.File, ".file", r.File)
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			if !r.refused {
				r.malformed(rec.Msg)
			}
		case *benchfmt.Result:
			r.add(rec)
		}
	}
	r.Units = reader.Units()
	for i := range r.Lines {
		switch l := &r.Lines[i]; {
		case l.Refused:
		case r.commented && l.Facts == nil:
			l.Refused = true
			r.lose(l.Number, NoComment, "the line", errNoComment)
		case l.twice != "":
			l.Refused = true
			r.lose(l.Number, UnitTwice, "the line", fmt.Errorf("unit %s is there twice, so it is unclear which value is meant", l.twice))
		case l.control != nil:
			l.Refused = true
			r.lose(l.Number, Control, "the line", l.control)
		}
	}
	slices.SortStableFunc(r.Lost, func(a, b Loss) int { return cmp.Compare(a.Line, b.Line) })
}

func (r *textReader) lose(line int, kind Kind, what string, err error) {
	r.Lost = append(r.Lost, Loss{File: r.File, Line: line, What: what, Kind: kind, Err: err})
}

// Read hands out the next line, or what did not fit into the buffer before.
func (r *textReader) Read(p []byte) (int, error) {
	if len(r.pending) == 0 {
		if len(r.rest) == 0 {
			return 0, io.EOF
		}
		r.next()
	}
	n := copy(p, r.pending)
	r.pending = r.pending[n:]
	return n, nil
}

// How lines begin.
var (
	beginFacts   = []byte(begin)
	beginComment = []byte(invalidMark)
	beginHidden  = []byte(invalidMark + "Benchmark")
)

// next takes the next line. It empties lines that benchfmt must not see.
func (r *textReader) next() {
	r.facts, r.refused, r.comment = r.nextFacts, r.nextRefused, false
	r.nextFacts, r.nextRefused = nil, false
	var line []byte
	line, r.rest = cutLine(r.rest)
	r.number++
	if r.numbers != nil {
		r.number, r.numbers = r.numbers[0], r.numbers[1:]
	}
	r.line, r.pending = line, line
	switch {
	case len(line) > longest || len(line) == longest && !isLine(line):
		r.lose(r.number, TooLong, "the line", fmt.Errorf("it has %d bytes, and a benchmark line has less than %d", len(line), longest))
		if r.TooLong == nil {
			r.TooLong = fmt.Errorf("%s:%d: %w", r.File, r.number, bufio.ErrTooLong)
		}
		r.pending = []byte("\n")
	case bytes.HasPrefix(line, anyBench): // most lines
	case bytes.HasPrefix(line, beginFacts):
		f, err := parseFacts(string(line))
		if err != nil {
			r.lose(r.number, BadComment, "the launch", err)
			r.nextRefused = true
			break
		}
		r.nextFacts, r.commented = f, true
	case bytes.HasPrefix(line, beginHidden):
		if r.facts != nil && len(r.facts.Invalid) > 0 {
			r.comment = true
			r.pending = line[len(beginComment):]
		}
	case line[0] != '#' && line[0] != '\n':
		r.configured = true
		r.inspect(line)
	}
}

// inspect looks at a line that benchfmt does not read as a benchmark line: whether it
// is one nevertheless, or says that some are missing.
func (r *textReader) inspect(line []byte) {
	if f, ok := failureOf(line); ok {
		r.fail(f)
	} else if at, ok := findResult(line); ok {
		r.lose(r.number, Hidden, "the line", hidden(line, at))
	} else if bytes.IndexByte(line, 0) >= 0 { // in the place of something
		r.lose(r.number, Hidden, "the line", errNUL)
	}
	if ends(line) {
		r.failed[ofPackage] = false
	}
}

// fail records a failure, unless it only repeats another one.
func (r *textReader) fail(f failure) {
	if !r.failed[f.sums] {
		r.lose(r.number, Failed, f.what, f.err)
	}
	r.failed[ofPackage], r.failed[ofRun] = true, true
}

// malformed records a line that begins like a benchmark line and is none.
func (r *textReader) malformed(why string) {
	rest := r.line[max(bytes.IndexAny(r.line, " \t"), 0):]
	if f, ok := deathOf(bytes.TrimLeft(rest, " \t")); ok {
		r.fail(f)
		return
	}
	err := fmt.Errorf("%s: it was cut off, or other output came between its parts: let the benchmark print whole lines, to stderr", why)
	switch {
	case r.line[0] == 'U': // a Unit line
		err = errors.New(why)
	case bytes.IndexByte(r.line, 0x1b) >= 0:
		err = fmt.Errorf("%s: %w", why, errEscapes)
	case bytes.IndexByte(r.line, 0) >= 0:
		err = fmt.Errorf("%s: %w", why, errNUL)
	}
	r.lose(r.number, Malformed, "the line", err)
}

// parseFacts reads the comment before a benchmark line.
func parseFacts(line string) (*Facts, error) {
	f := &Facts{}
	for fact := range strings.FieldsSeq(strings.TrimPrefix(line, "# ")) {
		key, value, ok := strings.Cut(fact, "=")
		var err error
		switch {
		case !ok:
		case key == keyRound:
			f.Round, err = natural(value)
		case key == keyAttempt:
			f.Attempt, err = natural(value)
		case key == keyStart:
			f.Start, err = time.Parse(time.RFC3339Nano, value)
		case key == keyDuration:
			f.Duration, err = time.ParseDuration(value)
		case key == keyInvalid:
			f.Invalid = strings.Split(value, ",")
		case key == keyHlog:
			f.hlog = value
		case key == keyCRC: // of the folder
		default:
			f.Conditions = append(f.Conditions, Pair{Key: key, Value: value})
		}
		if err != nil {
			return nil, fmt.Errorf("malformed %s in the comment before it: %w", key, err)
		}
	}
	return f, nil
}

func natural(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err == nil && n < 0 {
		err = fmt.Errorf("%d is less than 0", n)
	}
	return n, err
}

// add takes a benchmark line.
func (r *textReader) add(rec *benchfmt.Result) {
	if r.configured {
		r.configure(rec.Config)
		r.configured = false
	}
	s := r.subject(rec)
	s.Lines++
	n := len(rec.Values)
	if len(r.values) < n {
		r.values = make([]float64, max(n, 4096))
	}
	values := r.values[:n:n]
	r.values = r.values[n:]
	for i, v := range rec.Values {
		values[i] = v.Value
		if v.OrigUnit != "" {
			values[i] = v.OrigValue
		}
	}
	r.Lines = append(r.Lines, Line{
		Subject: s,
		Number:  r.number,
		N:       int64(rec.Iters),
		Values:  values,
		Facts:   r.facts,
		Comment: r.comment,
		Refused: r.refused,
	})
}

// configure records the configuration in force, led by .file, if it has changed.
func (r *textReader) configure(config []benchfmt.Config) {
	same := func(a, b benchfmt.Config) bool { return a.Key == b.Key && bytes.Equal(a.Value, b.Value) }
	if slices.EqualFunc(r.config[1:], config[1:], same) {
		return
	}
	before := r.config
	r.config = slices.Clone(config)
	r.pairs = make([]Pair, 0, len(config)-1)
	for i, c := range config[1:] {
		// Unchanged parts are shared with the previous one.
		if at := i + 1; at < len(before) && same(before[at], c) {
			r.config[at] = before[at]
		} else {
			r.config[at].Value = bytes.Clone(c.Value)
		}
		r.pairs = append(r.pairs, Pair{c.Key, string(c.Value)})
	}
	r.configs++
}

// subject returns the subject of a line.
func (r *textReader) subject(rec *benchfmt.Result) *Subject {
	first := r.subjects[subjectKey{string(rec.Name), r.configs}]
	for s := first; s != nil; s = s.next {
		if slices.EqualFunc(s.Units, rec.Values, isUnitOf) {
			return s
		}
	}
	s := &Subject{Index: len(r.Subjects), Name: string(rec.Name), Config: r.pairs, results: r.config}
	if cell, err := ParseName(s.Name); err == nil {
		s.Cell = &cell
	}
	seen := map[string]bool{}
	for _, v := range rec.Values {
		u := WrittenUnit{Name: cmp.Or(v.OrigUnit, v.Unit), Scaled: v.OrigUnit != ""}
		u.Factor, u.Base = benchunit.Tidy(1, u.Name)
		s.Units = append(s.Units, u)
		if seen[u.Base] && s.twice == "" {
			s.twice = u.Base
		}
		seen[u.Base] = true
		s.control = cmp.Or(s.control, controlled(u.Name))
	}
	s.control = cmp.Or(s.control, controlled(s.Name))
	if first == nil {
		r.subjects[subjectKey{s.Name, r.configs}] = s
	} else {
		first.next, s.next = s, first.next
	}
	r.Subjects = append(r.Subjects, s)
	return s
}

// controlled says what is wrong with a name or a unit that a terminal may hide or obey;
// nil if nothing is. No benchmark has such a name: package testing quotes it.
func controlled(text string) error {
	for i := range len(text) {
		switch b := text[i]; {
		case b == 0x1b:
			return errEscapes
		case b == 0:
			return errNUL
		case b < ' ' || b == 0x7f:
			return errControl
		}
	}
	return nil
}

func isUnitOf(u WrittenUnit, v benchfmt.Value) bool {
	return u.Scaled == (v.OrigUnit != "") && u.Name == cmp.Or(v.OrigUnit, v.Unit)
}
