package page_test

import (
	"math"
	"math/rand/v2"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
)

// document returns one with every kind of block, twice over the widths at which a
// line breaks.
func document() page.Document {
	palette := plot.NewPalette("bitmap", "mutexonly", "channels")
	caption := func(id, title string) plot.Caption { return plot.Caption{ID: id, Title: title, Palette: palette} }
	latency := plot.Quantity{Name: "wake-up latency", Unit: "ns"}
	var samples []plot.Sample
	var launches []plot.Launch
	for i, name := range []string{"bitmap", "mutexonly", "channels"} {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		s := plot.Sample{Name: name}
		for range 400 {
			s.Values = append(s.Values, math.Round(1500*float64(i+1)*math.Exp(0.5*r.NormFloat64())))
		}
		samples = append(samples, s)
		launches = append(launches, plot.Launch{Name: name, Value: s.Values[0]}, plot.Launch{Name: name, Value: s.Values[1], Invalid: i == 1})
	}
	number := func(text string, v float64) page.Cell { return page.Cell{Text: text, Value: v} }
	verdicts := page.Table{
		ID: "verdicts-table", Caption: "Ratios to bitmap", Filter: true,
		Columns: []page.Column{{Title: "cell", Code: true}, {Title: "verdict"}, {Title: "ratio", Number: true}},
		Rows: [][]page.Cell{
			{{Text: "Wake/park=futex/gap=20us", ID: "verdict", To: "spectrum"}, {Text: "better", Tone: page.Better}, number("0.91", 0.91)},
			{{Text: "Wake/park=cond/gap=20us"}, {Text: "worse", Tone: page.Worse}, number("1.25", 1.25)},
			{{Text: "PingPong/park=cond/pings=1000", To: "launches"}, {Text: "equivalent", Tone: page.Equivalent}, number("1.00", 1)},
			{{Text: "PingPong/park=chan/pings=1000"}, {Text: "unresolved", Tone: page.Unresolved}, {Text: "–", Value: math.NaN(), Tone: page.Weak}},
			{{Text: "YieldMany/park=chan/tasks=200"}, {Text: "worse", Tone: page.Worse}, number("10.5", 10.5)},
		},
	}
	park := "github.com/idlebench/idlebench/impls/park.(*Futex).Park"
	stack := func(v float64, names ...string) plot.Stack {
		s := plot.Stack{Value: v}
		for _, name := range names {
			s.Frames = append(s.Frames, plot.Frame{Func: name})
		}
		return s
	}
	return page.Document{
		Title:    "Idle managers, compared",
		Lead:     "48 cells, 6 rounds, 288 launches.",
		Headline: page.Statements{{Text: "bitmap is the best manager: better in 1 of 5.", Link: page.Link{Text: "Figures", ID: "verdicts-table"}}, {Text: "Trust these results."}},
		Terms: []page.Term{
			{Word: "cell", Also: []string{"cells"}, Meaning: "What is measured as one: a workload & its parameters."},
			{Word: "round", Also: []string{"rounds"}, Meaning: "One launch of every cell."},
			{Word: "never said", Meaning: "Nothing."},
		},
		Home:  "https://example.org/idlebench",
		Facts: page.Facts{{Name: "CPU", Value: "an example, 2 cores"}, {Name: "kernel", Value: "6.18", About: "it limits what can be pinned"}},
		Sections: []page.Section{
			{ID: "verdicts", Title: "Verdicts", Lead: "Which is faster, and by how much.", Blocks: []page.Block{
				page.Note{Kind: page.Warning, Text: "The machine was virtual."},
				page.Tally{Before: "Compared with bitmap, of", Table: "verdicts-table", After: "The error rate is 5 %.", Counts: []page.Count{
					{N: 5, Text: " comparisons:"}, {Tone: page.Better, N: 1, Text: " better,"}, {Tone: page.Worse, N: 2, Text: " worse."}}},
				verdicts,
				page.Figure{Figure: plot.Forest(caption("forest", "Ratio to bitmap"), plot.Quantity{Name: "ratio"}, 0.02,
					plot.Ratio{Name: "wake, gap=20us, futex", Ratio: 0.91, Lo: 0.8, Hi: 0.95, Verdict: plot.Better},
					plot.Ratio{Name: "ping pong, cond", Ratio: 1.3, Lo: 1.2, Hi: 1.4, Verdict: plot.Worse}), How: "A line that does not cross 1 is significant. Down is better.", Cell: "Wake PingPong", ByRow: true},
			}},
			{ID: "latency", Title: "Wake-up latency", Blocks: []page.Block{
				page.Figure{Figure: plot.Spectrum(caption("spectrum", "Percentiles of the wake-up latency"), latency, samples...), How: "Lower is better. Each line ends where too few samples are left.", Links: []page.Link{{Text: "managers", ID: "verdict"}}, Cell: "Wake/park=futex/gap=20us"},
				page.Heading("In run order"),
				page.Text("Each launch by itself."),
				page.Figure{Figure: plot.Launches(caption("launches", "Launches in the order they ran"), latency, launches...), How: "A slope is a drift. Hollow marks are invalid.", Cell: "PingPong/park=cond/pings=1000"},
				page.Heading("At several loads"),
				page.Text("From little to much."),
				page.Figure{Figure: plot.HeatMap(caption("heat", "Latency by round"), "round", latency,
					plot.TimeSeries{Name: "bitmap", Slices: []plot.Slice{{Values: []float64{100, 200}}, {At: 1, Values: []float64{200}}}}), HowAt: "spectrum", Cell: "Poisson/park=cond"},
				page.Missing{What: "Quantiles against offered load are missing: nothing was measured at several loads.", How: []string{"bench run -workload poisson"}},
			}},
			{ID: "calls", Title: "Contention", Blocks: []page.Block{
				page.Text("Who waits in each cell, of all cells and rounds."),
				page.Details{Summary: "Calls of the waits", Blocks: []page.Block{
					page.Figure{Figure: plot.Icicle(caption("icicle", "Calls"), plot.Quantity{Name: "time waited", Unit: "ns"},
						stack(900, "main.main", "host.Run", "host.Wait"), stack(60, "main.main", "host.Run", park, "park.futex"), stack(40, "main.main", park, "park.futex")),
						How: "Width is time. Callees are below.", Cell: "Wake/park=futex/gap=20us"},
				}},
			}},
			{ID: "method", Title: "Method", Blocks: []page.Block{
				page.Note{Kind: page.Remark, Text: "Numbers are of this machine."},
				page.List{"a launch is a fresh process", "a round launches every cell once"},
				page.Commands{About: "To make this page again:", Lines: []string{"bench run -quick -o results/example", "bench report results/example"}},
				page.Table{ID: "matrix", Caption: "Who wins where", Dense: true,
					Columns: []page.Column{{Title: "workload"}, {Title: "mutexonly", Number: true}, {Title: "channels", Number: true}, {Title: "flags", Number: true}, {Title: "eventcount", Number: true}, {Title: "none", Number: true}},
					Rows: [][]page.Cell{{{Text: "wake", Notes: []string{"p50-ns/wake"}}, {Text: "0.91", Value: 0.91, Tone: page.Better}, {Text: "1.25", Value: 1.25, Tone: page.Worse},
						{Text: "1.00", Value: 1, Tone: page.Equivalent}, {Text: "1.02", Value: 1.02, Tone: page.Unresolved}, {Text: "–", Value: math.NaN(), Tone: page.Weak}}},
				},
				page.Details{Summary: "Versions", Blocks: []page.Block{page.Text("They are not printed.")}},
				page.Details{Summary: "Configuration", Paper: true, Blocks: []page.Block{page.Facts{{Name: "goos", Value: "linux"}}}},
			}},
		},
	}
}
