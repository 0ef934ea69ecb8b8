package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A dimension is something that a runtime's author may want little of.
type dimension struct {
	name string
	has  func(r row) bool
}

var dimensions = []dimension{
	{"time per operation", func(r row) bool { return r.pace }},
	{"median latency", func(r row) bool { return strings.HasPrefix(r.unit, "p50-") }},
	{"tail", func(r row) bool { return strings.HasPrefix(r.unit, "tail-") }},
	{"CPU time", func(r row) bool { return strings.HasPrefix(r.unit, "cost-") }},
}

// A point is where a design stands, in each dimension: the geometric mean of its ratios
// to the first rival over the rows with one parker. NaN where there is none.
type point struct {
	design string
	at     []float64
	front  bool // no other is at least as good in every dimension, and better in one
}

// front places all designs, for one parker. Only rows count in which every design has a
// value, so that all means are over the same ones.
func (o *outcome) front(parker string) []point {
	points := []point{{design: design}}
	for _, r := range rivals {
		points = append(points, point{design: r.name})
	}
	for _, d := range dimensions {
		logs, n := make([]float64, len(points)), 0
		for _, r := range o.rows {
			if _, park, _ := cutLast(r.name); park != parker || !d.has(r) {
				continue
			}
			ratios := r.ratios()
			if slices.ContainsFunc(ratios, math.IsNaN) {
				continue
			}
			n++
			for i, ratio := range ratios {
				logs[i] += math.Log(ratio)
			}
		}
		for i := range points {
			points[i].at = append(points[i].at, math.Exp(logs[i]/float64(n)))
		}
	}
	for i := range points {
		points[i].front = !slices.ContainsFunc(points, func(p point) bool { return p.dominates(points[i]) })
	}
	return points
}

// ratios are those of the design and of its rivals to the first rival.
func (r row) ratios() []float64 {
	first := math.NaN()
	if c, ok := r.against[rivals[0].name]; ok {
		first = c.ratio
	}
	all := []float64{first}
	for _, rival := range rivals {
		ratio := math.NaN()
		if c, ok := r.against[rival.name]; ok {
			ratio = first / c.ratio
		}
		all = append(all, ratio)
	}
	return all
}

func (p point) dominates(q point) bool {
	better := false
	for i := range p.at {
		if p.at[i] > q.at[i] {
			return false
		}
		better = better || p.at[i] < q.at[i]
	}
	return better
}

// frontText is the table of all designs with a parker.
func (o *outcome) frontText(parker string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| with `%s` |", parker)
	for _, d := range dimensions {
		fmt.Fprintf(&b, " %s |", d.name)
	}
	fmt.Fprintf(&b, "\n|---|%s\n", strings.Repeat("--:|", len(dimensions)))
	for _, p := range o.front(parker) {
		name := "`" + p.design + "`"
		if !p.front {
			name += " (behind)"
		}
		fmt.Fprintf(&b, "| %s |", name)
		for _, v := range p.at {
			if math.IsNaN(v) {
				b.WriteString(" – |")
			} else {
				fmt.Fprintf(&b, " %.2f |", v)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
