// Package plot draws the figures of a report on latency, cost and contention: as
// SVG for an HTML page, each with a text alternative and its data as a table.
//
// # Two layers
//
// Below are plotters, scales and tickers for gonum.org/v1/plot, which lacks them:
// [Nines] and [NinesTicks] for percentiles, [Log] and [LogTicks] for times with
// 1-2-5 ticks and units, [Line] for any number of points, [Curve] for few points
// with intervals, [Heat], the [Shape] of points. They draw on every vg.Canvas.
//
// Above are functions that make a [Figure] of plain data, such as [Spectrum] of a few
// [Sample]. A figure is made once and drawn at any width, with [Figure.SVG].
//
//	palette := plot.NewPalette("idle", "channels")
//	f := plot.Spectrum(plot.Caption{ID: "p", Title: "Wake-up latency", Palette: palette},
//		plot.Quantity{Name: "wake-up latency", Unit: "ns"}, samples...)
//	page.Write(f.SVG(plot.Wide))
//
// The page includes [Style] once, in a style element.
//
// # Why a canvas of its own
//
// The SVG of gonum's vgsvg has fixed colours, one font with serifs, sizes in points,
// and a picture that is upside down under a transform. Four ways to make that fit for a
// page were considered. Rewriting its output afterwards means guessing from "#0072B2"
// what a colour meant. Embedding the font costs more than the figure. Writing each
// figure by hand gives up the axes and the layout of gonum. A vg.Canvas is twelve small
// methods, and knows what it draws: [Canvas] is one that writes CSS classes, text as
// text in a font stack of the system, and coordinates of the picture itself, relative
// and to a tenth of a pixel, in about half of the bytes.
//
// Colours pass through gonum as [Ink], which is a color.Color with a class. The
// style sheet gives each class two colours and leaves the choice to
// light-dark(), so that it follows the color-scheme of the page, also in print.
//
// # Widths
//
// A figure is laid out for a width in CSS pixels and shrinks if there is less room, but
// text that shrinks cannot be read. A page therefore draws a figure at [Wide] and at
// [Narrow], and shows one of them by a media query. Text is 12 pixels at any width.
// What differs is the number of ticks, whether panels are side by side or stacked, and
// whether names are next to or above their rows. Each version has ids of its own.
//
// # Text that fits
//
// The layout measures text in Liberation Sans, which is as wide as Arial and Helvetica,
// the first of the font stack; nearly every system has one of the three. Where none is
// available, the textLength attribute makes the browser's font as wide. Tick labels are
// left out, in a sensible order, until none is closer to its neighbour than nine
// pixels. Names that are too long are cut in the middle, since benchmark names may
// differ at either end; their table has them in full. Titles, names of axes, legends
// and notes are wrapped.
//
// # Names
//
// Names come from files of others, see [Label]. What is written as SVG is
// escaped once, by the canvas.
//
// # Values without a place
//
// A value that is not a number, infinite, or not positive on a logarithmic axis is not
// drawn, but counted in [Figure.Dropped], which the figure also reports. It keeps its
// rank among the other values if it has one: latencies that are infinite because no
// worker woke up still count in every quantile. Input never leads to a panic.
//
// # Size
//
// No figure grows with its data, only with its series. A line has at most four
// points for every two pixels, a heat map 60 columns and 32 rows, an icicle graph
// 200 frames, a strip of launches 900 points. What is left out is said below the
// figure, except where no pixel differs.
//
// # Telling series apart
//
// The colours are those of Okabe and Ito, darkened where they have a contrast of less
// than 3:1 with white. A series also has dashes and a shape of its own, see [Palette];
// references are grey. Levels of heat differ in lightness, verdicts in shape, changes
// by a written factor, parts of bars by number. The origin of code has the same colour
// in bars and in icicle graphs.
package plot
