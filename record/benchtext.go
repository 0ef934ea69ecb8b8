package record

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/perf/benchunit"
)

// The keys of the comment before a benchmark line that are not conditions. They appear
// in this order, with the conditions before the last two.
const (
	keyRound    = "round"
	keyStart    = "start"
	keyDuration = "duration"
	keyAttempt  = "attempt" // if it is not 0
	keyInvalid  = "invalid" // limits, separated by commas; if there are any
	keyHlog     = "hlog"    // checksum of the launch's line in its cell's log; if there is one
	keyCRC      = "crc"     // checksum of the rest of the record
)

var ownKeys = []string{keyRound, keyStart, keyDuration, keyAttempt, keyInvalid, keyHlog, keyCRC}

// begin is how every record begins.
const begin = "# " + keyRound + "="

// invalidMark precedes the benchmark line of an invalid launch and makes it a comment.
const invalidMark = "# "

// maxLine is below the length at which the readers of the benchmark format
// give up.
const maxLine = 60_000

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum returns the CRC-32C of the concatenated parts. It detects accidental
// changes, by an editor or a disk; it does not protect against malice.
func checksum(parts ...[]byte) string {
	sum := uint32(0)
	for _, p := range parts {
		sum = crc32.Update(sum, castagnoli, p)
	}
	return fmt.Sprintf("%08x", sum)
}

// The keys of a Unit line that are the suite's own. Both list workloads.
const (
	keyPrimary  = "primary"  // runs of these are compared in the unit
	keyReported = "reported" // runs of these are reported but not judged, in any unit
)

// UnitPrimary adds to primary, a map as in [Manifest], what a key and value of a Unit
// line say about it.
func UnitPrimary(primary map[string]string, unit, key, value string) {
	for workload := range strings.SplitSeq(value, ",") {
		switch key {
		case keyPrimary:
			primary[workload] = unit
		case keyReported:
			primary[workload] = ""
		}
	}
}

// benchHeader returns the beginning of bench.txt. A program that has bench.txt alone
// finds the primary units in the Unit lines.
func benchHeader(config []Pair, units []Unit, primary map[string]string) ([]byte, error) {
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
	workloads := map[string][]string{} // by primary unit
	for _, w := range slices.Sorted(maps.Keys(primary)) {
		workloads[primary[w]] = append(workloads[primary[w]], w)
	}
	for i, u := range units {
		facts := ""
		if u.Better != Neither { // the format has no word for it
			facts += " better=" + string(u.Better)
		}
		if list := workloads[u.Name]; list != nil {
			facts += " " + keyPrimary + "=" + strings.Join(list, ",")
		}
		if list := workloads[""]; list != nil && i == 0 {
			facts += " " + keyReported + "=" + strings.Join(list, ",")
		}
		if facts != "" {
			fmt.Fprintf(&b, "Unit %s%s\n", u.Name, facts)
		}
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// benchRecord returns the two lines for a launch in bench.txt. The third argument is
// the launch's line in its cell's log, nil if it has none.
func benchRecord(l Launch, units []Unit, log []byte) ([]byte, error) {
	var facts, bench bytes.Buffer
	fmt.Fprintf(&facts, "%s%d %s=%s %s=%s", begin, l.Round,
		keyStart, l.Start.UTC().Format(time.RFC3339Nano), keyDuration, l.Duration)
	if l.Attempt > 0 {
		fmt.Fprintf(&facts, " %s=%d", keyAttempt, l.Attempt)
	}
	if len(l.Invalid) > 0 {
		fmt.Fprintf(&facts, " %s=%s", keyInvalid, strings.Join(l.Invalid, ","))
		bench.WriteString(invalidMark)
	}
	for _, c := range l.Conditions {
		fmt.Fprintf(&facts, " %s=%s", c.Key, c.Value)
	}
	if log != nil {
		fmt.Fprintf(&facts, " %s=%s", keyHlog, checksum(log))
	}
	fmt.Fprintf(&bench, "Benchmark%s\t%d", l.Cell.Name(), l.N)
	for _, m := range l.Metrics {
		if !knows(units, m.Unit) {
			return nil, fmt.Errorf("%s: unit %s is not in the run's table of units: add it to Header.Units", l.Cell.Name(), m.Unit)
		}
		unit := m.Unit
		if m.Value == 0 {
			// A benchmark reader converts 5 ns/op to sec/op, but leaves 0 ns/op as it
			// is, and then sees two units. Zero is zero in both.
			_, unit = benchunit.Tidy(0, unit)
		}
		fmt.Fprintf(&bench, "\t%s %s", strconv.FormatFloat(m.Value, 'f', -1, 64), unit)
	}
	bench.WriteByte('\n')
	fmt.Fprintf(&facts, " %s=%s", keyCRC, checksum(facts.Bytes(), bench.Bytes()))
	if n := max(facts.Len(), bench.Len()); n >= maxLine {
		return nil, fmt.Errorf("%s: a line of %d bytes: at most %d are allowed", l.Cell.Name(), n, maxLine)
	}
	facts.WriteByte('\n')
	return append(facts.Bytes(), bench.Bytes()...), nil
}

func knows(units []Unit, name string) bool {
	return slices.ContainsFunc(units, func(u Unit) bool { return u.Name == name })
}

// errChanged is the error of a record with a different checksum.
var errChanged = errors.New("the launch was changed after it was written: its checksum does not match its text: " + restore)

// restore says what to do about a folder that is not as it was written.
const restore = "restore the file from a copy, or measure again in another folder"

// checkRecord checks the two lines of a record, with their newlines, against their
// checksum.
func checkRecord(facts, bench []byte) error {
	at := bytes.LastIndex(facts, []byte(" "+keyCRC+"="))
	if !bytes.HasPrefix(facts, []byte(begin)) || at < 0 {
		return fmt.Errorf("not the beginning of a launch, %s… %s=…: %q: %s", begin, keyCRC, excerpt(facts), restore)
	}
	crc := string(bytes.TrimSuffix(facts[at+len(keyCRC)+2:], []byte("\n")))
	if crc != checksum(facts[:at], bench) {
		return errChanged
	}
	return nil
}

// recorded returns the launch of a record whose checksum is right: what was parsed of
// its benchmark line, nil if it is not one. It is the inverse of benchRecord.
func recorded(parsed *Line, facts, bench []byte, units []Unit) (Launch, error) {
	if err := checkKeys(string(facts)); err != nil {
		return Launch{}, err
	}
	if parsed == nil {
		if _, err := parseFacts(string(facts)); err != nil {
			return Launch{}, err
		}
		return Launch{}, fmt.Errorf("not a benchmark line: %q", excerpt(bench))
	}
	if parsed.Cell == nil {
		_, err := ParseName(parsed.Name)
		return Launch{}, err
	}
	l := parsed.Launch()
	for i := range l.Metrics {
		m := &l.Metrics[i]
		if m.Value == 0 {
			m.Unit = untidied(m.Unit, units)
		}
		if !knows(units, m.Unit) {
			return Launch{}, fmt.Errorf("unit %s is not in the run's table of units", m.Unit)
		}
	}
	return l, l.validate()
}

// checkKeys checks that the comment before a benchmark line begins as the suite's do.
func checkKeys(comment string) error {
	rest := strings.TrimPrefix(comment, "# ")
	for _, key := range ownKeys[:3] {
		var fact string
		fact, rest, _ = strings.Cut(rest, " ")
		if !strings.HasPrefix(fact, key+"=") {
			return fmt.Errorf("the comment is not of the form %s… %s=… %s=…", begin, keyStart, keyDuration)
		}
	}
	return nil
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
