package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/curves"
	"github.com/idlebench/idlebench/stats/validate"
)

// tie is the ratio below which two values are equal, as on pages of simulated runs.
const tie = 1.02

// param returns a parameter of a point's cell as a number.
func (p point) param(name string) int {
	for _, q := range p.Cell.Params {
		if q.Name == name {
			n, _ := strconv.Atoi(q.Value)
			return n
		}
	}
	return 0
}

// published are the times of tokio-rs/tokio#8483 with one lock, in ms, by the number of
// threads that spawn.
var published = []struct {
	threads int
	ms      float64
}{{1, 7.90}, {2, 11.41}, {4, 20.70}, {8, 32.51}, {16, 30.63}, {32, 30.16}, {64, 27.85}}

// plateau sets the plateau of tokio-rs/tokio#8483 beside the simulated times.
func (d data) plateau() (string, error) {
	at := map[int]curves.Band{}
	for _, p := range d["tokio-8483"] {
		at[p.param("producers")], _ = curves.BandOf(p.Y...)
	}
	var b strings.Builder
	b.WriteString("| threads | published, ms | to one thread | simulated, ms | over seeds | to one thread |\n|---|---|---|---|---|---|\n")
	for _, p := range published {
		s, ok := at[p.threads]
		if !ok {
			return "", fmt.Errorf("tokio-8483: %d threads were not simulated", p.threads)
		}
		fmt.Fprintf(&b, "| %d | %.2f | %.2f | %.2f | %.2f to %.2f | %.2f |\n",
			p.threads, p.ms, p.ms/published[0].ms, s.Mid/1e6, s.Low/1e6, s.High/1e6, s.Mid/at[1].Mid)
	}
	real, model := published[6].ms/published[3].ms, at[64].Mid/at[8].Mid
	says := "the plateau is there"
	if model > validate.Differ {
		says = "**there is no plateau: the simulated time goes on growing**"
	}
	fmt.Fprintf(&b, "\nFrom 8 to 64 threads the published time changes by a factor of %.2f, the simulated one by %.2f: %s. From 1 to 8 it grows %.1f-fold there, and %.1f-fold here.\n",
		real, model, says, published[3].ms/published[0].ms, at[8].Mid/at[1].Mid)
	return b.String(), nil
}

// crossing sets what tokio-rs/tokio#5823 says of the alternative scheduler beside
// simulated ratios.
func (d data) crossing() (string, error) {
	var workers []int
	var loads []string
	at := map[string]map[int]map[string]point{} // by workload, workers, design
	for _, p := range d["tokio-5823"] {
		w, n := p.Cell.Workload, p.Cell.Workers
		if !slices.Contains(loads, w) {
			loads = append(loads, w)
			at[w] = map[int]map[string]point{}
		}
		if !slices.Contains(workers, n) {
			workers = append(workers, n)
		}
		if at[w][n] == nil {
			at[w][n] = map[string]point{}
		}
		at[w][n][p.Cell.Impl] = p
	}
	slices.Sort(workers)
	var b strings.Builder
	fmt.Fprintf(&b, "| workers | published | geometric mean | over seeds | %s |\n|---|---|---|---|%s\n",
		strings.Join(loads, " | "), strings.Repeat("---|", len(loads)))
	var mean, one []curves.Point
	var largest struct {
		ratio    float64
		new, old point
	}
	for _, n := range workers {
		seeds := len(at[loads[0]][n]["bitmap"].Y)
		product := make([]float64, seeds)
		var each []string
		for _, w := range loads {
			new, old := at[w][n]["bitmap"], at[w][n]["multithread"]
			if len(new.Y) != seeds || len(old.Y) != seeds || seeds == 0 {
				return "", fmt.Errorf("tokio-5823: %s with %d workers has %d and %d seeds", w, n, len(new.Y), len(old.Y))
			}
			ratios := make([]float64, seeds)
			for s := range seeds {
				ratios[s] = new.Y[s] / old.Y[s]
				product[s] += math.Log(ratios[s])
			}
			band, _ := curves.BandOf(ratios...)
			each = append(each, fmt.Sprintf("%.2f", band.Mid))
			if band.Mid > largest.ratio {
				largest.ratio, largest.new, largest.old = band.Mid, new, old
			}
		}
		ones := make([]float64, seeds)
		for s := range seeds {
			product[s] = math.Exp(product[s] / float64(len(loads)))
			ones[s] = 1
		}
		mean = append(mean, curves.Point{X: float64(n), Y: product})
		one = append(one, curves.Point{X: float64(n), Y: ones})
		band, _ := curves.BandOf(product...)
		says := "about 0.9"
		if n >= 16 {
			says = "above 1"
		}
		fmt.Fprintf(&b, "| %d | %s | %.2f | %.2f to %.2f | %s |\n", n, says, band.Mid, band.Low, band.High, strings.Join(each, " | "))
	}
	b.WriteString("\n" + crossingText(curves.Crossings(mean, one, tie)) + "\n")
	c, new, old := largest.new.Cell, compare.Median(largest.new.Wakes), compare.Median(largest.old.Wakes)
	fmt.Fprintf(&b, "\nThe largest ratio is %.1f, of %s with %d workers: there bitmap wakes %.2g workers for each task, multithread %.2g.\n",
		largest.ratio, c.Workload, c.Workers, new, old)
	return b.String(), nil
}

// crossingText says where the alternative scheduler becomes the slower one.
func crossingText(all []curves.Crossing) string {
	var at []string
	for _, c := range all {
		if c.Above {
			at = append(at, fmt.Sprintf("%.1f workers (%.1f to %.1f with %d of %d seeds)", c.X, c.Seeds.Low, c.Seeds.High, c.In, c.Of))
		}
	}
	if at == nil {
		return "**The simulated mean does not cross 1 from below.**"
	}
	return "The simulated mean crosses 1 from below at " + strings.Join(at, " and at ") + "; published: about 16."
}

// peak sets the peak of dotnet/runtime#127484 beside simulated throughput.
func (d data) peak() (string, error) {
	points := slices.Clone(d["dotnet-127484"])
	slices.SortFunc(points, func(a, b point) int { return a.Cell.Workers - b.Cell.Workers })
	const each = 31 // tasks of a producer of mixed, one for each worker
	var rates []curves.Band
	most := 0
	for i, p := range points {
		var y []float64
		for _, ns := range p.Y {
			y = append(y, float64(each*p.Cell.Workers)/ns*1e3)
		}
		band, ok := curves.BandOf(y...)
		if !ok {
			return "", fmt.Errorf("dotnet-127484: %d workers were not simulated", p.Cell.Workers)
		}
		if rates = append(rates, band); band.Mid > rates[most].Mid {
			most = i
		}
	}
	if len(points) == 0 {
		return "", fmt.Errorf("dotnet-127484 was not simulated")
	}
	said := map[int]string{32: "100 %", 64: "50 %"}
	var b strings.Builder
	b.WriteString("| workers | published, to the peak | simulated, million tasks a second | over seeds | to the peak |\n|---|---|---|---|---|\n")
	for i, p := range points {
		real, ok := said[p.Cell.Workers]
		if !ok {
			real = "less, not quoted"
		}
		fmt.Fprintf(&b, "| %d | %s | %.2f | %.2f to %.2f | %.0f %% |\n", p.Cell.Workers, real, rates[i].Mid, rates[i].Low, rates[i].High, 100*rates[i].Mid/rates[most].Mid)
	}
	last := len(points) - 1
	fmt.Fprintf(&b, "\nThe simulated peak is at %d workers, and %d have %.0f %% of it; published: the peak at 32, half of it at 64.\n",
		points[most].Cell.Workers, points[last].Cell.Workers, 100*rates[last].Mid/rates[most].Mid)
	return b.String(), nil
}
