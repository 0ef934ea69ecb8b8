package record

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// A decoded is a file as lines of UTF-8.
type decoded struct {
	data    []byte
	numbers []int  // of the lines in the file; nil if they are 1, 2, 3, …
	mended  string // as Text.Mended
	lost    []Loss
}

// How a file may begin.
var (
	markUTF8    = []byte("\xef\xbb\xbf")
	markLittle  = []byte("\xff\xfe")
	markBig     = []byte("\xfe\xff")
	jsonAction  = []byte(`"Action":`)
	anyBench    = []byte("Benchmark")
	anyBenchLE  = []byte("B\x00e\x00n\x00c\x00h\x00m\x00a\x00r\x00k\x00")
	anyBenchBE  = []byte("\x00B\x00e\x00n\x00c\x00h\x00m\x00a\x00r\x00k")
	lineMarkers = []byte("\n\xef\xbb\xbf")
)

// HasBenchmarks reports whether a file may be a benchmark file, in any of the encodings
// that [ReadText] reads: the word Benchmark is in it, and if it has the NUL bytes of a
// binary file, then a benchmark line too.
func HasBenchmarks(data []byte) bool {
	if utf16Order(data) != nil {
		return true
	}
	if !bytes.Contains(data, anyBench) {
		return false
	}
	if bytes.IndexByte(data[:min(len(data), 4096)], 0) < 0 {
		return true
	}
	for line := range bytes.Lines(data) {
		if _, ok := findResult(line); ok {
			return true
		}
	}
	return false
}

// decode turns a file into lines of benchfmt's. Almost every file is returned as it is.
func decode(file string, data []byte) (d decoded) {
	d.data = data
	if order := utf16Order(data); order != nil {
		d.data, d.mended = fromUTF16(data, order), "it is in UTF-16"
	}
	if bytes.HasPrefix(d.data, markUTF8) || bytes.Contains(d.data, lineMarkers) {
		d.data = bytes.ReplaceAll(bytes.TrimPrefix(d.data, markUTF8), lineMarkers, lineMarkers[:1])
		if d.mended == "" {
			d.mended = "it has a byte-order mark"
		}
	}
	if isEvents(d.data) {
		d.fromEvents(file)
		d.mended = "it is the output of go test -json"
	}
	return d
}

// utf16Order returns the byte order of text in UTF-16, by its mark or by the word
// Benchmark in it; nil if the file is something else.
func utf16Order(data []byte) binary.ByteOrder {
	head := data[:min(len(data), 4096)]
	switch {
	case bytes.IndexByte(head, 0) < 0: // every letter of English has one
	case bytes.HasPrefix(data, markLittle), !bytes.HasPrefix(data, markBig) && bytes.Contains(data, anyBenchLE):
		if bytes.Contains(data, anyBenchLE) {
			return binary.LittleEndian
		}
	case bytes.Contains(data, anyBenchBE):
		return binary.BigEndian
	}
	return nil
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2) // half a unit at the end is no text
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	var text []byte
	for _, r := range utf16.Decode(units) {
		text = utf8.AppendRune(text, r)
	}
	return text
}

// isEvents reports whether the first line that is JSON at all is an event of
// go test -json. Errors of the build may come before.
func isEvents(data []byte) bool {
	for line := range bytes.Lines(data) {
		switch line := bytes.TrimSpace(line); {
		case bytes.HasPrefix(line, anyBench):
			return false
		case len(line) > 0 && line[0] == '{':
			return bytes.Contains(line, jsonAction)
		}
	}
	return false
}

// fromEvents puts the output in the events together, separately for each package since
// those of several packages are mixed. A line has the number of the event in which it
// begins. Lines that are not events stay as they are.
func (d *decoded) fromEvents(file string) {
	type output struct {
		text    []byte
		numbers []int
	}
	var order []*output
	packages := map[string]*output{}
	to := func(name string) *output {
		if packages[name] == nil {
			packages[name] = &output{}
			order = append(order, packages[name])
		}
		return packages[name]
	}
	write := func(o *output, number int, text []byte) {
		for line := range bytes.Lines(text) {
			if len(o.text) == 0 || o.text[len(o.text)-1] == '\n' {
				o.numbers = append(o.numbers, number)
			}
			o.text = append(o.text, line...)
		}
	}
	number := 0
	for line := range bytes.Lines(d.data) {
		number++
		trimmed := bytes.TrimSpace(line)
		if len(trimmed) == 0 || trimmed[0] != '{' {
			write(to(""), number, append(trimmed, '\n'))
			continue
		}
		var event struct{ Package, Output string }
		if err := json.Unmarshal(trimmed, &event); err != nil {
			d.lost = append(d.lost, Loss{File: file, Line: number, What: "the line", Kind: BadEvent,
				Err: fmt.Errorf("it is no event of go test -json, or was cut off: %w", err)})
			continue
		}
		write(to(event.Package), number, []byte(event.Output))
	}
	d.data, d.numbers = nil, nil
	for _, o := range order {
		if n := len(o.text); n > 0 && o.text[n-1] != '\n' {
			o.text = append(o.text, '\n')
		}
		d.data = append(d.data, o.text...)
		d.numbers = append(d.numbers, o.numbers...)
	}
}

// findResult looks for a benchmark line that is hidden in a line: after other text, or
// between a terminal's escape codes. It returns where the line begins.
func findResult(line []byte) (at int, ok bool) {
	for from := 0; ; from = at + len(anyBench) {
		i := bytes.Index(line[from:], anyBench)
		if i < 0 {
			return 0, false
		}
		at = from + i
		if isResult(line[at:]) {
			return at, true
		}
	}
}

// isResult reports whether a text has the form of a benchmark line, escape codes and
// NUL bytes aside.
func isResult(text []byte) bool {
	fields := bytes.Fields(printed(text[len(anyBench):]))
	if len(fields) < 4 {
		return false
	}
	if slices.ContainsFunc(fields[1], func(b byte) bool { return b < '0' || b > '9' }) {
		return false
	}
	var value float64
	n, err := fmt.Sscan(string(fields[2]), &value)
	return n == 1 && err == nil
}

// printed leaves out a terminal's escape codes for colours, and NUL bytes.
func printed(text []byte) []byte {
	var out []byte
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == 0:
		case text[i] == 0x1b && i+1 < len(text) && text[i+1] == '[':
			for i += 2; i < len(text) && (text[i] < '@' || text[i] > '~'); i++ {
			}
		default:
			out = append(out, text[i])
		}
	}
	return out
}

// hidden says why a benchmark line that begins at a place in a line was not read.
func hidden(line []byte, at int) error {
	before := line[:at]
	switch {
	case bytes.IndexByte(line, 0x1b) >= 0:
		return errEscapes
	case bytes.IndexByte(line, 0) >= 0:
		return errNUL
	case len(bytes.TrimSpace(before)) == 0:
		return errIndented
	case before[at-1] == ' ' || before[at-1] == '\t':
		return errAfterText
	}
	return errGlued
}

// Why a line that looks like a benchmark line is not one, each with the remedy.
var (
	errEscapes   = errors.New(`it has the escape codes of a terminal: write the file without colours, or remove them with sed 's/\x1b\[[0-9;]*[a-zA-Z]//g'`)
	errNUL       = errors.New(`it has NUL bytes, as a file has after a crash: remove them with tr -d '\000' if the rest is whole`)
	errControl   = errors.New("its name or unit has a control character: remove it")
	errIndented  = errors.New("it is a benchmark line that is indented: remove the space before it, as with sed 's/^[[:space:]]*//'")
	errAfterText = errors.New("it is a benchmark line after other text, such as a time stamp: remove what is before the word Benchmark")
	errGlued     = errors.New("it is a benchmark line after output that did not end with a newline: begin a new line at the word Benchmark")
)
