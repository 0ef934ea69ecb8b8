package workload

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// scheduleLength is the number of arrivals in a schedule. A load that needs more
// repeats it, so memory does not depend on how long the load runs. The sample mean is
// within 0.6 % of the true mean, except in about three of a thousand schedules.
const scheduleLength = 1 << 18

// A schedule says when tasks arrive and how long each takes. It is sampled before the
// first arrival, so sampling takes no time in between, and arrivals do not depend on
// what became of earlier ones.
type schedule struct {
	gaps     []int64 // nanoseconds from an arrival to the next
	services []int64 // nanoseconds that a task takes, in the order of submission
}

// partStart returns where a part of a schedule begins. Parts are spread by the golden
// ratio: however many there are, those with neighbouring numbers are far apart, and the
// distance between any two is nearly as large as it can be. So a launch hardly uses an
// arrival twice. Part 0 is not the beginning, with which the warm-up began.
func partStart(part int) int {
	const stride = 162_013 // scheduleLength divided by the golden ratio; odd, so every start is used
	return (part + 1) * stride % scheduleLength
}

// A dist is a distribution of times with a given mean.
type dist int64

const (
	fixed       dist = iota // always the mean
	exponential             // memoryless; the standard deviation is the mean
)

// draw samples a time, in whole nanoseconds.
func (d dist) draw(rng *rand.Rand, mean float64) int64 {
	if d == exponential {
		mean *= rng.ExpFloat64()
	}
	return int64(mean + 0.5)
}

func distParam(def string, sweep ...string) Param {
	return Param{
		Name:    "dist",
		About:   "distribution of service times: fixed, or exp for exponential",
		Default: def,
		Full:    sweep,
		Parse:   oneOf("fixed", "exp"),
	}
}

// drawSchedule samples a schedule of n arrivals. The same seed and stream give the same
// schedule.
func drawSchedule(n int, seed, stream uint64, gap float64, gaps dist, service float64, services dist) schedule {
	rng := rand.New(rand.NewPCG(seed, stream))
	s := schedule{gaps: make([]int64, n), services: make([]int64, n)}
	for i := range n {
		s.gaps[i] = gaps.draw(rng, gap)
		s.services[i] = services.draw(rng, service)
	}
	return s
}

// oneOf returns a parser for one of the words; its value is the word's index.
func oneOf(words ...string) func(string) (int64, error) {
	return func(s string) (int64, error) {
		for i, word := range words {
			if s == word {
				return int64(i), nil
			}
		}
		return 0, fmt.Errorf("want one of %v", words)
	}
}

// perMille returns a parser for fractions from low to high with at most three
// decimals; the value is in thousandths.
func perMille(low, high float64) func(string) (int64, error) {
	return func(s string) (int64, error) {
		f, err := strconv.ParseFloat(s, 64)
		n := int64(f*1000 + 0.5)
		if err != nil || f < low || f > high || float64(n)/1000 != f {
			return 0, fmt.Errorf("want a fraction from %v to %v with at most three decimals", low, high)
		}
		return n, nil
	}
}

// serviceParam is the time that tasks take.
func serviceParam(def string, sweep ...string) Param {
	return Param{
		Name:    "service",
		About:   "mean service time of a task, spent polling the clock",
		Default: def,
		Full:    sweep,
		Parse:   duration(0, time.Second),
	}
}
