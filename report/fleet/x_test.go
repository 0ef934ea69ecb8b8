package fleet_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/fleet/fleettest"
)

func TestMakeMany(t *testing.T) {
	run, err := record.ReadLaunches("../../results/sample")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		m := fleettest.Machine{Name: fmt.Sprintf("node%03d", i), Pack: "abc", Seed: uint64(i), Speed: 1 + float64(i)/50,
			Facts: []record.Pair{{"kernel", fmt.Sprint("6.", i/30)}, {"cpu", []string{"AMD EPYC", "Intel Xeon", "Ampere"}[i%3]}},
			Factor: func(c record.Cell) float64 {
				if c.Impl == "mutexonly" && c.Workload == "wake" {
					return []float64{0.7, 1.5, 1}[i%3]
				}
				return 1
			}}
		if _, err := fleettest.Make(run, os.Getenv("MANY"), m); err != nil {
			t.Fatal(err)
		}
	}
}
