package record

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"
)

// lines says in short what was read.
func (t *Text) lines() (lines []string) {
	for _, l := range t.Lines {
		s := fmt.Sprintf("%d: %s", l.Number, l.Name)
		for i, v := range l.Values {
			s += fmt.Sprintf(" %v %s", v, l.Units[i].Name)
		}
		for _, p := range l.Config {
			s += " " + p.Key + ":" + p.Value
		}
		if l.Facts != nil {
			s += fmt.Sprintf(" round=%d", l.Facts.Round)
		}
		if l.Comment {
			s += " comment"
		}
		if l.Refused {
			s += " refused"
		}
		lines = append(lines, s)
	}
	return lines
}

func TestReadText(t *testing.T) {
	long := "Benchmark" + strings.Repeat("x", longest)
	for _, c := range []struct {
		name, text  string
		lines, lost []string
	}{
		{"plain", "goos: linux\nBenchmarkA-8 1 5 ns/op 0 B/op\nPASS\nBenchmarkA-8 1 6 ns/op 0 B/op", []string{
			"2: A-8 5 ns/op 0 B/op goos:linux", "4: A-8 6 ns/op 0 B/op goos:linux"}, nil},
		{"configurations", "pkg: a\nBenchmarkA 1 5 ns/op\npkg: b\nBenchmarkA 1 5 ns/op\npkg:\nBenchmarkA 1 5 ns/op\n", []string{
			"2: A 5 ns/op pkg:a", "4: A 5 ns/op pkg:b", "6: A 5 ns/op"}, nil},
		{"comments", "# round=1 gc=2\nBenchmarkA 1 5 ns/op\n# round=2 invalid=steal\n# BenchmarkA 1 7 ns/op\n", []string{
			"2: A 5 ns/op round=1", "4: A 7 ns/op round=2 comment"}, nil},
		{"a comment belongs to the next line", "# round=1\nBenchmarkA 1 5 ns/op\nBenchmarkA 1 5 ns/op\n# round=2\n\nBenchmarkA 1 5 ns/op\n", []string{
			"2: A 5 ns/op round=1", "3: A 5 ns/op refused", "6: A 5 ns/op refused"},
			[]string{"f:3: " + errNoComment.Error(), "f:6: " + errNoComment.Error()}},
		{"a comment without an invalid launch", "# round=1\n# BenchmarkA 1 5 ns/op\n# BenchmarkA 1 5 ns/op\n", nil, nil},
		{"a bad comment", "# round=-1\nBenchmarkA 1 5 ns/op\nBenchmarkA 1 6 ns/op\n", []string{
			"2: A 5 ns/op refused", "3: A 6 ns/op"}, []string{"f:1: malformed round in the comment before it: -1 is less than 0"}},
		{"malformed", "BenchmarkA 1\nBenchmarkA\nBenchmarkA 1 5 ns/op\n", []string{"3: A 5 ns/op"}, []string{"f:1: missing measurements: it was cut off, or other output came between its parts: let the benchmark print whole lines, to stderr"}},
		{"a unit twice", "BenchmarkA 1 5 ns/op 1 sec/op\n", []string{"1: A 5 ns/op 1 sec/op refused"},
			[]string{"f:1: unit sec/op is there twice, so it is unclear which value is meant"}},
		{"too long", "BenchmarkA 1 5 ns/op\n" + long + "\nBenchmarkB 1 5 ns/op\n", []string{"1: A 5 ns/op", "3: B 5 ns/op"},
			[]string{fmt.Sprintf("f:2: it has %d bytes, and a benchmark line has less than %d", len(long)+1, longest)}},
		{"nothing", "", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := ReadText("f", []byte(c.text))
			if diff := cmp.Diff(c.lines, text.lines()); diff != "" {
				t.Errorf("lines, -want +got:\n%s", diff)
			}
			var lost []string
			for _, l := range text.Lost {
				lost = append(lost, l.Error())
			}
			if diff := cmp.Diff(c.lost, lost); diff != "" {
				t.Errorf("lost, -want +got:\n%s", diff)
			}
			if (text.TooLong != nil) != (c.name == "too long") {
				t.Errorf("too long: %v", text.TooLong)
			}
		})
	}
}

// Lines of one name, unit list and configuration share their subject, and no others.
func TestSubjects(t *testing.T) {
	text := ReadText("f", []byte(`pkg: a
BenchmarkA 1 5 ns/op
BenchmarkB 1 5 ns/op
BenchmarkA 1 6 ns/op
BenchmarkA 1 0 ns/op
BenchmarkA 1 6 ns/op 7 B/op
pkg: b
BenchmarkA 1 6 ns/op
note: x
note:
BenchmarkA 1 7 ns/op
`))
	var got []int
	lines := make([]int, len(text.Subjects))
	for _, l := range text.Lines {
		got = append(got, l.Index)
		lines[l.Index]++
	}
	// A value of 0 has another unit for benchfmt.
	if diff := cmp.Diff([]int{0, 1, 0, 2, 3, 4, 4}, got); diff != "" {
		t.Errorf("subjects, -want +got:\n%s", diff)
	}
	for i, s := range text.Subjects {
		if s.Index != i || s.Lines != lines[i] {
			t.Errorf("subject %d has index %d and %d lines, want %d", i, s.Index, s.Lines, lines[i])
		}
	}
}

// inUTF16 is a text as Windows writes it.
func inUTF16(order binary.AppendByteOrder, text string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

// foreign are texts of other programs: as shells, terminals, editors, logs of CI and
// go test leave them. What is not read is named.
var foreign = []struct {
	name, text  string
	lines, lost []string
	mended      string
}{
	{"a byte-order mark", "\ufeffBenchmarkA 1 5 ns/op\n", []string{"1: A 5 ns/op"}, nil, "it has a byte-order mark"},
	{"two files with byte-order marks", "\ufeffpkg: a\nBenchmarkA 1 5 ns/op\n\ufeffpkg: b\nBenchmarkA 1 5 ns/op\n",
		[]string{"2: A 5 ns/op pkg:a", "4: A 5 ns/op pkg:b"}, nil, "it has a byte-order mark"},
	{"UTF-16, little-endian", inUTF16(binary.LittleEndian, "\ufeffpkg: ä\r\nBenchmarkA 1 5 ns/op\r\n"), []string{"2: A 5 ns/op pkg:ä"}, nil, "it is in UTF-16"},
	{"UTF-16, big-endian", inUTF16(binary.BigEndian, "\ufeffBenchmarkA 1 5 ns/op\n"), []string{"1: A 5 ns/op"}, nil, "it is in UTF-16"},
	{"UTF-16, without a mark", inUTF16(binary.LittleEndian, "BenchmarkA 1 5 ns/op\n"), []string{"1: A 5 ns/op"}, nil, "it is in UTF-16"},
	{"Windows", "pkg: a\r\nBenchmarkA 1 5 ns/op\r\n", []string{"2: A 5 ns/op pkg:a"}, nil, ""},
	{"indented", "  BenchmarkA 1 5 ns/op\n\tBenchmarkA 1 6 ns/op\nBenchmarkA 1 7 ns/op\n", []string{"3: A 7 ns/op"},
		[]string{"f:1: " + errIndented.Error(), "f:2: " + errIndented.Error()}, ""},
	{"a time stamp", "2024-05-05T10:00:00Z BenchmarkA 1 5 ns/op\n[12:00] BenchmarkA-8 \t 1 \t 5 ns/op\n", nil,
		[]string{"f:1: " + errAfterText.Error(), "f:2: " + errAfterText.Error()}, ""},
	{"glued to output", "no newlineBenchmarkA-8   \t  1\t 5 ns/op\nBuildBenchmarkA 1 5 ns/op\n", nil, []string{"f:1: " + errGlued.Error(), "f:2: " + errGlued.Error()}, ""},
	{"the second one in the line", "Benchmarks of BenchmarkA 1 5 ns/op\nsee BenchmarksBenchmarkA 1 5 ns/op\n", nil,
		[]string{"f:1: parsing iteration count: invalid syntax: it was cut off", "f:2: " + errAfterText.Error()}, ""},
	{"colours", "\x1b[32mBenchmarkA 1 5 ns/op\x1b[0m\nBenchmarkA 1 \x1b[1m5\x1b[0m ns/op\nBenchmarkA 1 5 ns/op\x1b[0m\n",
		[]string{"3: A 5 ns/op\x1b[0m refused"},
		[]string{"f:1: " + errEscapes.Error(), "f:2: parsing measurement: invalid syntax: " + errEscapes.Error(), "f:3: " + errEscapes.Error()}, ""},
	{"NUL", "BenchmarkA 1 5 ns/op\n\x00\x00\x00BenchmarkA 1 5 ns/op\nBenchmark\x00A 1 5 ns/op\n", []string{"1: A 5 ns/op", "3: \x00A 5 ns/op refused"},
		[]string{"f:2: " + errNUL.Error(), "f:3: " + errNUL.Error()}, ""},
	{"a hole", "BenchmarkA 1 5 ns/op\n\x00\x00\x00\nBenchmarkA 1 6 ns/op\n", []string{"1: A 5 ns/op", "3: A 6 ns/op"}, []string{"f:2: " + errNUL.Error()}, ""},
	{"a carriage return", "50%\rBenchmarkA 1 5 ns/op\nBenchmarkA\b 1 5 ns/op\n", []string{"2: A\b 5 ns/op refused"},
		[]string{"f:1: " + errGlued.Error(), "f:2: " + errControl.Error()}, ""},
	{"output in a line", "BenchmarkA-8 \tno newline      10\t 5 ns/op\nBenchmarkA-8 \ta line\n      10\t 5 ns/op\n", nil,
		[]string{"f:1: parsing iteration count: invalid syntax: it was cut off", "f:2: parsing iteration count: invalid syntax: it was cut off"}, ""},
	{"prose", "the BenchmarkA is slow: 5 ns/op\n# BenchmarkA 1 5 ns/op\n--- BENCH: BenchmarkA-8\n    a_test.go:4: BenchmarkA took 5 ns\nBenchmarkA\n", nil, nil, ""},
	{"a failed benchmark", "BenchmarkA 1 5 ns/op\n--- FAIL: BenchmarkB\n    b_test.go:7: boo\n    --- FAIL: BenchmarkB/x (0.01s)\nFAIL\nexit status 1\nFAIL\tex.com/a\t0.058s\nFAIL\n",
		[]string{"1: A 5 ns/op"}, []string{"f:2: it failed", "f:4: it failed"}, ""},
	{"a panic", "BenchmarkA-2\t\tpanic: x\n\ngoroutine 14 [running]:\nexit status 2\nFAIL\tex.com/a\t0.096s\nFAIL\n", nil, []string{`f:1: it ended with "panic: x"`}, ""},
	{"a panic between lines", "panic: test timed out after 1s\n", nil, []string{`f:1: it ended with "panic: test timed out after 1s"`}, ""},
	{"killed", "BenchmarkA 1 5 ns/op\nsignal: killed\nFAIL\tex.com/a\t0.07s\nFAIL\n", []string{"1: A 5 ns/op"}, []string{`f:2: it ended with "signal: killed"`}, ""},
	{"the second package fails", "ok  \tex.com/a\t1s\nFAIL\tex.com/b [build failed]\nFAIL\n", nil, []string{"f:2: it failed"}, ""},
	{"a test binary", "BenchmarkA 1 5 ns/op\nFAIL\n", []string{"1: A 5 ns/op"}, []string{"f:2: it failed"}, ""},
	{"go test -json", `{"Time":"2026-11-28T18:31:32Z","Action":"start","Package":"b"}
{"Action":"output","Package":"b","Output":"pkg: b\n"}
{"Action":"output","Package":"a","Output":"pkg: a\n"}
{"Action":"output","Package":"b","Test":"BenchmarkA","Output":"BenchmarkA\n"}
{"Action":"output","Package":"b","Test":"BenchmarkA","Output":"BenchmarkA-2 \t"}
{"Action":"output","Package":"a","Test":"BenchmarkA","Output":"BenchmarkA-2 \t"}
{"Action":"output","Package":"b","Test":"BenchmarkA","Output":"      10\t 5 ns/op\n"}
{"Action":"output","Package":"a","Test":"BenchmarkA","Output":"      10\t 7 ns/op\n"}
{"Action":"output","Package":"a","Output":"FAIL\ta\t1s\n"}
{"Action":"out
`, []string{"5: A-2 5 ns/op pkg:b", "6: A-2 7 ns/op pkg:a"}, []string{"f:9: it failed", "f:10: it is no event of go test -json"}, "it is the output of go test -json"},
	{"events after errors of the build", "# ex.com/c\n" + `{"Action":"output","Package":"a","Output":"BenchmarkA 1 5 ns/op"}`, []string{"2: A 5 ns/op"}, nil, "it is the output of go test -json"},
}

func TestForeignText(t *testing.T) {
	for _, c := range foreign {
		t.Run(c.name, func(t *testing.T) {
			text := ReadText("f", []byte(c.text))
			if diff := cmp.Diff(c.lines, text.lines()); diff != "" {
				t.Errorf("lines, -want +got:\n%s", diff)
			}
			var lost []string
			for i, l := range text.Lost {
				lost = append(lost, l.Error())
				if i >= len(c.lost) || !strings.HasPrefix(lost[i], c.lost[i]) || l.What == "" {
					lost[i] += "  <-- differs"
				}
			}
			if len(lost) != len(c.lost) || strings.Contains(fmt.Sprint(lost), "<--") {
				t.Errorf("lost %q, want %q", lost, c.lost)
			}
			if text.Mended != c.mended {
				t.Errorf("mended: %q, want %q", text.Mended, c.mended)
			}
			if got, want := HasBenchmarks([]byte(c.text)), bytes.Contains(decode("f", []byte(c.text)).data, anyBench); got != want {
				t.Errorf("recognised as a benchmark file: %t, want %t", got, want)
			}
		})
	}
}

// The results of a text are those that benchfmt reads, whatever is in the file.
func FuzzReadText(f *testing.F) {
	f.Add("goos: linux\nUnit x better=higher\nBenchmarkA-8 1 5 ns/op 0 MB/s\npkg: a\nBenchmarkA-8 1 0 ns/op 3 x\npkg:\nBenchmarkB 1 5 x\n")
	f.Add("# round=0 invalid=a\n# BenchmarkA 1 5 ns/op\nBenchmarkA 1 5 ns/op\n\n# round=x\nBenchmarkA 1 5 x 5 x\r\n")
	for _, c := range foreign {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, data string) {
		text := ReadText("f", []byte(data))
		rest := text.Lines
		result := text.Results("f")
		d := decode("f", []byte(data))
		reader := benchfmt.NewReader(bytes.NewReader(d.data), "f")
		reader.Reset(bytes.NewReader(d.data), "f", ".file", "f")
		for reader.Scan() {
			rec, ok := reader.Result().(*benchfmt.Result)
			if !ok {
				continue
			}
			for len(rest) > 0 && rest[0].Comment {
				rest = rest[1:]
			}
			if len(rest) == 0 {
				t.Fatal("a result is missing")
			}
			l := &rest[0]
			rest = rest[1:]
			got := result(l.Subject)
			for i := range got.Values {
				v := &got.Values[i]
				v.Value = l.Units[i].Value(l.Values[i])
				if l.Units[i].Scaled {
					v.OrigValue = l.Values[i]
				}
			}
			_, line := rec.Pos()
			if d.numbers != nil {
				line = d.numbers[line-1]
			}
			if line != l.Number || rec.Iters != int(l.N) {
				t.Errorf("line %d with %d iterations, want %d and %d", l.Number, l.N, line, rec.Iters)
			}
			if a, b := form(rec), form(got); a != b {
				t.Errorf("got %s, want %s", b, a)
			}
		}
		if reader.Err() == nil && text.TooLong == nil {
			for _, l := range rest {
				if !l.Comment {
					t.Errorf("line %d is no result", l.Number)
				}
			}
		}
		if (reader.Err() == nil) != (text.TooLong == nil) {
			t.Errorf("benchfmt ends with %v, and %v is said", reader.Err(), text.TooLong)
		}
	})
}

// form is what a result has in it.
func form(r *benchfmt.Result) string {
	s := fmt.Sprintf("%q", r.Name)
	for _, c := range r.Config {
		s += fmt.Sprintf(" %q:%q", c.Key, c.Value)
	}
	for _, v := range r.Values {
		s += fmt.Sprintf(" %v", v)
	}
	return s
}
