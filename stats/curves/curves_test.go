package curves

import (
	"math"
	"math/rand/v2"
	"testing"
)

var cores = []float64{2, 4, 8, 16, 32, 64}

// curve returns a·x^p for several seeds, with noise of that relative size.
func curve(a, p float64, seeds int, noise float64, r *rand.Rand) (points []Point) {
	for _, x := range cores {
		q := Point{X: x}
		for range seeds {
			q.Y = append(q.Y, a*math.Pow(x, p)*math.Exp(noise*r.NormFloat64()))
		}
		points = append(points, q)
	}
	return points
}

// Curves that are straight lines in logarithms cross where they are planted.
func TestPlantedCrossing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, x := range []float64{3, 5.5, 8, 11, 40} {
		flat := curve(100, 0, 5, 0, r)
		steep := curve(100/math.Sqrt(x), 0.5, 5, 0, r)
		got := Crossings(steep, flat, 1.02)
		if len(got) != 1 || math.Abs(got[0].X/x-1) > 1e-9 || !got[0].Above || got[0].In != 5 || got[0].Of != 5 || got[0].Seeds.Low != got[0].Seeds.High {
			t.Errorf("planted at %v: %+v", x, got)
		}
		if got = Crossings(flat, steep, 1.02); len(got) != 1 || got[0].Above {
			t.Errorf("the other way: %+v", got)
		}
	}
}

// With noise the place is near, and within the band of its seeds.
func TestNoisyCrossing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	wrong, outside := 0, 0
	const runs = 300
	for range runs {
		got := Crossings(curve(100/math.Sqrt(11), 0.5, 9, 0.05, r), curve(100, 0, 9, 0.05, r), 1.02)
		if len(got) != 1 || math.Abs(math.Log(got[0].X/11)) > 0.15 {
			wrong++
			continue
		}
		if c := got[0]; c.Seeds.Low > 11 || c.Seeds.High < 11 || c.In != 9 {
			outside++
		}
	}
	if wrong > runs/50 || outside > runs/50 {
		t.Errorf("of %d runs %d are wrong, and in %d the band misses the place", runs, wrong, outside)
	}
}

// Curves that differ by noise within the margin do not cross; nor do parallel ones.
func TestNoCrossing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		if got := Crossings(curve(100, 0.3, 5, 0.002, r), curve(100, 0.3, 5, 0.002, r), 1.02); got != nil {
			t.Fatalf("noise: %+v", got)
		}
	}
	if got := Crossings(curve(100, 0.3, 5, 0.1, r), curve(300, 0.3, 5, 0.1, r), 1.02); got != nil {
		t.Errorf("parallel: %+v", got)
	}
	if got := Crossings(nil, curve(1, 1, 2, 0, r), 1.02); got != nil {
		t.Errorf("nothing: %+v", got)
	}
}

// A tie in between belongs to the crossing, which is in its middle.
func TestTie(t *testing.T) {
	one := func(ys ...float64) (points []Point) {
		for i, y := range ys {
			points = append(points, Point{X: cores[i], Y: []float64{y}})
		}
		return points
	}
	ones := one(1, 1, 1, 1, 1)
	got := Crossings(one(0.5, 1.001, 1, 0.999, 2), ones, 1.02)
	if len(got) != 1 || got[0].X < 4 || got[0].X > 16 {
		t.Errorf("with a tie: %+v", got)
	}
	if got = Crossings(one(0.5, 1.01, 0.5, 0.99, 0.5), ones, 1.02); got != nil {
		t.Errorf("touches: %+v", got)
	}
	if got = Crossings(one(0.5, 2, 0.5, 2, 2), ones, 1.02); len(got) != 3 || !got[0].Above || got[1].Above || !got[2].Above {
		t.Errorf("three times: %+v", got)
	}
	gap := one(0.5, math.NaN(), 2)
	if got = Crossings(gap, ones, 1.02); len(got) != 1 || math.Abs(got[0].X-4) > 1e-9 {
		t.Errorf("with a gap: %+v", got)
	}
	only := one(0.5, 2)
	only[1].X = 5
	if got = Crossings(only, ones, 1.02); got != nil {
		t.Errorf("a place that the other curve lacks: %+v", got)
	}
}

// A seed whose curves do not cross is not counted, and does not widen the band.
func TestSomeSeeds(t *testing.T) {
	a := []Point{{2, []float64{0.5, 0.5, 0.5}}, {8, []float64{2, 2, 0.9}}}
	b := []Point{{2, []float64{1, 1, 1}}, {8, []float64{1, 1, 1}}}
	got := Crossings(a, b, 1.02)
	if len(got) != 1 || got[0].In != 2 || got[0].Of != 3 || math.Abs(got[0].X-4) > 1e-9 || got[0].Seeds != (Band{got[0].X, got[0].X, got[0].X}) {
		t.Errorf("%+v", got)
	}
}

func TestElasticity(t *testing.T) {
	// The result is 3·c^p for a constant c.
	for _, p := range []float64{-1, 0, 0.4, 1} {
		result := func(f float64) []float64 { return []float64{3 * math.Pow(f, p), 5 * math.Pow(f, p)} }
		e, ok := Elasticity(result(0.5), result(1.5), 0.5, 1.5)
		if !ok || math.Abs(e.Low-p) > 1e-12 || math.Abs(e.High-p) > 1e-12 {
			t.Errorf("planted %v: %+v", p, e)
		}
	}
	// Half of the result is proportional to the constant: about 0.5.
	e, ok := Elasticity([]float64{10 + 5}, []float64{10 + 15}, 0.5, 1.5)
	if !ok || math.Abs(e.Mid-0.5) > 0.04 {
		t.Errorf("half: %+v", e)
	}
	if _, ok := Elasticity(nil, []float64{1}, 0.5, 1.5); ok {
		t.Error("of nothing there is one")
	}
	if _, ok := Elasticity([]float64{0}, []float64{1}, 0.5, 1.5); ok {
		t.Error("of 0 there is one")
	}
}

func TestBandOf(t *testing.T) {
	if b, ok := BandOf(3, math.NaN(), 1, 2, 10); !ok || b != (Band{1, 2.5, 10}) {
		t.Errorf("%+v", b)
	}
	if _, ok := BandOf(math.NaN()); ok {
		t.Error("a band of nothing")
	}
}
