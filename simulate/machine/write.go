package machine

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Format returns the content of the machine's file, in the one form that has all fields
// in their order. [Read] returns the same machine for it.
func (f *File) Format() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "format = %d\n", f.version())
	fmt.Fprintf(&b, "name = %s\n", quote(f.Name))
	fmt.Fprintf(&b, "title = %s\n", quote(f.Title))
	if f.Description != "" {
		fmt.Fprintf(&b, "description = %s\n", paragraph(f.Description))
	}
	b.WriteString("\n[topology]\n")
	if t := f.Topology; t.Places == nil {
		fmt.Fprintf(&b, "sockets = %d\n", t.Sockets)
		fmt.Fprintf(&b, "caches = %d # last-level caches of a socket\n", t.Caches)
		fmt.Fprintf(&b, "cores = %d # of a cache\n", t.Cores)
		fmt.Fprintf(&b, "threads = %d # of a core\n", t.Threads)
	} else {
		b.WriteString("cpus = [ # core, last-level cache, socket\n")
		for _, p := range t.Places {
			fmt.Fprintf(&b, "  [%d, %d, %d],\n", p.Core, p.Cache, p.Socket)
		}
		b.WriteString("]\n")
	}
	fmt.Fprintf(&b, "source = %s\n\n[costs]\n", quote(f.Topology.Source))
	for _, c := range constants {
		if v, ok := f.Costs[c.key]; ok {
			fmt.Fprintf(&b, "# %s\n%s = %s\n", c.about, c.key, c.format(v))
		}
	}
	for _, state := range f.Idle {
		fmt.Fprintf(&b, "\n[[idle]]\nname = %s\nafter = %s\nexit = %s\n",
			quote(state.Name), idleAfter.format(state.After), idleExit.format(state.Exit))
	}
	for _, key := range slices.Sorted(maps.Keys(f.Sources)) {
		s := f.Sources[key]
		fmt.Fprintf(&b, "\n[sources.%s]\n%s = %s\n", quoteKey(key), s.Kind, paragraph(s.Text))
	}
	if f.Calibration != nil {
		f.Calibration.write(&b)
	}
	return b.Bytes()
}

func (f *File) version() int {
	if _, there := f.Costs[handoff]; there {
		return version
	}
	return firstVersion
}

func (c *Calibration) write(b *bytes.Buffer) {
	b.WriteString("\n[calibration]\n")
	if c.CPUs != nil {
		fmt.Fprintf(b, "cpus = %s\n", strings.ReplaceAll(fmt.Sprint(c.CPUs), " ", ", "))
		b.WriteString("lines = [ # one way, from the CPU of the row to that of the column\n")
		for _, row := range c.Lines {
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i] = quote(duration.format(v))
			}
			fmt.Fprintf(b, "  [%s],\n", strings.Join(cells, ", "))
		}
		b.WriteString("]\n")
	}
	if c.Facts != nil {
		b.WriteString("\n[calibration.facts]\n")
		for _, key := range slices.Sorted(maps.Keys(c.Facts)) {
			fmt.Fprintf(b, "%s = %s\n", quoteKey(key), quote(c.Facts[key]))
		}
	}
	if c.Figures != nil {
		b.WriteString("\n[calibration.figures]\n")
		for _, key := range slices.Sorted(maps.Keys(c.Figures)) {
			fmt.Fprintf(b, "%s = %s\n", quoteKey(key), figureLimit.format(c.Figures[key]))
		}
	}
	for _, w := range c.Wakes {
		fmt.Fprintf(b, "\n[[calibration.wakes]]\ngap = %s\nwaker = %s\nsleeper = %s\n",
			quote(duration.format(w.Gap)), wakeLimit.format(w.Waker), wakeLimit.format(w.Sleeper))
	}
}

func (c constant) format(v Constant) string {
	text := fmt.Sprintf("{ value = %s, source = %s", quote(c.dimension.format(v.Value)), quote(v.Source))
	if v.Low != 0 || v.High != 0 {
		text += fmt.Sprintf(", low = %s, high = %s", quote(c.dimension.format(v.Low)), quote(c.dimension.format(v.High)))
	}
	return text + " }"
}

// quote returns text as a TOML string of one line.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		b.WriteString(escape(r))
	}
	b.WriteByte('"')
	return b.String()
}

func escape(r rune) string {
	switch {
	case r == '"' || r == '\\':
		return `\` + string(r)
	case r == '\n':
		return `\n`
	case r < ' ' || r == 0x7f:
		return fmt.Sprintf(`\u%04X`, r)
	}
	return string(r)
}

// paragraph returns text as a TOML string that is broken into lines of some 90
// characters where it has spaces, without changing it.
func paragraph(text string) string {
	const width = 90
	if len(text) <= width && !strings.Contains(text, "\n") {
		return quote(text)
	}
	var b strings.Builder
	b.WriteString("\"\"\"\n")
	column := 0
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case r == '\n':
			b.WriteByte('\n')
			column = 0
			continue
		case r == ' ' && column >= width && i+1 < len(runes) && runes[i+1] > ' ':
			b.WriteString(" \\\n") // which swallows white space up to the next character
			column = 0
			continue
		}
		b.WriteString(escape(r))
		column++
	}
	b.WriteString("\"\"\"")
	return b.String()
}

// quoteKey returns a key, quoted if it needs to be.
func quoteKey(key string) string {
	if key != "" && strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == "" {
		return key
	}
	return quote(key)
}
