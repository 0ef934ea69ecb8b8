package record_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/idlebench/idlebench/record"
)

func Example() {
	parent, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(parent)
	dir := filepath.Join(parent, "run")

	cell := record.Cell{Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 1}
	start := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	w, err := record.Create(dir, record.Header{
		Start:  start,
		Plan:   record.Plan{Cells: []record.Cell{cell}, Rounds: 1, Order: [][]int{{0}}},
		Config: []record.Pair{{Key: "goos", Value: "linux"}},
		Units:  record.Units(),
	})
	if err != nil {
		log.Fatal(err)
	}

	latency := hdrhistogram.New(1, int64(time.Minute), 3)
	for ns := int64(1000); ns <= 9000; ns += 1000 {
		if err := latency.RecordValue(ns); err != nil {
			log.Fatal(err)
		}
	}
	if err := w.Append(record.Launch{
		Cell:     cell,
		N:        9,
		Metrics:  []record.Metric{{Value: float64(latency.ValueAtQuantile(50)), Unit: "p50-ns/wake"}},
		Latency:  latency,
		Start:    start,
		Duration: time.Second,
	}); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(record.Complete); err != nil {
		log.Fatal(err)
	}

	run, err := record.Read(dir)
	if err != nil {
		log.Fatal(err)
	}
	l := run.Recorded[0]
	fmt.Println(run.State, l.Cell.Name(), l.Metrics, l.Latency.TotalCount())
	// Output: complete Wake/impl=bitmap/park=futex/workers=1 [{5003 p50-ns/wake}] 9
}
