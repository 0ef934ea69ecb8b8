package hlog

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// A Log is what an interval log has.
type Log struct {
	Unit      string   // of the values: "ns", or "" if the log does not say
	Notes     []string // what was inferred, a sentence each
	Intervals []Interval
}

// An Interval is a line of a log.
type Interval struct {
	Line   int
	Tag    string
	Length time.Duration

	// Start is zero if the log does not say when it began. After is then the time from
	// that, and 0 if the line has no time.
	Start time.Time
	After time.Duration

	payload string // the encoded histogram, which can be decoded
}

// Values decodes the histogram.
func (i Interval) Values() Values {
	v, err := decode(i.payload)
	if err != nil {
		panic(fmt.Sprintf("hlog: line %d, which was decoded before: %v", i.Line, err))
	}
	return v
}

// A Series has all intervals with a tag.
type Series struct {
	Tag       string
	Intervals []Interval
	Values    Values // of all intervals
}

// A Problem is a line that cannot be read.
type Problem struct {
	Line int
	Err  error
}

// Read reads a log.
func Read(data []byte) (*Log, []Problem) {
	r := reader{log: &Log{}}
	number := 0
	for text := range bytes.Lines(plain(data, 0)) {
		number++
		r.line(number, string(bytes.TrimSpace(text)))
	}
	r.endSection()
	r.infer()
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.Line - b.Line })
	return r.log, r.problems
}

// Series returns the series in the order in which their tags appear.
func (l *Log) Series() (all []Series) {
	at := map[string]int{}
	for _, i := range l.Intervals {
		n, ok := at[i.Tag]
		if !ok {
			n = len(all)
			at[i.Tag] = n
			all = append(all, Series{Tag: i.Tag})
		}
		all[n].Intervals = append(all[n].Intervals, i)
	}
	for n := range all {
		all[n].Values = merge(all[n].Intervals)
	}
	return all
}

// A reader reads a log section by section: logs that were written one after the other into
// the same file have a header each.
type reader struct {
	log      *Log
	problems []Problem
	section  section
	units    units

	prefixed, comma, ends, notEnds, unknownStart bool
}

// A section is a header with the lines below it.
type section struct {
	start, base       float64
	hasStart, hasBase bool
	ends              bool // the legend says that the second column is the end
	lines             []line
}

func (r *reader) line(number int, text string) {
	switch {
	case text == "":
		return
	case text[0] == '#':
		r.comment(text)
		return
	case strings.HasPrefix(text, `"StartTimestamp"`):
		r.section.ends = strings.HasPrefix(text, `"StartTimestamp","EndTimestamp"`)
		return
	}
	l, err := parseLine(number, text)
	if err == nil {
		var v Values
		if v, err = decode(l.payload); err == nil {
			r.section.lines = append(r.section.lines, l)
			r.prefixed = r.prefixed || l.prefixed
			r.comma = r.comma || l.comma
			if !l.bare {
				r.units.add(l.max, v.Max())
			}
			return
		}
	}
	r.problems = append(r.problems, Problem{number, err})
}

func (r *reader) comment(text string) {
	begun := len(r.section.lines) > 0
	if begun && strings.HasPrefix(text, "#[Histogram log format") {
		r.endSection()
		return
	}
	if at, ok := stamp(text, "StartTime"); ok {
		if begun {
			base, hasBase, ends := r.section.base, r.section.hasBase, r.section.ends
			r.endSection()
			r.section = section{base: base, hasBase: hasBase, ends: ends}
		}
		r.section.start, r.section.hasStart = at, true
	} else if at, ok := stamp(text, "BaseTime"); ok {
		r.section.base, r.section.hasBase = at, true
	}
}

// absolute is from where on a time stamp in seconds is one since 1970, and not from the
// start of a process: 1973.
const absolute = 1e8

// year is by how much a relative time stamp is before StartTime, by the rule of the
// readers.
const year = 365 * 24 * 3600

// endSection works out the times of its lines.
func (r *reader) endSection() {
	s := r.section
	r.section = section{}
	if len(s.lines) == 0 {
		return
	}
	first, lastStamp := s.lines[0], 0.0
	for _, l := range s.lines {
		lastStamp = max(lastStamp, l.first)
	}
	scale := seconds(lastStamp)
	base, known := 0.0, true
	switch {
	case s.hasBase:
		base = s.base * seconds(s.base)
	case s.hasStart && first.first*scale < s.start*seconds(s.start)-year:
		base = s.start * seconds(s.start)
	case !s.hasStart && first.first*scale < absolute:
		known = false
	}
	ends := s.ends && s.areEnds()
	r.ends = r.ends || ends
	r.notEnds = r.notEnds || s.ends && !ends
	for _, l := range s.lines {
		i := Interval{Line: l.number, Tag: l.tag, payload: l.payload}
		if !l.bare {
			from, length := l.first*scale, l.second*scale
			if ends {
				length -= from
			}
			at, ok := micros(base + from)
			long, fits := micros(length)
			if !ok || !fits {
				r.problems = append(r.problems, Problem{l.number, fmt.Errorf("its times, %g and %g, are beyond the year 2262", l.first, l.second)})
				continue
			}
			i.Length = time.Duration(long) * time.Microsecond
			if known {
				i.Start = time.UnixMicro(at).UTC()
			} else {
				i.After = time.Duration(at) * time.Microsecond
			}
		}
		r.unknownStart = r.unknownStart || i.Start.IsZero()
		r.log.Intervals = append(r.log.Intervals, i)
	}
}

// areEnds reports whether the second column can have the ends of intervals. An end is not
// before its start, and intervals with the same tag do not overlap.
func (s section) areEnds() bool {
	before := map[string]float64{} // the last end, by tag
	for _, l := range s.lines {
		if l.bare {
			continue
		}
		// Times are written in milliseconds.
		if last, ok := before[l.tag]; l.second < l.first || ok && l.first < last-0.002 {
			return false
		}
		before[l.tag] = l.second
	}
	return true
}

// latest is the last time of a time.Duration since 1970, in seconds.
const latest = math.MaxInt64 / 1e9

// seconds returns by what a time stamp is multiplied to be in seconds: 1, unless it is so
// large that it must be in milliseconds, microseconds or nanoseconds.
func seconds(stamp float64) float64 {
	scale := 1.0
	for scale > 1e-9 && stamp*scale > latest {
		scale /= 1000
	}
	return scale
}

// micros rounds to the precision that a float64 has of the time now.
func micros(seconds float64) (us int64, ok bool) {
	if !(math.Abs(seconds) <= latest) {
		return 0, false
	}
	return int64(math.Round(seconds * 1e6)), true
}

// infer adds the unit and the notes.
func (r *reader) infer() {
	note := func(when bool, text string) {
		if when {
			r.log.Notes = append(r.log.Notes, text)
		}
	}
	unit, why := r.units.unit()
	r.log.Unit = unit
	note(len(r.log.Intervals) > 0, why)
	note(r.ends, "The second column is the end of an interval, as the legend says.")
	note(r.notEnds, "The legend says EndTimestamp, but the second column has lengths: as ends they would be before the starts, or overlap.")
	note(r.unknownStart, "The log does not say when it began: its times are from an unknown start.")
	note(r.comma, "The numbers have a decimal comma.")
	note(r.prefixed, "What is before an interval in its line, other than a tag, was ignored.")
}

// Damaged reports whether a problem is of a line that is not whole.
func (p Problem) Damaged() bool { return errors.Is(p.Err, errDamaged) }
