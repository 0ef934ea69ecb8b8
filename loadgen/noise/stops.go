package noise

import (
	"math"
	"runtime/metrics"
	"time"
)

// A StopMeter reads how often, and for how long, the Go runtime has stopped the world.
type StopMeter struct{ samples []metrics.Sample }

// NewStopMeter returns a meter. Reading it does not allocate.
func NewStopMeter() *StopMeter {
	m := &StopMeter{[]metrics.Sample{
		{Name: "/sched/pauses/total/gc:seconds"},
		{Name: "/sched/pauses/total/other:seconds"},
	}}
	m.Read() // allocates the histograms, which are reused
	return m
}

// Stops is how often the world was stopped, since the process began or between two
// readings.
type Stops struct {
	Count uint64
	Time  time.Duration // an upper bound; the true value may be a quarter less
}

// Read returns the stops since the process began.
func (m *StopMeter) Read() (s Stops) {
	metrics.Read(m.samples)
	for _, sample := range m.samples {
		if sample.Value.Kind() != metrics.KindFloat64Histogram {
			continue // a Go runtime without it
		}
		h := sample.Value.Float64Histogram()
		for i, n := range h.Counts {
			longest := h.Buckets[i+1]
			if math.IsInf(longest, 1) {
				longest = h.Buckets[i]
			}
			s.Count += n
			s.Time += time.Duration(float64(n) * longest * 1e9)
		}
	}
	return s
}

// Sub returns the stops since an earlier reading.
func (s Stops) Sub(earlier Stops) Stops {
	return Stops{s.Count - earlier.Count, s.Time - earlier.Time}
}
