package result

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// The keys of the comment before a benchmark line that every launch has.
const (
	keyRound    = "round"
	keyStart    = "start"
	keyDuration = "duration"
)

// maxLine is below the length at which the readers of the benchmark format
// give up.
const maxLine = 60_000

// benchHeader returns the beginning of bench.txt.
func benchHeader(config []Pair, units []Unit) ([]byte, error) {
	var b bytes.Buffer
	seen := map[string]bool{}
	for _, c := range config {
		if err := c.validate(unicode.IsControl); err != nil {
			return nil, fmt.Errorf("configuration %w", err)
		}
		if seen[c.Key] {
			return nil, fmt.Errorf("configuration %s: is there twice", c.Key)
		}
		seen[c.Key] = true
		if strings.TrimSpace(c.Value) != c.Value {
			return nil, fmt.Errorf("configuration %s: its value %q has spaces around it", c.Key, c.Value)
		}
		if len(c.Value) > maxLine {
			return nil, fmt.Errorf("configuration %s: its value has %d bytes: at most %d are allowed", c.Key, len(c.Value), maxLine)
		}
		fmt.Fprintf(&b, "%s: %s\n", c.Key, c.Value)
	}
	if err := checkUnits(units); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	for _, u := range units {
		if u.Better != Neither { // the format has no word for it
			fmt.Fprintf(&b, "Unit %s better=%s\n", u.Name, u.Better)
		}
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// benchLines returns a launch's comment and benchmark line.
func benchLines(l Launch, units []Unit) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s=%d %s=%s %s=%s", keyRound, l.Round,
		keyStart, l.Start.UTC().Format(time.RFC3339Nano), keyDuration, l.Duration)
	for _, c := range l.Conditions {
		fmt.Fprintf(&b, " %s=%s", c.Key, c.Value)
	}
	comment := b.Len()
	fmt.Fprintf(&b, "\nBenchmark%s\t%d", l.Cell.Name(), l.N)
	for _, m := range l.Metrics {
		if !knows(units, m.Unit) {
			return nil, fmt.Errorf("%s: unit %s is not in the run's table of units: add it to Header.Units", l.Cell.Name(), m.Unit)
		}
		unit := m.Unit
		if m.Value == 0 {
			// A benchmark reader turns 5 ns/op into sec/op, but leaves 0 ns/op
			// as it is, and then sees two units. Zero is zero in both.
			_, unit = benchunit.Tidy(0, unit)
		}
		fmt.Fprintf(&b, "\t%s %s", strconv.FormatFloat(m.Value, 'f', -1, 64), unit)
	}
	b.WriteByte('\n')
	if n := max(comment, b.Len()-comment); n > maxLine {
		return nil, fmt.Errorf("%s: a line of %d bytes: at most %d are allowed", l.Cell.Name(), n, maxLine)
	}
	return b.Bytes(), nil
}

func knows(units []Unit, name string) bool {
	return slices.ContainsFunc(units, func(u Unit) bool { return u.Name == name })
}

// readBench reads the bench.txt of the run m. Lines that are not the suite's
// are errors, with file and line. A last line without its newline is not read,
// and dropped says so.
func readBench(r io.Reader, file string, m Manifest) (launches []Launch, dropped []error, err error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, nil, err
	}
	lines := bytes.Split(data, []byte("\n"))
	if torn := lines[len(lines)-1]; len(torn) > 0 {
		dropped = append(dropped, fmt.Errorf("%s:%d: the last line is torn and was not read: %q", file, len(lines), excerpt(torn)))
		data = data[:len(data)-len(torn)]
	}
	names := m.Plan.names()
	reader := benchfmt.NewReader(bytes.NewReader(data), file)
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			return nil, nil, rec
		case *benchfmt.Result:
			_, line := rec.Pos()
			var comment []byte
			if line > 1 {
				comment = lines[line-2]
			}
			l, err := parseLaunch(rec, string(comment), m.Units)
			if err == nil {
				err = m.Plan.check(names, l.Cell, l.Round)
			}
			if err != nil {
				return nil, nil, fmt.Errorf("%s:%d: %w", file, line, err)
			}
			launches = append(launches, l)
		}
	}
	return launches, dropped, reader.Err()
}

// parseLaunch is the inverse of benchLines.
func parseLaunch(rec *benchfmt.Result, comment string, units []Unit) (l Launch, err error) {
	l.N = int64(rec.Iters)
	if l.Cell, err = ParseName(string(rec.Name.Full())); err != nil {
		return l, err
	}
	for _, v := range rec.Values {
		m := Metric{v.OrigValue, v.OrigUnit}
		if m.Unit == "" { // nothing was tidied
			m = Metric{v.Value, v.Unit}
		}
		if m.Value == 0 {
			m.Unit = untidied(m.Unit, units)
		}
		if !knows(units, m.Unit) {
			return l, fmt.Errorf("unit %s is not in the run's table of units", m.Unit)
		}
		l.Metrics = append(l.Metrics, m)
	}

	malformed := fmt.Errorf("before the line there is no comment of the form # %s=… %s=… %s=…", keyRound, keyStart, keyDuration)
	facts, ok := strings.CutPrefix(comment, "# ")
	if !ok {
		return l, malformed
	}
	var pairs []Pair
	for fact := range strings.SplitSeq(facts, " ") {
		key, value, _ := strings.Cut(fact, "=")
		pairs = append(pairs, Pair{key, value})
	}
	if len(pairs) < 3 || pairs[0].Key != keyRound || pairs[1].Key != keyStart || pairs[2].Key != keyDuration {
		return l, malformed
	}
	if l.Round, err = strconv.Atoi(pairs[0].Value); err != nil {
		return l, fmt.Errorf("%s: %w", keyRound, err)
	}
	if l.Start, err = time.Parse(time.RFC3339Nano, pairs[1].Value); err != nil {
		return l, fmt.Errorf("%s: %w", keyStart, err)
	}
	if l.Duration, err = time.ParseDuration(pairs[2].Value); err != nil {
		return l, fmt.Errorf("%s: %w", keyDuration, err)
	}
	if len(pairs) > 3 {
		l.Conditions = pairs[3:]
	}
	return l, l.validate()
}

// untidied returns the unit of the table that a reader knows as base.
func untidied(base string, units []Unit) string {
	for _, u := range units {
		if _, b := benchunit.Tidy(1, u.Name); b == base {
			return u.Name
		}
	}
	return base
}
