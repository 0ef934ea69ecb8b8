package launch_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// With stages a launch of a wake has them; without, and of other workloads, it
// has not.
func TestStages(t *testing.T) {
	const wake = "Wake/impl=%s/park=%s/workers=1/gap=200us"
	canonical := []string{"lock", "decide", "call", "sleep", "handover"}
	for _, test := range []struct {
		cell   string
		stages bool
		want   []string
	}{
		{fmt.Sprintf(wake, "bitmap", "cond"), true, canonical},
		{fmt.Sprintf(wake, "mutexonly", "chan"), true, canonical},
		{fmt.Sprintf(wake, "channels", "mailbox"), true, []string{"lock", "notify", "resume", "dequeue"}},
		{fmt.Sprintf(wake, "bitmap", "cond"), false, nil},
		{fmt.Sprintf(wake, "goroutine", "go"), true, nil},
		{"Idle/impl=bitmap/park=cond/workers=1", true, nil},
	} {
		t.Run(fmt.Sprint(test.cell, test.stages), func(t *testing.T) {
			cell, err := record.ParseName(test.cell)
			if err != nil {
				t.Fatal(err)
			}
			r := launch.Request{Cell: cell, Time: 20 * time.Millisecond, Stages: test.stages}
			if slices.Contains(r.Args(), "-stages") != test.stages {
				t.Errorf("arguments %q", r.Args())
			}
			l, err := r.Measure(t.Context(), catalog.Default())
			if err != nil {
				t.Fatal(err)
			}
			for _, stage := range canonical {
				for _, unit := range []string{"stage-" + stage + "-ns/wake", "p50-stage-" + stage + "-ns/wake"} {
					_, ok := metric(l, unit)
					if want := slices.Contains(test.want, stage); ok != want {
						t.Errorf("there is a %s: %v", unit, ok)
					}
				}
			}
			for _, m := range l.Metrics {
				if !slices.ContainsFunc(record.Units(), func(u record.Unit) bool { return u.Name == m.Unit }) {
					t.Errorf("unit %s is in no table", m.Unit)
				}
			}
			for _, key := range []string{"stages", "stages-covered", "stages-overlapped", "stages-sum", "stages-agree"} {
				ok := slices.ContainsFunc(l.Conditions, func(p record.Pair) bool { return p.Key == key })
				if want := test.want != nil; ok != want {
					t.Errorf("there is a condition %s: %v", key, ok)
				}
			}
		})
	}
}

func metric(l record.Launch, unit string) (float64, bool) {
	i := slices.IndexFunc(l.Metrics, func(m record.Metric) bool { return m.Unit == unit })
	if i < 0 {
		return 0, false
	}
	return l.Metrics[i].Value, true
}

// BenchmarkStages shows by how much wakes are longer when their stages are
// recorded. An iteration is a pair of launches, each a process of its own, one
// with stages and one without, in an order that alternates:
//
//	go test ./bench/launch -run '^$' -bench Stages -benchtime 60x
//
// The cost is the Hodges–Lehmann estimate over the pairs, in percent of p50; the
// interval around it is for a confidence of 95 %.
func BenchmarkStages(b *testing.B) {
	b.Setenv(measuring, "yes")
	for _, name := range []string{
		"Wake/impl=bitmap/park=cond/workers=1/gap=200us",
		"Wake/impl=bitmap/park=chan/workers=1/gap=200us",
		"Wake/impl=bitmap/park=futex/workers=1/gap=200us",
		"Wake/impl=bitmap/park=spin/workers=1/gap=200us",
		"Wake/impl=channels/park=mailbox/workers=1/gap=200us",
	} {
		cell, err := record.ParseName(name)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(cell.Impl+"/"+cell.Park, func(b *testing.B) { benchmarkStages(b, cell) })
	}
}

func benchmarkStages(b *testing.B, cell record.Cell) {
	const unit = "p50-ns/wake"
	series := []compare.Series{
		{Column: "without", Workload: cell.Workload, Unit: unit, Better: record.Lower, Clock: "launches"},
		{Column: "with", Workload: cell.Workload, Unit: unit, Better: record.Lower, Clock: "launches"},
	}
	launches, invalid := 0, 0
	for round := 0; b.Loop(); round++ {
		for i := range series {
			column := (round + i) % 2
			r := launch.Request{
				Cell:   cell,
				Round:  round,
				Warmup: 30 * time.Millisecond,
				Time:   120 * time.Millisecond,
				Seed:   uint64(round),
				Stages: column == 1,
			}
			l, err := r.Exec(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			if len(l.Invalid) > 0 {
				invalid++
			}
			value, _ := metric(l, unit)
			s := &series[column]
			s.Observations = append(s.Observations, compare.Observation{Round: round, Value: value, At: int64(launches)})
			launches++
		}
	}
	family, err := compare.Compare(compare.Table{
		Series:  series,
		Primary: map[string]string{cell.Workload: unit},
	}, "without", compare.Options{})
	if err != nil {
		b.Fatal(err)
	}
	c := family.Comparisons[0]
	b.ReportMetric(0, "ns/op") // the launches' time is of no interest
	b.ReportMetric(c.Old.Summary.Center, "without-p50-ns")
	b.ReportMetric(c.New.Summary.Center, "with-p50-ns")
	b.ReportMetric(float64(invalid)/float64(launches), "invalid/launch")
	if c.Effect != nil {
		b.ReportMetric(100*(c.Effect.Ratio-1), "%cost")
		if i := c.Effect.Interval; i != nil {
			b.ReportMetric(100*(i.Lo-1), "%least")
			b.ReportMetric(100*(i.Hi-1), "%most")
		}
	}
}
