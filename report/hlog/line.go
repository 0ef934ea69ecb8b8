package hlog

import (
	"errors"
	"strconv"
	"strings"
)

// A line is that of an interval, as it is written.
type line struct {
	number   int
	tag      string
	prefixed bool    // there is something before the interval that is no tag
	comma    bool    // numbers have a decimal comma
	first    float64 // time stamp
	second   float64 // length, or end
	max      float64
	payload  string
	bare     bool // there is only the payload
}

var errNoInterval = errors.New("it is not the line of an interval, which ends with two times, the largest value and a histogram in base64")

// parseLine reads from the right, where the columns are always the same. What may have
// spaces and commas is on the left: the tag, or what a logging library puts before it.
func parseLine(number int, text string) (l line, err error) {
	l.number = number
	fields := strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
	last := len(fields) - 1
	if last < 0 {
		return l, errNoInterval
	}
	if l.payload = strings.TrimSpace(fields[last]); !isPayload(l.payload) {
		return l, errNoInterval
	}
	if fields = fields[:last]; len(fields) == 0 {
		l.bare = true
		return l, nil
	}
	numbers := 0
	for numbers < len(fields) && isNumber(fields[len(fields)-1-numbers]) {
		numbers++
	}
	columns := 3
	if joined, ok := joinDecimals(fields[len(fields)-numbers:]); ok {
		l.comma = true
		fields = append(fields[:len(fields)-numbers:len(fields)-numbers], joined...)
	}
	if len(fields) < columns {
		return l, errNoInterval
	}
	at := len(fields) - columns
	before := strings.Join(fields[:at], ",")
	// "10:31:02 INFO 0.127": the rest is a prefix.
	if words := strings.Fields(fields[at]); len(words) > 1 {
		before += strings.Join(words[:len(words)-1], " ")
		fields[at] = words[len(words)-1]
	}
	for i, to := range []*float64{&l.first, &l.second, &l.max} {
		n, err := strconv.ParseFloat(strings.TrimSpace(fields[at+i]), 64)
		if i < 2 && (err != nil || n != n) {
			return l, errNoInterval
		}
		*to = n // a largest value that is no number says nothing
	}
	prefix, tag, tagged := strings.Cut(before, "Tag=")
	l.tag = tag
	l.prefixed = tagged && prefix != "" || !tagged && before != ""
	return l, nil
}

func isNumber(field string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
	return err == nil
}

// joinDecimals puts numbers with a decimal comma together: all three are, or the largest
// value is written with a point, as C does.
func joinDecimals(fields []string) (joined []string, ok bool) {
	for i, f := range fields {
		if strings.Contains(f, ".") != (len(fields) == 5 && i == 4) {
			return nil, false
		}
	}
	switch len(fields) {
	case 6:
		return []string{fields[0] + "." + fields[1], fields[2] + "." + fields[3], fields[4] + "." + fields[5]}, true
	case 5:
		return []string{fields[0] + "." + fields[1], fields[2] + "." + fields[3], fields[4]}, true
	}
	return nil, false
}

// stamp reads the number of a comment such as "#[StartTime: 1441812279.474 (seconds since
// epoch)". Older versions of the Go writer have it as "Basetime".
func stamp(comment, name string) (seconds float64, ok bool) {
	head := "#[" + name + ":"
	if len(comment) < len(head) || !strings.EqualFold(comment[:len(head)], head) {
		return 0, false
	}
	number, _, _ := strings.Cut(strings.TrimLeft(comment[len(head):], " "), " ")
	number = strings.TrimRight(number, "],")
	seconds, err := strconv.ParseFloat(strings.Replace(number, ",", ".", 1), 64)
	return seconds, err == nil && seconds == seconds
}
