package record

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"
)

var day = time.Date(2026, 11, 23, 8, 7, 9, 123_000_000, time.UTC)

// histogram holds n samples of about base nanoseconds.
func histogram(base int64, n int) *hdrhistogram.Histogram {
	h := hdrhistogram.New(1, int64(10*time.Second), 3)
	for i := range n {
		if err := h.RecordValue(base + int64(i*i)%(base/2)); err != nil {
			panic(err)
		}
	}
	return h
}

func wakeLaunch() Launch {
	return Launch{
		Cell:  Cell{"wake", "bitmap", "futex", 1, []Param{{"gap", "100us"}}},
		Round: 2,
		N:     5000,
		Metrics: []Metric{
			{101234.5, "ns/op"}, {4100, "p50-ns/wake"}, {5000, "p90-ns/wake"}, {8200, "p99-ns/wake"},
			{22500, "p99.9-ns/wake"}, {81000, "max-ns/wake"}, {1, "tasks/op"}, {0, "sys-ns/task"}, {1.0 / 3, "noop-wakes/wake"},
		},
		Latency:    histogram(4000, 5000),
		Start:      day,
		Duration:   520 * time.Millisecond,
		Conditions: []Pair{{"pinned", "yes"}, {"workers-cpus", "1"}, {"invol-switches", "0"}},
	}
}

// diffLaunch compares times as instants and histograms by content.
func diffLaunch(want, got Launch) string {
	return cmp.Diff(want, got, cmp.Comparer(func(a, b *hdrhistogram.Histogram) bool {
		if a == nil || b == nil {
			return a == b
		}
		return a.Equals(b)
	}))
}

func TestSaturated(t *testing.T) {
	offered := func(n float64) Metric { return Metric{n, "offered-tasks/sec"} }
	achieved := func(n float64) Metric { return Metric{n, "achieved-tasks/sec"} }
	says := func(value string) []Pair { return []Pair{{"pinned", "yes"}, {"saturated", value}} }
	for _, tt := range []struct {
		metrics    []Metric
		conditions []Pair
		want       bool
	}{
		{nil, nil, false},
		{[]Metric{offered(1000), achieved(990)}, nil, false},
		{[]Metric{offered(1000), achieved(989)}, nil, true},
		{[]Metric{offered(1000), achieved(0)}, nil, true},
		{[]Metric{offered(1000)}, nil, false}, // a filter left the other one out
		{[]Metric{achieved(1000)}, nil, false},
		{nil, says("yes"), true},
		{[]Metric{offered(1000), achieved(1)}, says("no"), false},
	} {
		l := Launch{Metrics: tt.metrics, Conditions: tt.conditions}
		if got := l.Saturated(); got != tt.want {
			t.Errorf("%v %v: %t, want %t", tt.metrics, tt.conditions, got, tt.want)
		}
	}
}

func TestLaunchRoundTrip(t *testing.T) {
	bare := wakeLaunch()
	bare.Latency, bare.Conditions = nil, nil
	invalid := wakeLaunch()
	invalid.Attempt, invalid.Invalid = 2, []string{"steal", "invol-switches"}
	for _, l := range []Launch{wakeLaunch(), bare, invalid} {
		var b bytes.Buffer
		if err := EncodeLaunch(&b, l); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), "\n"); n != 1 {
			t.Errorf("%d lines, want 1", n)
		}
		got, err := DecodeLaunch(&b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := diffLaunch(l, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestLaunchRefused(t *testing.T) {
	for _, tt := range []struct {
		what string
		edit func(*Launch)
		want string
	}{
		{"cell", func(l *Launch) { l.Cell.Impl = "a b" }, "not allowed"},
		{"round", func(l *Launch) { l.Round = -1 }, "rounds count from 0"},
		{"attempt", func(l *Launch) { l.Attempt = -1 }, "attempts count from 0"},
		{"limit", func(l *Launch) { l.Invalid = []string{"a,b"} }, `violated limit "a,b"`},
		{"limit empty", func(l *Launch) { l.Invalid = []string{""} }, `violated limit ""`},
		{"limit twice", func(l *Launch) { l.Invalid = []string{"a", "a"} }, "twice"},
		{"operations", func(l *Launch) { l.N = 0 }, "nothing was measured"},
		{"no metrics", func(l *Launch) { l.Metrics = nil }, "nothing was measured"},
		{"NaN", func(l *Launch) { l.Metrics[0].Value = math.NaN() }, "not a finite number"},
		{"Inf", func(l *Launch) { l.Metrics[0].Value = math.Inf(1) }, "not a finite number"},
		{"unit twice", func(l *Launch) { l.Metrics[1].Unit = "ns/op" }, "ns/op is there twice"},
		{"duration", func(l *Launch) { l.Duration = -1 }, "negative"},
		{"no start", func(l *Launch) { l.Start = time.Time{} }, "clock is not set"},
		{"condition's key", func(l *Launch) { l.Conditions[0].Key = "A" }, "lower-case"},
		{"condition's value", func(l *Launch) { l.Conditions[0].Value = "a b" }, "not allowed"},
		{"condition empty", func(l *Launch) { l.Conditions[0].Value = "" }, "empty"},
		{"condition twice", func(l *Launch) { l.Conditions[1].Key = "pinned" }, "twice"},
		{"condition named round", func(l *Launch) { l.Conditions[1].Key = "round" }, "twice"},
		{"condition named crc", func(l *Launch) { l.Conditions[1].Key = "crc" }, "twice"},
	} {
		l := wakeLaunch()
		tt.edit(&l)
		err := EncodeLaunch(new(bytes.Buffer), l)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", tt.what, err, tt.want)
		}
	}
}

func TestDecodeLaunchRefuses(t *testing.T) {
	var b bytes.Buffer
	if err := EncodeLaunch(&b, wakeLaunch()); err != nil {
		t.Fatal(err)
	}
	good := b.String()
	for _, tt := range []struct{ what, in, want string }{
		{"empty", "", "wrote nothing"},
		{"printed before", "hello\n" + good, `begins "hello`},
		{"printed after", good + "hello\n", `followed by "hello"`},
		{"cut", good[:len(good)/2], "unexpected EOF"},
		{"unknown field", `{"cel":1}`, "unknown field"},
		{"cell", `{"cell":"Wake"}`, `benchmark name "Wake"`},
		{"histogram", strings.Replace(good, `"latency":"H`, `"latency":"X`, 1), "latency"},
		{"too long", strings.Repeat(" ", maxLaunch+1), "longer than"},
	} {
		_, err := DecodeLaunch(strings.NewReader(tt.in))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", tt.what, err, tt.want)
		}
	}
}

func FuzzDecodeLaunch(f *testing.F) {
	var b bytes.Buffer
	if err := EncodeLaunch(&b, wakeLaunch()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()-20])
	f.Add([]byte(`{"cell":"Wake/impl=a/park=b/workers=1","round":0,"n":1,"metrics":[{"value":1,"unit":"ns/op"}],"latency":"HISTFAAAACx4","start":"2026-11-23T08:07:09Z","duration_ns":1}`))
	f.Add([]byte(`{"latency":""}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := DecodeLaunch(bytes.NewReader(data))
		if err != nil {
			if l.N != 0 || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q with launch %+v", err, l)
			}
			return
		}
		// What was accepted can be written, in both forms.
		var b bytes.Buffer
		if err := EncodeLaunch(&b, l); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(b.Bytes()) {
			t.Errorf("not JSON: %s", b.Bytes())
		}
		if l.Latency != nil {
			if _, err := hlogLine(l); err != nil {
				t.Error(err)
			}
		}
	})
}
