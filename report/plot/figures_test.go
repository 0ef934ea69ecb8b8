package plot_test

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/idlebench/idlebench/report/plot"
)

var (
	update = flag.Bool("update", false, "write the golden files")
	sheet  = flag.String("sheet", "", "write all figures to this HTML file, to look at")
)

var (
	latency = plot.Quantity{Name: "wake-up latency", Unit: "ns"}
	load    = plot.Quantity{Name: "offered load", Unit: "wakes/s"}
	gap     = plot.Quantity{Name: "idle gap", Unit: "ns"}
	cpu     = plot.Quantity{Name: "CPU time per task", Unit: "ns"}
	workers = plot.Quantity{Name: "workers", Unit: ""}
	rate    = plot.Quantity{Name: "throughput", Unit: "tasks/s"}
	delay   = plot.Quantity{Name: "time waited", Unit: "ns"}
	often   = plot.Quantity{Name: "waits", Unit: "×"}
	factor  = plot.Quantity{Name: "p99, new/old", Unit: ""}
)

var names = []string{"bitmap", "channels", "idle", "mutexonly"}

// latencies are n values like those of a wake-up: most about a median, and a
// tail.
func latencies(seed uint64, n int, median float64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	values := make([]float64, n)
	for i := range values {
		v := median * math.Exp(0.35*r.NormFloat64())
		if r.IntN(50) == 0 {
			v *= 5 + 20*r.ExpFloat64()
		}
		values[i] = math.Round(v)
	}
	return values
}

func samples(n int) []plot.Sample {
	var s []plot.Sample
	for i, name := range names {
		s = append(s, plot.Sample{Name: name, Values: latencies(uint64(i), n>>i, 2000*math.Pow(1.8, float64(i)))})
	}
	return s
}

// hockey is a curve that rises towards saturation.
func hockey(name string, base, capacity float64, interval bool) plot.Curve {
	c := plot.Curve{Name: name}
	for x := 20_000.0; x <= 200_000; x += 20_000 {
		u := math.Min(x/capacity, 0.97)
		p := plot.Point{X: x, Y: base / (1 - u), Saturated: x > capacity}
		if interval {
			p.Lo, p.Hi = p.Y*0.85, p.Y*1.25
		}
		c.Points = append(c.Points, p)
	}
	return c
}

func byGap(name string, base float64) plot.Curve {
	c := plot.Curve{Name: name}
	for x := 1e3; x <= 1e8; x *= math.Sqrt(10) {
		y := base * (1 + 8*x/(x+2e6))
		c.Points = append(c.Points, plot.Point{X: x, Y: y, Lo: y * 0.9, Hi: y * 1.1})
	}
	return c
}

func scaling(name string, one, serial float64) plot.Curve {
	c := plot.Curve{Name: name}
	for _, n := range []float64{1, 2, 4, 8, 12, 16} {
		y := one * n / (1 + serial*(n-1))
		c.Points = append(c.Points, plot.Point{X: n, Y: y, Lo: y * 0.94, Hi: y * 1.05})
	}
	return c
}

func stacks(scale float64) []plot.Stack {
	const module = "github.com/idlebench/idlebench/"
	host := plot.Frame{Func: module + "loadgen/host.(*Host).worker", Origin: plot.HostCode}
	next := plot.Frame{Func: module + "impls/idle.(*Pool).Next", Origin: plot.ImplementationCode}
	park := plot.Frame{Func: module + "impls/park.(*Parker).Park", Origin: plot.ParkerCode}
	unpark := plot.Frame{Func: module + "impls/park.(*Parker).Unpark", Origin: plot.ParkerCode}
	submit := plot.Frame{Func: module + "impls/idle.(*Pool).Submit", Origin: plot.ImplementationCode}
	lock := plot.Frame{Func: "sync.(*Mutex).Lock", Origin: plot.RuntimeCode}
	futex := plot.Frame{Func: "runtime.futex", Origin: plot.RuntimeCode}
	generic := plot.Frame{Func: "slices.SortFunc[go.shape.[]github.com/x/y.T]", Origin: plot.OtherCode}
	return []plot.Stack{
		{Frames: []plot.Frame{host, next, park, futex}, Value: 5e8},
		{Frames: []plot.Frame{host, next, lock}, Value: 1.2e8 * scale},
		{Frames: []plot.Frame{host, next}, Value: 4e7},
		{Frames: []plot.Frame{host, submit, unpark, futex}, Value: 2.1e8 / scale},
		{Frames: []plot.Frame{host, submit, lock}, Value: 9e7},
		{Frames: []plot.Frame{host, generic}, Value: 1.5e7 * scale},
		{Frames: []plot.Frame{host}, Value: 3e6},
	}
}

// matrix returns the lines between 96 CPUs of two sockets, eight to a cache.
func matrix(c plot.Caption) *plot.Figure {
	cpus, lines := make([]string, 96), make([][]float64, 96)
	for i := range cpus {
		cpus[i] = fmt.Sprint(i)
		lines[i] = make([]float64, len(cpus))
		for j := range lines[i] {
			switch {
			case i/8 == j/8:
				lines[i][j] = 25
			case i/48 == j/48:
				lines[i][j] = 110
			default:
				lines[i][j] = 200 + float64((i*j)%17)
			}
		}
	}
	return plot.Matrix(c, "CPU", plot.Quantity{Name: "half a round trip", Unit: "ns"}, cpus, lines)
}

// gallery returns one figure of each kind.
func gallery() []*plot.Figure {
	palette := plot.NewPalette(names...)
	caption := func(id, title string) plot.Caption {
		return plot.Caption{ID: id, Title: title, Palette: palette}
	}
	s := samples(20_000)

	var heat []plot.TimeSeries
	for i, name := range names[:2] {
		ts := plot.TimeSeries{Name: name}
		for j := range 100 {
			median := 2000 * (1 + float64(i)) * (1 + 0.5*math.Sin(float64(j)/15))
			ts.Slices = append(ts.Slices, plot.Slice{At: j, Values: latencies(uint64(j), 400, median)})
		}
		heat = append(heat, ts)
	}

	var p50, p99, gap50, gap99, through []plot.Curve
	var points []plot.OperatingPoint
	var stages []plot.StackedBar
	var launches []plot.Launch
	var sites []plot.CallSite
	var ratios []plot.Ratio
	r := rand.New(rand.NewPCG(7, 7))
	for i, name := range names {
		k := 1 + 0.6*float64(i)
		p50 = append(p50, hockey(name, 1500*k, 210_000-30_000*float64(i), false))
		p99 = append(p99, hockey(name, 9000*k, 210_000-30_000*float64(i), true))
		gap50 = append(gap50, byGap(name, 1500*k))
		gap99 = append(gap99, byGap(name, 8000*k))
		through = append(through, scaling(name, 1e6/k, 0.05*k))
		stages = append(stages, plot.StackedBar{Name: name, Parts: []float64{400 * k, 900, 1800 / k, 250 * k}})
		for j, at := range []string{"20k wakes/s", "100k wakes/s", "180k wakes/s"} {
			points = append(points, plot.OperatingPoint{Name: name, Cell: at, Cost: 800 * k * (1 + float64(j)/3), Latency: 40000 / k * (1 + float64(j)/2),
				CostLo: 760 * k * (1 + float64(j)/3), CostHi: 850 * k * (1 + float64(j)/3), LatencyLo: 37000 / k * (1 + float64(j)/2), LatencyHi: 46000 / k * (1 + float64(j)/2), Reference: i == 3})
		}
		for j := range 5 {
			sites = append(sites, plot.CallSite{Name: name, Site: fmt.Sprintf("idle.(*Pool).stage%d pool.go:%d", j, 80+31*j), Delay: 3e8 / k / float64(j*j+1), Contentions: math.Round(40000 / float64(j+1))})
		}
	}
	for j := range 120 {
		name := names[r.IntN(len(names))]
		v := 20000 * math.Exp(0.1*r.NormFloat64()) * (1 + float64(j)/300)
		if r.IntN(4) == 0 {
			v *= 1.8
		}
		launches = append(launches, plot.Launch{Name: name, Value: math.Round(v), Invalid: j%37 == 36, Round: 1 + j/4})
	}
	verdicts := []plot.Verdict{plot.Better, plot.Worse, plot.Equivalent, plot.Unresolved}
	for j := range 8 {
		ratio := []float64{0.72, 1.31, 1.004, 0.93}[j%4] * (1 + float64(j/4)/500)
		width := []float64{1.08, 1.1, 1.01, 1.3}[j%4]
		row := plot.Ratio{Name: fmt.Sprintf("wake/impl=%s/load=%dk", names[j%4], 20*(j+1)), Ratio: ratio, Lo: ratio / width, Hi: ratio * width, Verdict: verdicts[j%4]}
		if j == 7 {
			row.Hi = math.Inf(1)
		}
		ratios = append(ratios, row)
	}
	places := []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh"}
	var multiples []plot.Multiple
	for j, title := range []string{"wake 200us", "ping_pong", "a workload with a long name and parameters 8w", "fork_join", "burst"} {
		m := plot.Multiple{Title: title, Unit: "ns/op"}
		for k, name := range places[j%2:] {
			r := ratios[(j+k)%8]
			r.Name = name
			r.Ratio *= math.Pow(1.3, float64(k-2))
			r.Lo, r.Hi = r.Ratio/1.2, r.Ratio*1.2
			m.Ratios = append(m.Ratios, r)
		}
		m.Ratios[0].Ratio, m.Ratios[0].Lo = 0.1, 0 // beyond the axis
		m.Ratios[1].Hi = math.Inf(1)
		multiples = append(multiples, m)
	}
	ms := plot.Quantity{Name: "time of a wake", Unit: "ns"}
	return []*plot.Figure{
		plot.Spectrum(caption("spectrum", "Wake-up latency by percentile"), latency, s...),
		plot.ECDF(caption("ecdf", "Distribution of the wake-up latency"), latency, s...),
		plot.CCDF(caption("ccdf", "Tail of the wake-up latency"), latency, s...),
		plot.LetterValuePlot(caption("letters", "Letter values of the wake-up latency"), latency, s...),
		plot.HeatMap(caption("heat", "Wake-up latency over time"), "interval", latency, heat...),
		matrix(caption("matrix", "Lines between CPUs")),
		plot.LoadCurve(caption("load", "Wake-up latency against offered load"), load,
			plot.Facet{Title: "median", Y: latency, Curves: p50}, plot.Facet{Title: "99 %", Y: latency, Curves: p99}),
		plot.GapCurve(caption("gap", "Wake-up latency against the idle gap"), gap,
			plot.Facet{Title: "median", Y: latency, Curves: gap50}, plot.Facet{Title: "99 %", Y: latency, Curves: gap99}),
		plot.Pareto(caption("pareto", "CPU time against tail latency"), cpu, plot.Quantity{Name: "p99 wake-up latency", Unit: "ns"}, points...),
		plot.ScalingCurve(caption("scaling", "Throughput by number of workers"), workers, plot.Facet{Y: rate, Curves: through}),
		plot.Forest(caption("forest", "p99 against the baseline"), factor, 0.02, ratios...),
		plot.Multiples(caption("multiples", "Ratios to the baseline by workload"), factor, places, multiples...),
		plot.Contention(caption("contention", "Time waited for mutexes (blames the unlockers)"), delay, often, sites...),
		plot.Icicle(caption("icicle", "Time blocked, of idle (blames the waiters)"), delay, stacks(1)...),
		plot.DiffIcicle(caption("diff", "Time blocked, of channels against idle"), delay, "idle", "channels", stacks(1), stacks(2)),
		plot.OriginBars(caption("cpu", "CPU time by whose code it is"), ms, []plot.Origin{plot.ImplementationCode, plot.ParkerCode, plot.WorkloadCode, plot.OtherCode}, stages...),
		plot.StackedBars(caption("stages", "Stages of a wake"), ms, []string{"submit", "unpark", "kernel", "run"}, stages...),
		plot.Launches(caption("launches", "Launches in run order"), plot.Quantity{Name: "p99 wake-up latency", Unit: "ns"}, launches...),
	}
}

func TestGolden(t *testing.T) {
	for _, f := range gallery() {
		for _, width := range []int{plot.Wide, plot.Narrow} {
			got := f.Document(width)
			file := filepath.Join("testdata", fmt.Sprintf("%s-%d.svg", f.ID, width))
			if *update {
				if err := os.WriteFile(file, got, 0o666); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs from the golden file; look at the picture and run the test with -update", file)
			}
		}
	}
}

// TestSheet writes the page that people look at.
func TestSheet(t *testing.T) {
	if *sheet == "" {
		t.Skip("no -sheet file")
	}
	var b bytes.Buffer
	b.WriteString("<!DOCTYPE html><meta charset=utf-8><meta name=viewport content='width=device-width'><style>:root{color-scheme:light dark}" +
		"body{margin:16px;background:light-dark(#fff,#16181c);color:light-dark(#000,#fff)}figure{margin:0 0 32px;display:inline-block;vertical-align:top}" +
		".narrow{display:none}@media(max-width:700px){.wide{display:none}.narrow{display:inline-block}}" + plot.Style() + "</style>\n")
	for _, f := range gallery() {
		fmt.Fprintf(&b, "<figure class=wide>%s</figure><figure class=narrow>%s</figure>\n", f.SVG(600), f.SVG(plot.Narrow))
	}
	if err := os.WriteFile(*sheet, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}
