package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A Launch is what one process measured for one cell.
type Launch struct {
	Cell    Cell
	Round   int      // from 0
	Attempt int      // from 0; a cell is launched again in its round if the launch was invalid
	N       int64    // operations measured, at least 1
	Metrics []Metric // at least one; each unit at most once

	// Latency holds nanoseconds. It is nil if the workload has no latency.
	Latency *hdrhistogram.Histogram

	Start    time.Time     // wall clock
	Duration time.Duration // not negative

	// Invalid names the limits that the launch violated, each once, such as
	// "migrations". It is empty if the launch is valid.
	Invalid []string

	// Conditions hold whatever else is known about this launch, in display order: its
	// CPUs, whether it was pinned, what disturbed it.
	Conditions []Pair
}

// Condition returns the value of a condition, "" if the launch has none.
func (l *Launch) Condition(key string) string {
	for _, c := range l.Conditions {
		if c.Key == key {
			return c.Value
		}
	}
	return ""
}

// saturated is the share of the offered load below which an open loop did not sustain
// it.
const saturated = 0.99

// Saturated reports whether the launch was an open loop that achieved less than 99 % of
// the offered load. Its latencies then grow with the measuring time, and say only that
// the load was too high. The condition "saturated" decides or, without one, the
// metrics.
func (l *Launch) Saturated() bool {
	if said := l.Condition("saturated"); said != "" {
		return said == "yes"
	}
	offered, achieved := math.Inf(-1), math.Inf(1)
	for _, m := range l.Metrics {
		switch m.Unit {
		case "offered-tasks/sec":
			offered = m.Value
		case "achieved-tasks/sec":
			achieved = m.Value
		}
	}
	return achieved < saturated*offered
}

// A Metric is a measured value and the name of its unit.
type Metric struct {
	Value float64 `json:"value"` // finite
	Unit  string  `json:"unit"`
}

// A Pair is a fact with its name. The key begins with a lower-case ASCII letter; more
// of these, digits and "-_." follow. The value is one non-empty line of text; as a
// condition of a launch it has no spaces.
type Pair struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Query is the pair as a filter of benchstat has it: pkg:ex.com/a.
func (p Pair) Query() string {
	if strings.ContainsAny(p.Value, " \t\"()") {
		return p.Key + ":" + strconv.Quote(p.Value)
	}
	return p.Key + ":" + p.Value
}

// maxLaunch bounds what DecodeLaunch reads. The largest histogram that makes
// sense is some hundred kilobytes.
const maxLaunch = 8 << 20

// launchRecord is the form in which a launch is passed between processes.
type launchRecord struct {
	Cell       Cell      `json:"cell"`
	Round      int       `json:"round"`
	Attempt    int       `json:"attempt,omitempty"`
	N          int64     `json:"n"`
	Metrics    []Metric  `json:"metrics"`
	Latency    string    `json:"latency,omitempty"` // HdrHistogram V2, compressed, base64
	Start      time.Time `json:"start"`
	DurationNS int64     `json:"duration_ns"`
	Invalid    []string  `json:"invalid,omitempty"`
	Conditions []Pair    `json:"conditions,omitempty"`
}

// EncodeLaunch writes a launch as one line of JSON.
func EncodeLaunch(w io.Writer, l Launch) error {
	if err := l.validate(); err != nil {
		return err
	}
	r := launchRecord{
		Cell:       l.Cell,
		Round:      l.Round,
		Attempt:    l.Attempt,
		N:          l.N,
		Metrics:    l.Metrics,
		Start:      l.Start,
		DurationNS: l.Duration.Nanoseconds(),
		Invalid:    l.Invalid,
		Conditions: l.Conditions,
	}
	if l.Latency != nil {
		b, err := l.Latency.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
		if err != nil {
			return fmt.Errorf("%s: latency: %w", l.Cell.Name(), err)
		}
		r.Latency = string(b)
	}
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("%s: %w", l.Cell.Name(), err)
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// DecodeLaunch reads what [EncodeLaunch] wrote, to the end of r. Anything else, before
// or after it, is an error.
func DecodeLaunch(r io.Reader) (Launch, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxLaunch+1))
	if err != nil {
		return Launch{}, fmt.Errorf("reading the launch's record: %w", err)
	}
	if len(data) > maxLaunch {
		return Launch{}, fmt.Errorf("the launch's record is longer than %d bytes", maxLaunch)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return Launch{}, errors.New("the launch's record is empty: its process wrote nothing")
	}
	var rec launchRecord
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&rec); err != nil {
		return Launch{}, fmt.Errorf("the launch's record begins %q: %w", excerpt(data), err)
	}
	if rest := bytes.TrimSpace(data[d.InputOffset():]); len(rest) > 0 {
		return Launch{}, fmt.Errorf("the launch's record is followed by %q", excerpt(rest))
	}
	l := Launch{
		Cell:       rec.Cell,
		Round:      rec.Round,
		Attempt:    rec.Attempt,
		N:          rec.N,
		Metrics:    rec.Metrics,
		Start:      rec.Start,
		Duration:   time.Duration(rec.DurationNS),
		Invalid:    rec.Invalid,
		Conditions: rec.Conditions,
	}
	if rec.Latency != "" {
		if l.Latency, err = hdrhistogram.Decode([]byte(rec.Latency)); err != nil {
			return Launch{}, fmt.Errorf("the launch's record: latency: %w", err)
		}
	}
	if err := l.validate(); err != nil {
		return Launch{}, fmt.Errorf("the launch's record: %w", err)
	}
	return l, nil
}

func excerpt(b []byte) []byte {
	return b[:min(len(b), 60)]
}

// validate rejects what the files cannot represent.
func (l Launch) validate() error {
	if err := l.Cell.Validate(); err != nil {
		return err
	}
	name := l.Cell.Name()
	switch {
	case l.Round < 0:
		return fmt.Errorf("%s: round %d: rounds count from 0", name, l.Round)
	case l.Attempt < 0:
		return fmt.Errorf("%s: attempt %d: attempts count from 0", name, l.Attempt)
	case l.N < 1:
		return fmt.Errorf("%s: %d operations: nothing was measured", name, l.N)
	case len(l.Metrics) == 0:
		return fmt.Errorf("%s: no metrics: nothing was measured", name)
	case l.Duration < 0:
		return fmt.Errorf("%s: duration %v: negative", name, l.Duration)
	case l.Start.Year() < 1970 || l.Start.Year() > 9999:
		return fmt.Errorf("%s: started at %v: the clock is not set", name, l.Start)
	}
	seen := map[string]bool{}
	for _, m := range l.Metrics {
		if math.IsNaN(m.Value) || math.IsInf(m.Value, 0) {
			return fmt.Errorf("%s: %v %s: not a finite number", name, m.Value, m.Unit)
		}
		if seen[m.Unit] {
			return fmt.Errorf("%s: unit %s is there twice", name, m.Unit)
		}
		seen[m.Unit] = true
	}
	clear(seen)
	for _, limit := range l.Invalid {
		if !isKey(limit) {
			return fmt.Errorf("%s: violated limit %q: a name is %s", name, limit, keyForm)
		}
		if seen[limit] {
			return fmt.Errorf("%s: violated limit %s is there twice", name, limit)
		}
		seen[limit] = true
	}
	clear(seen)
	for _, c := range l.Conditions {
		if err := c.validate(isSpaceOrControl); err != nil {
			return fmt.Errorf("%s: condition %w", name, err)
		}
		if slices.Contains(ownKeys, c.Key) || seen[c.Key] {
			return fmt.Errorf("%s: condition %s is there twice", name, c.Key)
		}
		seen[c.Key] = true
	}
	return nil
}

// validate rejects a malformed key, and a value that is empty or has a forbidden
// character.
func (p Pair) validate(forbidden func(rune) bool) error {
	switch {
	case p.Key == "":
		return fmt.Errorf("with the value %q has no key", p.Value)
	case !isKey(p.Key):
		return fmt.Errorf("%q: a key is %s", p.Key, keyForm)
	case p.Value == "":
		return fmt.Errorf("%s: its value is empty", p.Key)
	}
	for _, r := range p.Value {
		if r == unicode.ReplacementChar || forbidden(r) {
			return fmt.Errorf("%s: %q is not allowed in its value %q", p.Key, r, excerpt([]byte(p.Value)))
		}
	}
	return nil
}

// keyForm says what isKey accepts.
const keyForm = "made of lower-case letters, digits and -_., and begins with a letter"

func isKey(s string) bool {
	for i, r := range s {
		lower := 'a' <= r && r <= 'z'
		if !lower && (i == 0 || !('0' <= r && r <= '9' || r == '-' || r == '_' || r == '.')) {
			return false
		}
	}
	return s != ""
}

func isSpaceOrControl(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
