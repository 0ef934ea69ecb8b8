package format

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/hlog"
	"github.com/idlebench/idlebench/report/profile"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
)

// Version is the version of the form that JSON writes, which docs/json.md
// describes.
const Version = 2

// Data is a report as JSON has it.
type Data struct {
	Version int       `json:"version"`
	Made    time.Time `json:"made"`
	Command string    `json:"command"` // that made it, for a shell
	Filter  string    `json:"filter"`  // "*" if everything was selected

	// Complete is false if something was not used, or failed.
	Complete bool `json:"complete"`

	// Groups have the verdicts, each with its family of comparisons.
	Groups []verdict.Group `json:"groups"`

	Inputs    []Input          `json:"inputs"`
	Profiles  []Profile        `json:"profiles"`
	Logs      []Log            `json:"logs"`
	Benchstat Benchstat        `json:"benchstat"`
	NotUsed   []source.NotUsed `json:"not_used"`
}

// An Input is one that was named.
type Input struct {
	Name     string            `json:"name"`
	Kind     source.Kind       `json:"kind"`
	State    record.State      `json:"state,omitempty"` // of a folder's run
	Start    time.Time         `json:"start,omitzero"`
	End      time.Time         `json:"end,omitzero"`
	Sessions []record.Session  `json:"sessions,omitempty"`
	Config   []record.Pair     `json:"config"` // the machine, the program, the moment
	Units    []record.Unit     `json:"units"`
	Primary  map[string]string `json:"primary"` // the unit in which a workload is judged
	Cells    []Cell            `json:"cells"`

	Selftest json.RawMessage `json:"selftest,omitempty"`
}

// A Cell is all launches with the same benchmark name.
type Cell struct {
	Name     string           `json:"name"`             // without the prefix Benchmark
	Config   string           `json:"config,omitempty"` // by which it differs from others of the file
	Role     record.Role      `json:"role"`
	Latency  *Latency         `json:"latency,omitempty"` // of all valid launches
	Launches []Launch         `json:"launches"`          // in the order they ran
	Failures []record.Failure `json:"failures,omitempty"`
}

// A Launch is a benchmark line. Its values are as they were written.
type Launch struct {
	Line       int             `json:"line,omitempty"` // of the benchmark file
	Index      int             `json:"index"`          // in the run, from 0
	Round      int             `json:"round"`
	Attempt    int             `json:"attempt,omitempty"`
	N          int64           `json:"n"`
	Start      time.Time       `json:"start,omitzero"`
	Duration   time.Duration   `json:"duration_ns,omitempty"`
	Invalid    []string        `json:"invalid,omitempty"` // limits that it violated; it counts if there are none
	Conditions []record.Pair   `json:"conditions,omitempty"`
	Metrics    []record.Metric `json:"metrics"`
	Latency    *Latency        `json:"latency,omitempty"`
}

// Latency is a distribution in nanoseconds.
type Latency struct {
	Samples int64 `json:"samples"`
	P50     int64 `json:"p50"`
	P90     int64 `json:"p90"`
	P99     int64 `json:"p99"`
	P999    int64 `json:"p99.9"`
	Max     int64 `json:"max"`

	// AtMax names the quantiles for which these are too few samples: they are the
	// maximum, or next to it.
	AtMax []string `json:"at_max,omitempty"`
}

// A Profile is one, with what it says of contention.
type Profile struct {
	*profile.Profile
	Parts      []profile.Part      `json:"parts"`
	Contention *profile.Contention `json:"contention,omitempty"` // of mutex and block profiles
	Notes      []string            `json:"notes,omitempty"`
}

// A Log is an interval log that was given by itself.
type Log struct {
	File      string     `json:"file"`
	Unit      string     `json:"unit,omitempty"` // of values: ns; "" if the log does not say
	Notes     []string   `json:"notes"`          // what was inferred
	Series    []Series   `json:"series"`         // in the order in which their tags appear
	Intervals []Interval `json:"intervals"`
}

// A Series has all intervals of a log with the same tag.
type Series struct {
	Tag       string `json:"tag,omitempty"`
	Intervals int    `json:"intervals"`
	Values    Values `json:"values"`
}

// An Interval is a line of a log.
type Interval struct {
	Line    int           `json:"line"`
	Tag     string        `json:"tag,omitempty"`
	Start   time.Time     `json:"start,omitzero"`     // zero if the log does not say when it began
	After   time.Duration `json:"after_ns,omitempty"` // since that unknown time
	Length  time.Duration `json:"length_ns"`
	Latency Values        `json:"latency"`
}

// Values is a distribution in the unit of its log.
type Values struct {
	Samples int64   `json:"samples"`
	P50     float64 `json:"p50"`
	P90     float64 `json:"p90"`
	P99     float64 `json:"p99"`
	P999    float64 `json:"p99.9"`
	Max     float64 `json:"max"`

	// AtMax is as in [Latency].
	AtMax []string `json:"at_max,omitempty"`
}

// Benchstat is what that command prints.
type Benchstat struct {
	Command string `json:"command,omitempty"` // for a shell
	Text    string `json:"text,omitempty"`
	Error   string `json:"error,omitempty"` // why it prints nothing
}

// JSON writes the report as one object, a [Data]. What JSON has no form for is left out,
// and is in the report's list of what is not used from then on.
func JSON(w io.Writer, r *Report) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "\t")
	j := data(r)
	err := e.Encode(j)
	if err != nil {
		lost := unwritable(&j)
		r.Source.NotUsed = append(r.Source.NotUsed, lost...)
		j.NotUsed, j.Complete = orEmpty(r.Source.NotUsed), r.Complete()
		text.Reset()
		err = e.Encode(j)
	}
	if err == nil {
		_, err = w.Write(text.Bytes())
	}
	return err
}

func data(r *Report) Data {
	j := Data{
		Version:   Version,
		Made:      r.Made,
		Command:   r.Command,
		Filter:    r.Source.Filter,
		Complete:  r.Complete(),
		Groups:    orEmpty(r.Groups),
		Inputs:    []Input{},
		Profiles:  []Profile{},
		Logs:      []Log{},
		Benchstat: Benchstat{r.BenchstatCommand, r.Benchstat, r.BenchstatError},
		NotUsed:   orEmpty(r.Source.NotUsed),
	}
	for _, in := range r.Source.Inputs {
		j.Inputs = append(j.Inputs, input(in))
	}
	for _, p := range r.Source.Profiles {
		out := Profile{Profile: p, Parts: p.Parts(), Notes: p.Notes()}
		if c, err := p.Contention(); err == nil {
			out.Contention = &c
		}
		j.Profiles = append(j.Profiles, out)
	}
	for _, l := range r.Source.Logs {
		j.Logs = append(j.Logs, logData(l))
	}
	return j
}

// orEmpty is a list that is [] if it is empty.
func orEmpty[T any](list []T) []T { return append([]T{}, list...) }

func input(in *source.Input) Input {
	j := Input{
		Name:    in.Name,
		Kind:    in.Kind,
		Config:  orEmpty(in.Config),
		Units:   orEmpty(in.Units),
		Primary: maps.Clone(in.Primary),
		Cells:   []Cell{},
	}
	if j.Primary == nil {
		j.Primary = map[string]string{}
	}
	if m := in.Manifest; m != nil {
		j.State, j.Start, j.End, j.Sessions = m.State, m.Start, m.End, m.Sessions
	}
	if in.Selftest != nil {
		j.Selftest = in.Selftest.Whole
	}
	for _, c := range in.Cells {
		cell := Cell{Name: c.Name, Config: c.Config, Role: c.Role, Latency: latency(c.Latency), Launches: []Launch{}, Failures: c.Failures}
		for _, l := range c.Launches {
			cell.Launches = append(cell.Launches, Launch{
				Line:       l.Line,
				Index:      l.Index,
				Round:      l.Round,
				Attempt:    l.Attempt,
				N:          l.N,
				Start:      l.Start,
				Duration:   l.Duration,
				Invalid:    l.Invalid,
				Conditions: l.Conditions,
				Metrics:    orEmpty(l.Metrics),
				Latency:    latency(l.Latency),
			})
		}
		j.Cells = append(j.Cells, cell)
	}
	return j
}

func logData(l *source.Log) Log {
	log := Log{File: l.File, Unit: l.Unit, Notes: orEmpty(l.Notes), Series: []Series{}, Intervals: []Interval{}}
	for _, s := range l.Series() {
		log.Series = append(log.Series, Series{s.Tag, len(s.Intervals), values(s.Values)})
	}
	for _, i := range l.Intervals {
		log.Intervals = append(log.Intervals, Interval{i.Line, i.Tag, i.Start, i.After, i.Length, values(i.Values())})
	}
	return log
}

func values(v hlog.Values) Values {
	n := v.Count()
	return Values{
		Samples: n,
		P50:     v.Quantile(0.5),
		P90:     v.Quantile(0.9),
		P99:     v.Quantile(0.99),
		P999:    v.Quantile(0.999),
		Max:     v.Max(),
		AtMax:   record.AtMaxOf(n),
	}
}

func latency(h *hdrhistogram.Histogram) *Latency {
	if h == nil {
		return nil
	}
	return &Latency{
		Samples: h.TotalCount(),
		P50:     h.ValueAtQuantile(50),
		P90:     h.ValueAtQuantile(90),
		P99:     h.ValueAtQuantile(99),
		P999:    h.ValueAtQuantile(99.9),
		Max:     h.Max(),
		AtMax:   record.AtMaxOf(h.TotalCount()),
	}
}
