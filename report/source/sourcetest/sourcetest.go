// Package sourcetest records result folders for tests of reports: a small run with
// numbers that are made up, always the same, and known.
package sourcetest

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/idlebench/idlebench/record"
)

// Start is when a run began.
var Start = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// Cells are the cells of a run. With the parker futex mutexonly takes a fifth longer
// than bitmap, with cond both take the same. Channels takes half as long as bitmap with
// cond. The workload burst has no histograms.
func Cells() []record.Cell {
	wake := func(impl, park string) record.Cell {
		return record.Cell{Workload: "wake", Impl: impl, Park: park, Workers: 1, Params: []record.Param{{Name: "gap", Value: "200us"}}}
	}
	burst := func(impl, park string) record.Cell {
		return record.Cell{Workload: "burst", Impl: impl, Park: park, Workers: 2}
	}
	return []record.Cell{
		wake("floor", "futex"),
		wake("goroutine", "go"),
		wake("bitmap", "cond"), wake("bitmap", "futex"),
		wake("mutexonly", "cond"), wake("mutexonly", "futex"),
		wake("channels", "mailbox"),
		burst("bitmap", "cond"), burst("mutexonly", "cond"),
		{Workload: "platform_clock", Impl: "platform", Park: "none", Workers: 1},
	}
}

// Submitted are cells with several submitters. With go-cond a wake takes half as
// long as with a futex, but if the submitter spins it takes twice as long; for
// channels it is 4 % more then. The workload idle is reported and not judged, and has
// no submitter.
func Submitted() (cells []record.Cell) {
	for _, who := range []string{"block", "spin", "poll"} {
		for _, s := range [][2]string{{"bitmap", "futex"}, {"bitmap", "go-cond"}, {"mutexonly", "futex"}, {"mutexonly", "go-cond"}, {"channels", "go-mailbox"}, {"goroutine", "go"}} {
			cells = append(cells, record.Cell{Workload: "wake", Impl: s[0], Park: s[1], Workers: 1,
				Params: []record.Param{{Name: "gap", Value: "200us"}, {Name: "submitter", Value: who}}})
		}
	}
	for _, impl := range []string{"bitmap", "mutexonly"} {
		cells = append(cells,
			record.Cell{Workload: "idle", Impl: impl, Park: "futex", Workers: 1},
			record.Cell{Workload: "yield_many", Impl: impl, Park: "futex", Workers: 1, Params: []record.Param{{Name: "submitter", Value: "block"}}})
	}
	return cells
}

// center is the made-up median of a cell in nanoseconds.
func center(c record.Cell) float64 {
	ns := map[string]float64{"cond": 20_000, "futex": 10_000, "mailbox": 10_000, "go": 15_000, "none": 40, "go-cond": 5_000, "go-mailbox": 10_000}[c.Park]
	if slices.Contains(c.Params, record.Param{Name: "submitter", Value: "spin"}) {
		switch c.Park {
		case "go-cond":
			ns *= 4
		case "go-mailbox":
			ns *= 1.04
		}
	}
	switch {
	case c.Impl == "floor":
		ns /= 2
	case c.Impl == "mutexonly" && c.Park == "futex":
		ns *= 1.2
	}
	return ns
}

// Record makes a result folder with that many rounds. Change, if it is not nil, may
// change each launch before it is written, or let it fail.
func Record(dir string, rounds int, change func(*record.Launch) error) error {
	return RecordCells(dir, Cells(), rounds, change)
}

// RecordCells does the same with other cells.
func RecordCells(dir string, cells []record.Cell, rounds int, change func(*record.Launch) error) error {
	plan := record.Plan{Cells: cells, Rounds: rounds, Time: time.Second}
	for range rounds {
		order := make([]int, len(cells))
		for i := range cells {
			order[i] = i
		}
		plan.Order = append(plan.Order, order)
	}
	w, err := record.Create(dir, record.Header{
		Start:  Start,
		Plan:   plan,
		Config: []record.Pair{{Key: "goos", Value: "linux"}, {Key: "cpu", Value: "Made Up 1000"}, {Key: "commit", Value: "0123456789ab"}, {Key: "date", Value: Start.Format(time.RFC3339)}},
		Units:  record.Units(),
		Primary: map[string]string{
			"wake": "p50-ns/wake", "idle": "", "yield_many": "ns/op", "burst": "ns/op", "platform_clock": "now-ns/op",
		},
		Defaults: map[string]map[string]string{
			"wake": {"gap": "200us", "submitter": "block"}, "yield_many": {"submitter": "block"}, "idle": {}, "burst": {}, "platform_clock": {},
		},
		Args: []string{"run", "-count", fmt.Sprint(rounds)},
	})
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 2))
	now := Start
	for round := range rounds {
		slow := 1 + 0.1*r.Float64() // the machine's day
		for _, c := range cells {
			l := launch(c, slow*center(c), r)
			l.Round, l.Start, l.Duration = round, now, time.Second
			now = now.Add(2 * time.Second)
			if change != nil {
				if failure := change(&l); failure != nil {
					err = errors.Join(err, w.Fail(c, round, failure))
					continue
				}
			}
			err = errors.Join(err, w.Append(l))
		}
	}
	return errors.Join(err, w.Close(record.Complete))
}

// Designs makes a result folder with bitmap and as many other designs as factors, design1
// and so on: with the parker futex the times of the i-th are bitmap's multiplied by its
// factor, and with cond they are bitmap's.
func Designs(dir string, rounds int, factors ...float64) error {
	var cells []record.Cell
	by := map[string]float64{}
	for _, park := range []string{"futex", "cond"} {
		for i := range len(factors) + 1 {
			c := record.Cell{Workload: "wake", Impl: "bitmap", Park: park, Workers: 1, Params: []record.Param{{Name: "gap", Value: "200us"}}}
			if i > 0 {
				c.Impl = fmt.Sprintf("design%d", i)
				by[c.Impl] = factors[i-1]
			}
			cells = append(cells, c)
		}
	}
	return RecordCells(dir, cells, rounds, func(l *record.Launch) error {
		if f, ok := by[l.Cell.Impl]; ok && l.Cell.Park == "futex" {
			for i := range l.Metrics {
				l.Metrics[i].Value *= f
			}
		}
		return nil
	})
}

// launch makes up what was measured.
func launch(c record.Cell, center float64, r *rand.Rand) record.Launch {
	l := record.Launch{Cell: c, N: 100, Conditions: []record.Pair{{Key: "gc", Value: "0"}}}
	center *= 1 + 0.01*(r.Float64()-0.5)
	add := func(value float64, unit string) {
		l.Metrics = append(l.Metrics, record.Metric{Value: math.Round(value*1000) / 1000, Unit: unit})
	}
	add(1.1*center, "ns/op")
	switch c.Workload {
	case "wake":
		l.Latency = hdrhistogram.New(1, int64(time.Minute), 3)
		for range 200 {
			_ = l.Latency.RecordValue(int64(center * math.Exp(0.2*r.NormFloat64())))
		}
		add(center, "p50-ns/wake")
		add(2*center, "p99-ns/wake")
		add(center/2, "cost-ns/task")
		parts(c, center/2, add)
	case "idle":
		add(center/5, "cost-ns/sec")
	case "burst":
		add(1000, "offered-tasks/sec")
		add(999, "achieved-tasks/sec")
	default:
		add(center, "now-ns/op")
	}
	return l
}

// parts makes up who used the cost, as far as that is known in such a cell: the
// workers if each has a thread, the submitter if it has one, the rest if both have.
func parts(c record.Cell, cost float64, add func(float64, string)) {
	if !slices.ContainsFunc(c.Params, func(p record.Param) bool { return p.Name == "submitter" }) {
		return
	}
	threads := !strings.HasPrefix(c.Park, "go")
	if threads {
		add(cost/2, "worker-cpu-ns/task")
	}
	if slices.Contains(c.Params, record.Param{Name: "submitter", Value: "spin"}) {
		add(cost/4, "submitter-cpu-ns/task")
		if threads {
			add(cost/4, "runtime-cpu-ns/task")
		}
	}
	add(cost/8, "p50-ns/submit")
	add(cost/4, "p99-ns/submit")
}
