package record

import (
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

func TestQuantile(t *testing.T) {
	for unit, want := range map[string]struct {
		name  string
		least int64
	}{
		"p50-ns/wake": {"p50", 2}, "p90-ns/wake": {"p90", 10}, "p99-ns/task": {"p99", 100}, "p99.9-ns/wake": {"p99.9", 1000}, "p99.9-sec/wake": {"p99.9", 1000},
		"p99.99-ns/op": {"p99.99", 10_000}, "max-ns/wake": {}, "ns/op": {}, "tail-ns/wake": {"p90", 10}, "p100-ns/op": {}, "parks/task": {}, "p-ns/op": {}, "preempted-ns/sec": {},
	} {
		name, least, ok := Quantile(unit)
		if name != want.name || least != want.least || ok != (want.name != "") {
			t.Errorf("%s: %s, %d, %v", unit, name, least, ok)
		}
	}
}

func TestLaunchAtMax(t *testing.T) {
	latency := hdrhistogram.New(1, 100, 3)
	_ = latency.RecordValues(5, 54)
	samples := func(n string) []Pair { return []Pair{{Key: "samples", Value: n}} }
	for _, c := range []struct {
		launch Launch
		unit   string
		want   bool
	}{
		{Launch{}, "p99.9-ns/wake", false}, // not known
		{Launch{Latency: latency}, "p99.9-ns/wake", true},
		{Launch{Latency: latency}, "p99-ns/wake", true},
		{Launch{Latency: latency}, "p90-ns/wake", false},
		{Launch{Latency: latency}, "max-ns/wake", false},
		{Launch{Conditions: samples("999")}, "p99.9-ns/wake", true},
		{Launch{Conditions: samples("1000")}, "p99.9-ns/wake", false},
		{Launch{Conditions: samples("1000"), Latency: latency}, "p99.9-ns/wake", false},
		{Launch{Conditions: samples("9")}, "p90-ns/wake", true},
		// What the launch says of itself counts.
		{Launch{Conditions: append(samples("5000"), Pair{"quantile-is-max", "p99.9,p99"})}, "p99-ns/wake", true},
		{Launch{Conditions: append(samples("5"), Pair{"quantile-is-max", "p99.9"})}, "p99-ns/wake", false},
	} {
		if got := c.launch.AtMax(c.unit); got != c.want {
			t.Errorf("%+v, %s: %v", c.launch.Conditions, c.unit, got)
		}
	}
}

func TestAtMax(t *testing.T) {
	for _, c := range []struct {
		launches, at int
		want         bool
	}{{0, 0, false}, {14, 0, false}, {14, 6, false}, {14, 7, true}, {3, 1, false}, {3, 2, true}, {1, 1, true}} {
		if got := AtMax(c.launches, c.at); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
