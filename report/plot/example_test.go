package plot_test

import (
	"fmt"
	"math"
	"strings"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"github.com/idlebench/idlebench/report/plot"
)

// breakable turns the spaces between numbers and units, at which no line is
// broken, into plain ones.
var breakable = strings.NewReplacer("\u00a0", " ")

// A figure is made of plain data, and has them as a table.
func ExampleSpectrum() {
	idle := plot.Sample{Name: "idle"}
	for i := range 1000 {
		idle.Values = append(idle.Values, float64(1000+10*i))
	}
	f := plot.Spectrum(plot.Caption{ID: "wake", Title: "Wake-up latency by percentile"},
		plot.Quantity{Name: "wake-up latency", Unit: "ns"}, idle)
	fmt.Println(breakable.Replace(f.Desc))
	fmt.Println(f.Table.Header)
	for _, row := range f.Table.Rows {
		fmt.Println(row)
	}
	// Output:
	// Percentile spectrum of the wake-up latency of 1 series. idle: median 5.99 µs, 90 % 9.99 µs, 99 % 10.9 µs.
	// [name samples quantile wake-up latency (ns)]
	// [idle 1000 0.5 5990]
	// [idle 1000 0.9 9990]
	// [idle 1000 0.99 10890]
	// [idle 1000 1 10990]
}

// The scales, tickers and plotters work in any plot of gonum's.
func ExampleNines() {
	p := gonum.New()
	p.X.Scale, p.X.Tick.Marker = plot.Nines{}, plot.NinesTicks{}
	p.Y.Scale, p.Y.Tick.Marker = plot.Log{}, plot.LogTicks{Quantity: plot.Quantity{Unit: "ns"}}
	var points plotter.XYs
	for _, q := range []float64{0, 0.5, 0.9, 0.99, 0.999} {
		points = append(points, plotter.XY{X: q, Y: 1000 / math.Sqrt(1-q)})
	}
	p.Add(plot.Line{Name: "idle", XYs: points, Mark: plot.NewPalette().Mark("idle")})

	canvas := plot.NewCanvas(400, 300)
	p.Draw(draw.New(canvas))
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if !t.IsMinor() {
			fmt.Printf("%.3f %s\n", p.X.Norm(t.Value), breakable.Replace(t.Label))
		}
	}
	// Output:
	// 0.000 0 %
	// 0.100 50 %
	// 0.333 90 %
	// 0.667 99 %
	// 1.000 99.9 %
}
