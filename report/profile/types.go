package profile

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	pprof "github.com/google/pprof/profile"
)

// A measure says which values of the samples are of use, and in which units.
type measure struct {
	sort   sort
	kind   Kind    // of contention, if its types say it
	events int     // index of the number of samples or waits; -1 if it is not recorded
	at     int     // index of the time; -1 if it is the number of samples times the period
	unit   float64 // of the time, in nanoseconds
	period float64 // of a sample, in nanoseconds; 0 if it is not known
	also   string  // what else the profile has, and is not used
}

// A sort is what the types of a profile's samples say.
type sort int

const (
	ofCPU sort = iota
	ofWall
	ofWaits
)

// timeUnits are in nanoseconds.
var timeUnits = map[string]float64{
	"nanoseconds": 1, "nanosecond": 1, "ns": 1,
	"microseconds": 1e3, "microsecond": 1e3, "us": 1e3, "µs": 1e3,
	"milliseconds": 1e6, "millisecond": 1e6, "ms": 1e6,
	"seconds": 1e9, "second": 1e9, "s": 1e9,
}

// times are the names that producers give to types of time, with that of the number that
// belongs to it. The first that a profile has is used.
var times = []struct {
	sort        sort
	kind        Kind
	time, count string
}{
	{ofCPU, "", "cpu", "samples"},          // Go, gperftools, pprof-rs, async-profiler, pyroscope
	{ofCPU, "", "cpu", "sample"},           // pprof of Node.js
	{ofCPU, "", "cpu-time", "cpu-samples"}, // dd-trace
	{ofWall, "", "wall", "samples"},
	{ofWall, "", "wall", "sample"},
	{ofWall, "", "wall-time", "wall-samples"},
	{ofWaits, "", "delay", "contentions"},
	{ofWaits, Mutex, "mutex_duration", "mutex_count"}, // pyroscope
	{ofWaits, Block, "block_duration", "block_count"},
}

// measures finds the types of samples that are of use: CPU time, wall-clock time or
// contention.
func measures(raw *pprof.Profile) (m measure, err error) {
	index := func(is func(*pprof.ValueType) bool) int { return slices.IndexFunc(raw.SampleType, is) }
	count := func(name string) int {
		return index(func(t *pprof.ValueType) bool { return t.Type == name && timeUnits[t.Unit] == 0 && t.Unit != "bytes" })
	}
	if period := raw.PeriodType; period != nil && raw.Period > 0 {
		m.period = float64(raw.Period) * timeUnits[period.Unit]
	}
	m.at = -1
	for _, t := range times {
		at := index(func(v *pprof.ValueType) bool { return v.Type == t.time && timeUnits[v.Unit] > 0 })
		if at < 0 {
			continue
		}
		events := count(t.count)
		if m.at < 0 || m.at == at && m.events < 0 {
			m.sort, m.kind, m.at, m.events, m.unit = t.sort, t.kind, at, events, timeUnits[raw.SampleType[at].Unit]
		} else if m.at != at && m.also == "" {
			m.also = t.time
		}
	}
	if m.at >= 0 {
		return m, nil
	}
	// perf counts a clock in nanoseconds: "cpu-clock:u_event".
	if at := index(isClock); at >= 0 {
		name := strings.TrimSuffix(raw.SampleType[at].Type, "event") + "sample"
		m.sort, m.at, m.events, m.unit = ofCPU, at, count(name), 1
		return m, nil
	}
	// Samples of a known time.
	if events := cmp.Or(1+count("samples"), 1+count("sample")) - 1; events >= 0 && m.period > 0 {
		m.sort, m.events, m.unit = ofCPU, events, 1
		if strings.HasPrefix(raw.PeriodType.Type, "wall") {
			m.sort = ofWall
		}
		return m, nil
	}
	var has []string
	for _, t := range raw.SampleType {
		has = append(has, fmt.Sprintf("%.40s/%.40s", t.Type, t.Unit))
	}
	remedy := ""
	if index(func(t *pprof.ValueType) bool { return strings.HasSuffix(t.Type, "_event") }) >= 0 {
		remedy = ": for time, record with \"perf record -e cpu-clock -g\""
	}
	return m, fmt.Errorf("it is neither a profile of CPU or wall-clock time nor a mutex or block profile: the types of its samples are %q%s", has, remedy)
}

func isClock(t *pprof.ValueType) bool {
	return strings.HasSuffix(t.Type, "_event") && (strings.HasPrefix(t.Type, "cpu-clock") || strings.HasPrefix(t.Type, "task-clock"))
}

var errSum = errors.New("its samples add up to more than 2⁶³: it is damaged")

// of returns how many samples or waits a sample is, 0 if that is not known, and their time.
func (m measure) of(s *pprof.Sample) (events int64, took time.Duration, err error) {
	if m.events >= 0 {
		events = s.Value[m.events]
	}
	ns := float64(events) * m.period
	if m.at >= 0 {
		v := s.Value[m.at]
		if m.unit == 1 {
			took = time.Duration(v) // exactly
		}
		ns = float64(v) * m.unit
	}
	if math.Abs(ns) >= math.MaxInt64 {
		return 0, 0, errSum
	}
	if took == 0 {
		took = time.Duration(ns)
	}
	if m.events < 0 && m.period > 0 {
		events = int64(math.Round(ns / m.period))
	}
	return events, took, nil
}
