package source

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
	"golang.org/x/perf/benchunit"

	"github.com/idlebench/idlebench/record"
)

// maxLine is the length at which benchfmt gives up, with all that follows.
const maxLine = 64 << 10

// commentPrefix begins the comment before a launch in the suite's files.
var commentPrefix = []byte("# round=")

// invalidPrefix begins the benchmark line of a launch that is invalid.
var invalidPrefix = []byte("# Benchmark")

// A benchFile is a benchmark file while it is read.
type benchFile struct {
	*Source
	in       *Input
	filter   *benchproc.Filter
	comments map[int]record.Launch // by the line behind them
	unusable map[int]bool          // lines
	cells    cells
	units    map[string]int // indices in in.Units, by base unit
	config   map[string]string
}

// benchmarks reads a file in the Go benchmark format.
func (s *Source) benchmarks(in *Input, data []byte, filter *benchproc.Filter) {
	f := &benchFile{
		Source:   s,
		in:       in,
		filter:   filter,
		comments: map[int]record.Launch{},
		unusable: map[int]bool{},
		cells:    newCells(in),
		units:    map[string]int{},
		config:   map[string]string{},
	}
	in.Text = data
	lines := 0
	var reader benchfmt.Reader
	reader.Reset(bytes.NewReader(f.prepare(data)), in.File, ".file", in.File)
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			f.drop(rec.Line, "the line", rec.Msg)
		case *benchfmt.Result:
			lines++
			_, line := rec.Pos()
			if err := f.add(rec, line); err != nil {
				f.drop(line, "the line", err.Error())
			}
		}
	}
	if err := reader.Err(); err != nil {
		s.skipError(in.File, "the rest of the file", err)
	}
	if lines == 0 && len(f.unusable) == 0 {
		s.skip(in.File, 0, "the file", "there is no benchmark line in it: look whether the benchmarks ran")
	}
	for i, u := range in.Units {
		in.Units[i].Better = better(reader.Units(), u.Name)
	}
	in.Primary = primary(reader.Units())
	in.Usable = blank(data, func(n int, _ []byte) bool { return f.unusable[n] })
	f.cells.finish(s)
}

// drop leaves out a line.
func (f *benchFile) drop(line int, what, why string) {
	f.unusable[line] = true
	f.skip(f.in.File, line, what, why)
}

// prepare takes the comments before launches, and returns the text with the
// lines of invalid launches as any other, and without those that cannot be read.
func (f *benchFile) prepare(data []byte) []byte {
	text := make([]byte, 0, len(data))
	n := 0
	refused := 0 // the line behind a comment that makes no sense
	for line := range bytes.Lines(data) {
		n++
		switch {
		case len(line) >= maxLine:
			f.drop(n, "the line", fmt.Sprintf("it has %d bytes, and a benchmark line has less than %d", len(line), maxLine))
			line = []byte("\n")
		case n == refused:
			f.unusable[n] = true
			line = []byte("\n")
		case bytes.HasPrefix(line, commentPrefix):
			l, err := parseComment(string(line))
			if err != nil {
				f.drop(n, "the launch", err.Error())
				refused = n + 1
				break
			}
			f.comments[n+1] = l
		case bytes.HasPrefix(line, invalidPrefix):
			if l, ok := f.comments[n]; ok && len(l.Invalid) > 0 {
				line = bytes.TrimPrefix(line, []byte("# "))
			}
		}
		text = append(text, line...)
	}
	return text
}

// parseComment reads what the comment before a launch says of it.
func parseComment(line string) (l record.Launch, err error) {
	for fact := range strings.FieldsSeq(strings.TrimPrefix(line, "# ")) {
		key, value, ok := strings.Cut(fact, "=")
		switch {
		case !ok:
			continue
		case key == "round":
			l.Round, err = count(value)
		case key == "attempt":
			l.Attempt, err = count(value)
		case key == "start":
			l.Start, err = time.Parse(time.RFC3339Nano, value)
		case key == "duration":
			l.Duration, err = time.ParseDuration(value)
		case key == "invalid":
			l.Invalid = strings.Split(value, ",")
		case key == "hlog" || key == "crc": // checksums of the folder
		default:
			l.Conditions = append(l.Conditions, record.Pair{Key: key, Value: value})
		}
		if err != nil {
			return l, fmt.Errorf("%s in the comment before it makes no sense: %w", key, err)
		}
	}
	return l, nil
}

func count(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err == nil && n < 0 {
		err = fmt.Errorf("%d is less than 0", n)
	}
	return n, err
}

// add takes up a benchmark line, or says why not.
func (f *benchFile) add(rec *benchfmt.Result, line int) error {
	l := &Launch{Name: rec.Name.String(), Line: line}
	if len(f.comments) > 0 {
		comment, ok := f.comments[line]
		if !ok {
			return errors.New("the line before has no round=…, as others in the file have: take the file as it was written, or all comments out of it")
		}
		l.Launch, l.Rounded = comment, true
	}
	l.N = int64(rec.Iters)
	var seen []string
	for _, v := range rec.Values {
		_, base := benchunit.Tidy(1, v.Unit) // a value of 0 is as it was written
		if slices.Contains(seen, base) {
			return fmt.Errorf("the unit %s is there twice: which of the values is meant?", base)
		}
		seen = append(seen, base)
	}
	f.Measured++
	match, err := f.filter.Match(rec)
	if err != nil {
		return err
	}
	if !match.Any() {
		return nil
	}
	for i, v := range rec.Values {
		if !match.Test(i) {
			continue
		}
		m := record.Metric{Value: v.Value, Unit: v.Unit}
		if v.OrigUnit != "" {
			m = record.Metric{Value: v.OrigValue, Unit: v.OrigUnit}
		}
		f.unit(seen[i], m.Unit)
		if math.IsNaN(v.Value) || math.IsInf(v.Value, 0) {
			f.skip(f.in.File, line, fmt.Sprintf("the value %v of %s", m.Value, m.Unit), "it is not a finite number")
			continue
		}
		l.Metrics = append(l.Metrics, m)
	}
	f.configuration(rec)
	f.cells.add(l)
	return nil
}

// unit remembers a unit as it was first written.
func (f *benchFile) unit(base, written string) {
	if _, ok := f.units[base]; ok {
		return
	}
	f.units[base] = len(f.in.Units)
	f.in.Units = append(f.in.Units, record.Unit{Name: written, About: about[base]})
}

// about is what the suite says of its own units, by base unit.
var about = func() map[string]string {
	m := map[string]string{}
	for _, u := range record.Units() {
		_, base := benchunit.Tidy(1, u.Name)
		m[base] = u.About
	}
	return m
}()

// configuration remembers each configuration line with each of its values.
func (f *benchFile) configuration(rec *benchfmt.Result) {
	for _, c := range rec.Config {
		if !c.File || f.config[c.Key] == string(c.Value) {
			continue
		}
		p := record.Pair{Key: c.Key, Value: string(c.Value)}
		f.config[p.Key] = p.Value
		if !slices.Contains(f.in.Config, p) {
			f.in.Config = append(f.in.Config, p)
		}
	}
}

// better is the direction in which a unit improves, by its Unit line, by the
// format's defaults, or by being a time.
func better(units benchfmt.UnitMetadataMap, unit string) record.Better {
	_, base := benchunit.Tidy(1, unit)
	switch units.GetBetter(base) {
	case +1:
		return record.Higher
	case -1:
		return record.Lower
	}
	numerator, _, _ := strings.Cut(base, "/")
	if units.Get(base, "better") == nil && slices.Contains(strings.Split(numerator, "-"), "sec") {
		return record.Lower
	}
	return record.Neither
}

// primary returns what the Unit lines say about the units in which workloads are
// judged, as in record.Manifest; nil if they say nothing of it.
func primary(units benchfmt.UnitMetadataMap) map[string]string {
	m := map[string]string{}
	inOrder := slices.SortedFunc(maps.Values(units), func(a, b *benchfmt.UnitMetadata) int { return strings.Compare(a.Unit, b.Unit) })
	for _, u := range inOrder {
		record.UnitPrimary(m, cmp.Or(u.OrigUnit, u.Unit), u.Key, u.Value)
	}
	if len(m) == 0 {
		return nil
	}
	return m
}

// blank returns a text with some of its lines made empty, which keeps the
// numbers of the others.
func blank(text []byte, is func(n int, line []byte) bool) []byte {
	out := make([]byte, 0, len(text))
	n := 0
	for line := range bytes.Lines(text) {
		if n++; is(n, line) {
			line = line[len(bytes.TrimSuffix(line, []byte("\n"))):]
		}
		out = append(out, line...)
	}
	return out
}
