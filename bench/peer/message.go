package peer

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// A message is a line of the protocol: a word, then fields.
type message struct {
	word   string
	fields map[string]string
	text   string // what follows the word
}

func parseMessage(line string) (message, error) {
	line = strings.TrimSuffix(line, "\r")
	word, text, _ := strings.Cut(line, " ")
	m := message{word: word, fields: make(map[string]string), text: strings.TrimSpace(text)}
	if word == "" {
		return m, fmt.Errorf("line %.60q: want a word first", line)
	}
	if word == "no" {
		return m, nil // free text
	}
	for field := range strings.FieldsSeq(text) {
		name, value, ok := strings.Cut(field, "=")
		if _, twice := m.fields[name]; !ok || name == "" || value == "" || twice {
			return m, fmt.Errorf("%s: field %.60q: want name=value, each name once", word, field)
		}
		m.fields[name] = value
	}
	return m, nil
}

// count reads a field that is a number; 0 if it is not there and optional.
func (m message) count(name string, optional bool) (int64, error) {
	text, ok := m.fields[name]
	if !ok && optional {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s: %s=%.40s: want a number that is not negative", m.word, name, text)
	}
	return n, nil
}

// histogram reads a field that is a list of VALUE:COUNT. Its sum is of the values as they
// are there.
func (m message) histogram(name string) (h histogram, err error) {
	h.counts = hdrhistogram.New(1, latency.MaxValue, 3)
	text, ok := m.fields[name]
	if !ok {
		return h, nil
	}
	for item := range strings.SplitSeq(text, ",") {
		v, n, _ := strings.Cut(item, ":")
		value, err := strconv.ParseInt(v, 10, 64)
		count, err2 := strconv.ParseInt(n, 10, 64)
		if err != nil || err2 != nil || value < 0 || count < 1 || count > maxCount {
			return h, fmt.Errorf("%s: %s has %.40q: want VALUE:COUNT", m.word, name, item)
		}
		h.total += count
		h.sum += float64(value) * float64(count)
		if value > latency.MaxValue {
			h.clipped += count
		}
		// The only error is a value out of range.
		_ = h.counts.RecordValues(min(max(value, 1), latency.MaxValue), count)
	}
	return h, nil
}

// maxCount is more than a run can have of anything.
const maxCount = 1 << 40

// A histogram counts times in nanoseconds.
type histogram struct {
	counts  *hdrhistogram.Histogram
	total   int64
	sum     float64
	clipped int64 // longer than latency.MaxValue
}

func (h histogram) mean() float64 { return h.sum / float64(h.total) }

func (h *histogram) add(other histogram) {
	if h.counts == nil {
		h.counts = hdrhistogram.New(1, latency.MaxValue, 3)
	}
	if other.total == 0 {
		return
	}
	h.counts.Merge(other.counts)
	h.total += other.total
	h.sum += other.sum
	h.clipped += other.clipped
}

// Hello is what a peer says of itself.
type Hello struct {
	Peer    string
	Version string // of the runtime
	Build   string // its compiler and flags
	Config  string // Default or Tuned
	Held    bool   // each worker is a thread on one CPU
	Can     []string
}

// The values of Hello.Config.
const (
	Default = "default"
	Tuned   = "tuned"
)

// version is that of the protocol.
const version = "1"

func parseHello(line string) (h Hello, err error) {
	m, err := parseMessage(line)
	if err != nil {
		return h, err
	}
	if m.word != "hello" {
		return h, fmt.Errorf("%.60q: want hello first", line)
	}
	if v := m.fields["protocol"]; v != version {
		return h, fmt.Errorf("protocol=%s: want %s", v, version)
	}
	for name, to := range map[string]*string{"peer": &h.Peer, "version": &h.Version, "build": &h.Build, "config": &h.Config} {
		if *to = m.fields[name]; *to == "" {
			return h, fmt.Errorf("hello without %s", name)
		}
	}
	if strings.Trim(h.Peer, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" || h.Peer[0] == '-' {
		return h, fmt.Errorf("peer=%s: want lower-case letters, digits, '_' and '-'", h.Peer)
	}
	if h.Config != Default && h.Config != Tuned {
		return h, fmt.Errorf("config=%s: want %s or %s", h.Config, Default, Tuned)
	}
	switch m.fields["held"] {
	case "yes":
		h.Held = true
	case "no":
	default:
		return h, fmt.Errorf("held=%s: want yes or no", m.fields["held"])
	}
	h.Can = strings.Split(m.fields["can"], ",")
	if m.fields["can"] == "" || slices.Contains(h.Can, "") {
		return h, fmt.Errorf("can=%s: want a list of workloads", m.fields["can"])
	}
	return h, nil
}

// A Cell is what a peer is asked to measure.
type Cell struct {
	Workload   workload.Workload
	Params     map[string]string // as on the command line
	Workers    int
	CPUs       []int // of each worker
	Generators []int // of each thread that submits
	Seed       uint64
}

// line is the request for the cell.
func (c Cell) line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "cell workload=%s workers=%d cpus=%s generators=%s seed=%d",
		c.Workload.Name, c.Workers, numbers(c.CPUs), numbers(c.Generators), c.Seed)
	for _, name := range slices.Sorted(maps.Keys(c.Params)) {
		fmt.Fprintf(&b, " %s=%s", name, plain(c.Params[name]))
	}
	return b.String() + "\n"
}

// plain turns a time into nanoseconds, and leaves everything else as it is.
func plain(value string) string {
	if _, err := strconv.ParseFloat(value, 64); err == nil {
		return value
	}
	if d, err := time.ParseDuration(value); err == nil {
		return strconv.FormatInt(int64(d), 10)
	}
	return value
}

func numbers(list []int) string {
	text := make([]string, len(list))
	for i, n := range list {
		text[i] = strconv.Itoa(n)
	}
	return strings.Join(text, ",")
}

// runLine is the request for a run.
func runLine(length time.Duration, arrivals []workload.Arrival) string {
	b := fmt.Appendf(nil, "run ns=%d", length.Nanoseconds())
	for i, a := range arrivals {
		if i == 0 {
			b = append(b, " arrivals="...)
		} else {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, a.At, 10)
		b = append(b, ':')
		b = strconv.AppendInt(b, a.Service, 10)
	}
	return string(append(b, '\n'))
}

// Ran is what a peer says that it did in a run.
type Ran struct {
	Ops, Tasks, Units int64
	Time              time.Duration // from the beginning to the end of the last task
	Busy              time.Duration // of the operations
	Waited            time.Duration // CPU time of the submitters
	Unfinished        int64

	latency, lag histogram
}

func parseRan(m message) (r Ran, err error) {
	for _, f := range []struct {
		name     string
		to       *int64
		optional bool
	}{
		{"ops", &r.Ops, false}, {"tasks", &r.Tasks, false}, {"units", &r.Units, false}, {"ns", (*int64)(&r.Time), false},
		{"busy", (*int64)(&r.Busy), true}, {"waited", (*int64)(&r.Waited), false}, {"unfinished", &r.Unfinished, true},
	} {
		if *f.to, err = m.count(f.name, f.optional); err != nil {
			return r, err
		}
	}
	if r.latency, err = m.histogram("latency"); err != nil {
		return r, err
	}
	r.lag, err = m.histogram("lag")
	return r, err
}
