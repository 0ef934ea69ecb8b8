package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A slicing is how the launches of a group, which are alive together, take turns in a
// round.
type slicing struct {
	// order returns whose slices follow each other. Each launch has one in each pass.
	order func(rng *rand.Rand, launches, passes int) []turn

	// carry is the effect of a launch on the slice after its own, as a multiple of what
	// the launch's implementation does to the machine. It is what is left of that effect
	// after the dropped beginning of a slice.
	carry float64

	fast   func(*rand.Rand) float64 // noise of a single slice
	layout float64                  // standard deviation of a launch's own effect, the same in all its slices
}

// A turn is a slice of time of one launch. What does not count is not measured, but has
// its effect on the next.
type turn struct {
	launch int
	counts bool
}

// permuted draws a permutation for each pass.
func permuted(rng *rand.Rand, launches, passes int) (order []turn) {
	for range passes {
		for _, i := range rng.Perm(launches) {
			order = append(order, turn{i, true})
		}
	}
	return order
}

// led does the same, and begins each pass with a slice of the launch that is its first,
// which does not count.
func led(rng *rand.Rand, launches, passes int) (order []turn) {
	for range passes {
		pass := permuted(rng, launches, 1)
		order = append(append(order, turn{pass[0].launch, false}), pass...)
	}
	return order
}

// middle are the time constants, in slices, of the noise between that of a slice and that
// of a round.
var middle = []float64{3, 30, 300}

// run returns the differences of one run, by comparison and round. All implementations are
// equally fast, but leave the machine in different states.
func (s slicing) run(rng *rand.Rand, launches, passes, rounds int) [][]float64 {
	const sd = 0.1 // of the noise on each time scale, and of the states
	states, slow := make([]float64, launches), make([]float64, len(middle))
	for _, all := range [][]float64{states, slow} {
		for i := range all {
			all[i] = sd * rng.NormFloat64()
		}
	}
	before := rng.IntN(launches)
	d := make([][]float64, launches-1)
	for range rounds {
		own := make([]float64, launches)
		for i := range own {
			own[i] = s.layout * rng.NormFloat64()
		}
		round := sd * rng.NormFloat64()
		values := make([][]float64, launches)
		for _, t := range s.order(rng, launches, passes) {
			v := round + own[t.launch] + s.carry*states[before] + s.fast(rng)
			for i, constant := range middle {
				rho := math.Exp(-1 / constant)
				slow[i] = rho*slow[i] + math.Sqrt(1-rho*rho)*sd*rng.NormFloat64()
				v += slow[i]
			}
			if before = t.launch; t.counts {
				values[t.launch] = append(values[t.launch], v)
			}
		}
		for i := range d {
			d[i] = append(d[i], midmean(values[i+1])-midmean(values[0]))
		}
	}
	return d
}

// midmean is the mean of the middle half, which makes the value of a launch from those of
// its slices.
func midmean(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	sum, cut := 0.0, len(sorted)/4
	for _, v := range sorted[cut : len(sorted)-cut] {
		sum += v
	}
	return sum / float64(len(sorted)-2*cut)
}

// families returns how many of n families of equal implementations have a verdict, and the
// root mean square of the differences.
func (s slicing) families(n, launches, passes int) (wrong int, rms float64) {
	const rounds = 14
	o, _ := Options{}.withDefaults()
	rng := rand.New(rand.NewPCG(14, 14))
	sum := 0.0
	for range n {
		d := s.run(rng, launches, passes, rounds)
		for _, one := range d {
			for _, x := range one {
				sum += x * x
			}
		}
		all := contrasts(d, rounds)
		o.judge(all, 1, len(all), 0)
		if slices.ContainsFunc(all, func(c *contrast) bool { return c.Verdict == Better || c.Verdict == Worse }) {
			wrong++
		}
	}
	return wrong, math.Sqrt(sum / float64(n*rounds*(launches-1)))
}

// Launches that share a round in slices keep the level, with noise on all time scales, a
// layout of its own in each launch, and carry-over, if each pass begins with a slice that
// does not count.
func TestSlices(t *testing.T) {
	skipRaced(t)
	const n = 1000
	o, _ := Options{}.withDefaults()
	gaussian := func(rng *rand.Rand) float64 { return 0.05 * rng.NormFloat64() }
	heavy := func(rng *rand.Rand) float64 { return gaussian(rng) / math.Sqrt(rng.ExpFloat64()) }
	for _, c := range []struct {
		name             string
		slicing          slicing
		launches, passes int
	}{
		{"no carry-over", slicing{order: led, fast: gaussian}, 6, 6},
		{"carry-over of 0.3", slicing{order: led, fast: gaussian, carry: 0.3}, 6, 6},
		{"carry-over of 0.5", slicing{order: led, fast: gaussian, carry: 0.5}, 6, 6},
		{"heavy tails", slicing{order: led, fast: heavy, carry: 0.5}, 6, 6},
		{"layouts", slicing{order: led, fast: gaussian, carry: 0.5, layout: 0.1}, 6, 6},
		{"two launches", slicing{order: led, fast: gaussian, carry: 0.5}, 2, 6},
		{"three launches, one pass", slicing{order: led, fast: gaussian, carry: 0.5}, 3, 1},
		{"no lead-in, no carry-over", slicing{order: permuted, fast: gaussian}, 6, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wrong, rms := c.slicing.families(n, c.launches, c.passes)
			if limit := refutes(n, 2*o.Alpha); wrong > limit {
				t.Errorf("%d of %d families have a verdict: more than %d do not exclude twice the level", wrong, n, limit)
			}
			t.Logf("%d of %d families have a verdict, root mean square difference %.3f", wrong, n, rms)
		})
	}
}

// Without the lead-in a launch never follows itself within a pass: what it does to the next
// slice is counted against the others only, and the level is not kept.
func TestSlicesWithoutLeadIn(t *testing.T) {
	skipRaced(t)
	const n = 1000
	o, _ := Options{}.withDefaults()
	s := slicing{order: permuted, carry: 0.5, fast: func(rng *rand.Rand) float64 { return 0.05 * rng.NormFloat64() }}
	wrong, _ := s.families(n, 6, 6)
	if limit := atMost(n, o.Alpha); wrong <= limit {
		t.Errorf("%d of %d families have a verdict, and %d are within the level: that would not be noticed", wrong, n, limit)
	}
	t.Logf("%d of %d families have a verdict", wrong, n)
}
