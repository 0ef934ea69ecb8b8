package compare_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/gate"
)

var ratesRuns = flag.Int("gate-runs", 200, "simulated runs for each rate of TestGateRates")

// Noise is what a real comparison of a program with itself measured.
type noise struct {
	pace  time.Duration // of a cell in a round
	cells [][]float64   // log(new/old) by cell and round
}

// readNoise reads a file of testdata/residuals.
func readNoise(t *testing.T, name string) (n noise) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "residuals", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		switch fields[0] {
		case "#":
			continue
		case "pace":
			if n.pace, err = time.ParseDuration(fields[1]); err != nil {
				t.Fatal(err)
			}
			continue
		}
		var d []float64
		for _, f := range fields[1:] {
			v, err := strconv.ParseFloat(f, 64)
			if err != nil {
				t.Fatal(err)
			}
			d = append(d, v)
		}
		n.cells = append(n.cells, d)
	}
	return n
}

// stretch is how many rounds in a row are taken from the real comparison, so that times of
// more noise stay together, in all cells.
const stretch = 4

// A source makes differences of noise. The sides were equal and had their order by a coin
// for each cell and round, so each real difference might as well have had the other sign:
// only its size is taken, and the sign is a coin.
type source struct {
	noise
	rng    *rand.Rand
	factor float64 // times the noise
	at     float64 // where the stretch begins, as a part of the real comparison
}

func (s *source) difference(cell, round int) float64 {
	if cell == 0 && round%stretch == 0 {
		s.at = s.rng.Float64()
	}
	d := s.cells[cell]
	x := s.factor * d[(int(s.at*float64(len(d)))+round%stretch)%len(d)]
	if s.rng.IntN(2) == 0 {
		return -x
	}
	return x
}

// run is a comparison as the engine makes it, with a change of each cell. It returns the
// outcome and how long it took.
func (s *source) run(t *testing.T, budget time.Duration, limits gate.Thresholds, change []float64) (gate.Outcome, time.Duration) {
	t.Helper()
	m := len(s.cells)
	course := compare.Course{Budget: budget}
	course.Schedule, course.Least = compare.GateSchedule(0.05, m, int(budget/(time.Duration(m)*s.pace)))
	trial, err := compare.NewTrial(course.Schedule, compare.Options{Margin: limits.Default, OneSided: true}, limits.Decided)
	if err != nil {
		t.Fatal(err)
	}
	d := make([][]float64, m)
	decided := make([]bool, m)
	var elapsed time.Duration
	for round := 0; ; {
		open := 0
		for i := range d {
			x := s.difference(i, round)
			if !decided[i] {
				d[i] = append(d[i], x+math.Log1p(change[i]))
				elapsed += s.pace
				open++
			}
		}
		round++
		step := course.After(round, open, elapsed, s.pace)
		if step == compare.Measure {
			continue
		}
		comparisons := trial.Judge(d, step)
		for i, c := range comparisons {
			decided[i] = c.Look > 0
		}
		last := round == course.Schedule.Looks[len(course.Schedule.Looks)-1].Rounds
		if step == compare.End || last || !slices.Contains(decided, false) {
			f := compare.Family{Size: m, Comparisons: comparisons}
			return gate.Decide("", "", f, limits, nil).Outcome, elapsed
		}
	}
}

// TestGateRates simulates the default comparison with the noise of real ones: how often the
// same code passes, and how often a change is caught. The limits are what issue 16 asks for:
// within 5 minutes identical code passes in 95 % of the runs and 10 % are caught in 90 %; in 2
// minutes 18 of 20 runs are right; false alarms are at most 5 %, and so are changes of 10 %
// that pass. The last noise is half as much again as in the noisier of the two, to show what
// gives way on a machine that is worse: not the error rates.
//
//	go test ./stats/compare -run TestGateRates -v -gate-runs 5000
func TestGateRates(t *testing.T) {
	compare.SkipRaced(t)
	limits := gate.Thresholds{Default: 0.05}
	type rates map[gate.Outcome]float64
	changes := []struct {
		name   string
		size   float64
		one    bool // of the cells in turn; otherwise all
		wanted func(r rates, budget time.Duration) bool
	}{
		{"the same code", 0, false, func(r rates, b time.Duration) bool {
			return r[gate.Fail] <= 0.05 && r[gate.Pass] >= map[bool]float64{false: 0.9, true: 0.95}[b == 5*time.Minute]
		}},
		{"+10 % in one cell", 0.1, true, func(r rates, _ time.Duration) bool { return r[gate.Pass] <= 0.05 && r[gate.Fail] >= 0.9 }},
		{"+10 % in all cells", 0.1, false, func(r rates, _ time.Duration) bool { return r[gate.Pass] <= 0.05 && r[gate.Fail] >= 0.9 }},
		{"+7 % in one cell", 0.07, true, nil},
		{"+20 % in one cell", 0.2, true, func(r rates, _ time.Duration) bool { return r[gate.Pass] <= 0.001 && r[gate.Fail] >= 0.99 }},
	}
	for _, n := range []struct {
		name, file string
		factor     float64
	}{{"calm", "calm", 1}, {"rough", "rough", 1}, {"rough × 1.5", "rough", 1.5}} {
		for _, budget := range []time.Duration{2 * time.Minute, 5 * time.Minute} {
			for _, c := range changes {
				t.Run(fmt.Sprintf("%s, %v, %s", n.name, budget, c.name), func(t *testing.T) {
					t.Parallel()
					s := &source{noise: readNoise(t, n.file), rng: rand.New(rand.NewPCG(16, 5)), factor: n.factor}
					got := rates{}
					var took time.Duration
					for run := range *ratesRuns {
						change := make([]float64, len(s.cells))
						for i := range change {
							if !c.one || i == run%len(change) {
								change[i] = c.size
							}
						}
						outcome, elapsed := s.run(t, budget, limits, change)
						got[outcome] += 1 / float64(*ratesRuns)
						took += elapsed / time.Duration(*ratesRuns)
					}
					t.Logf("passed %.1f %%, regressed %.1f %%, unresolved %.1f %%, after %v on average",
						100*got[gate.Pass], 100*got[gate.Fail], 100*got[gate.Open], took.Round(time.Second))
					wanted := c.wanted
					if n.factor > 1 && wanted != nil { // only what must hold on every machine
						wanted = func(r rates, _ time.Duration) bool {
							return c.size == 0 && r[gate.Fail] <= 0.05 || c.size > 0 && r[gate.Pass] <= 0.05
						}
					}
					if wanted != nil && !wanted(got, budget) {
						t.Errorf("that is not enough")
					}
				})
			}
		}
	}
}
