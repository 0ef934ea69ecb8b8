package machine

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/idlebench/idlebench/internal/phrase"
)

// WriteText writes the machine for people, in lines of a width: its constants with their
// sources, and what else was measured.
func (f *File) WriteText(w io.Writer, width int) error {
	var b strings.Builder
	b.WriteString(phrase.Fold(f.Name+": "+f.Title, "", "  ", width))
	b.WriteString(phrase.Fold(f.Topology.String(), "  ", "  ", width))
	if f.Description != "" {
		b.WriteString("\n" + phrase.Fold(f.Description, "", "", width))
	}
	b.WriteString("\nConstants, each with its source, and how far batches differed if it was measured:\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range f.Rows() {
		spread := ""
		if row.Spread != "" {
			spread = ", " + row.Spread
		}
		fmt.Fprintf(t, "  %s\t%s\t%s [%s]%s\n", row.Key, row.Value, row.Kind, row.Source, spread)
	}
	t.Flush()
	b.WriteString("\nAn idle CPU comes back at once")
	for _, r := range f.IdleRows() {
		fmt.Fprintf(&b, ";\n  after %s in %s (%s) %s [%s]", r.After, r.Exit, r.Name, r.Kind, r.Source)
	}
	b.WriteString(".\n")
	if c := f.Calibration; c != nil {
		c.writeText(&b, width)
	}
	b.WriteString("\nSources:\n")
	for _, key := range slices.Sorted(maps.Keys(f.Sources)) {
		b.WriteString(phrase.Fold(key+", "+f.Sources[key].String(), "  ", "    ", width))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// A Row is a constant in words.
type Row struct {
	Key, About string
	Value      string
	Spread     string // how far batches differed, "" if that is unknown
	Kind       Kind
	Source     string // a key of File.Sources
}

// Rows returns the constants in words, in the order of the file.
func (f *File) Rows() (rows []Row) {
	for _, c := range constants {
		if v, ok := f.Costs[c.key]; ok {
			rows = append(rows, Row{c.key, c.about, c.dimension.format(v.Value), c.spread(v), f.Sources[v.Source].Kind, v.Source})
		}
	}
	return rows
}

// An IdleRow is a state of an idle CPU in words. Its source is that of the exit.
type IdleRow struct {
	Name, After, Exit string
	Kind              Kind
	Source            string
}

// IdleRows returns the states of an idle CPU in words, the shallowest first.
func (f *File) IdleRows() (rows []IdleRow) {
	for _, s := range f.Idle {
		rows = append(rows, IdleRow{s.Name, duration.format(s.After.Value), duration.format(s.Exit.Value), f.Sources[s.Exit.Source].Kind, s.Exit.Source})
	}
	return rows
}

// spread says how much the batches differed, if that is known.
func (c constant) spread(v Constant) string {
	if v.Low == 0 && v.High == 0 {
		return ""
	}
	return c.dimension.format(v.Low) + " to " + c.dimension.format(v.High)
}

// Count returns how many of the figures have a source of each kind.
func (f *File) Count() map[Kind]int {
	n := make(map[Kind]int)
	for _, v := range f.Costs {
		n[f.Sources[v.Source].Kind]++
	}
	for _, s := range f.Idle {
		n[f.Sources[s.After.Source].Kind]++
		n[f.Sources[s.Exit.Source].Kind]++
	}
	return n
}

// String returns the topology in words.
func (t Topology) String() string {
	if t.Places != nil {
		return fmt.Sprintf("%s, not regular", phrase.Count(len(t.Places), "CPU"))
	}
	return fmt.Sprintf("%s: %s of %s, each of %s with %s",
		phrase.Count(t.Sockets*t.Caches*t.Cores*t.Threads, "CPU"), phrase.Count(t.Sockets, "socket"),
		phrase.Count(t.Caches, "last-level cache"), phrase.Count(t.Cores, "core"), phrase.Count(t.Threads, "thread"))
}

func (c *Calibration) writeText(b *strings.Builder, width int) {
	if len(c.Lines) > 1 {
		c.writeLines(b, width)
	}
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	if len(c.Wakes) > 0 {
		b.WriteString("\nA wake-up through a futex, by how long the sleeper had slept:\n")
		fmt.Fprintf(t, "  slept\tthe waker's call\tuntil the sleeper runs\n")
		for _, w := range c.Wakes {
			fmt.Fprintf(t, "  %s\t%s, %s\t%s, %s\n", duration.format(w.Gap),
				duration.format(w.Waker.Value), wakeLimit.spread(w.Waker), duration.format(w.Sleeper.Value), wakeLimit.spread(w.Sleeper))
		}
		t.Flush()
	}
	if len(c.Figures) > 0 {
		b.WriteString("\nFigures that constants were computed from:\n")
		for _, key := range slices.Sorted(maps.Keys(c.Figures)) {
			fmt.Fprintf(t, "  %s\t%s, %s\n", key, duration.format(c.Figures[key].Value), figureLimit.spread(c.Figures[key]))
		}
		t.Flush()
	}
	if len(c.Facts) > 0 {
		b.WriteString("\nMeasured on:\n")
		for _, key := range slices.Sorted(maps.Keys(c.Facts)) {
			b.WriteString(phrase.Fold(key+": "+c.Facts[key], "  ", "    ", width))
		}
	}
}

// cell is the width of a number in the table of lines.
const cell = 5

// shades are darker the longer a line takes.
var shades = []rune("·░▒▓█")

// writeLines writes a heat map: numbers if there is room for them, otherwise a shade for
// each pair, or for the median of several.
func (c *Calibration) writeLines(b *strings.Builder, width int) {
	n := len(c.Lines)
	if cell*(n+1) <= width {
		b.WriteString("\nHalf a round trip of a line between two CPUs, in ns:\n")
		fmt.Fprintf(b, "%*s", cell, "")
		for _, cpu := range c.CPUs {
			fmt.Fprintf(b, "%*d", cell, cpu)
		}
		b.WriteByte('\n')
		for i, row := range c.Lines {
			fmt.Fprintf(b, "%*d", cell, c.CPUs[i])
			for j, v := range row {
				if i == j {
					fmt.Fprintf(b, "%*s", cell, "–")
				} else {
					fmt.Fprintf(b, "%*.0f", cell, float64(v)/float64(ns))
				}
			}
			b.WriteByte('\n')
		}
		return
	}
	least, most := c.Range()
	each := (n + width - 1) / width
	fmt.Fprintf(b, "\nHalf a round trip of a line between two CPUs, from %s (light) to %s (dark):\n", duration.format(least), duration.format(most))
	for i := 0; i < n; i += each {
		for j := 0; j < n; j += each {
			var block []int64
			for k := i; k < min(n, i+each); k++ {
				for l := j; l < min(n, j+each); l++ {
					if k != l {
						block = append(block, c.Lines[k][l])
					}
				}
			}
			b.WriteRune(shade(block, least, most))
		}
		b.WriteByte('\n')
	}
}

// shade returns that of the median of some times.
func shade(times []int64, least, most int64) rune {
	if len(times) == 0 {
		return shades[0]
	}
	slices.Sort(times)
	v := times[len(times)/2]
	return shades[min(int64(len(shades)-1), int64(len(shades))*(v-least)/max(1, most-least))]
}

// Range returns the least and the greatest time between two CPUs.
func (c *Calibration) Range() (least, most int64) {
	first := true
	for i, row := range c.Lines {
		for j, v := range row {
			if i == j {
				continue
			}
			if first {
				least, most, first = v, v, false
			}
			least, most = min(least, v), max(most, v)
		}
	}
	return least, most
}
