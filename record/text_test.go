package record

import (
	"fmt"
	"strings"
	"testing"

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
		{"malformed", "BenchmarkA 1\nBenchmarkA\nBenchmarkA 1 5 ns/op\n", []string{"3: A 5 ns/op"}, []string{"f:1: missing measurements"}},
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

// The results of a text are those that benchfmt reads, whatever is in the file.
func FuzzReadText(f *testing.F) {
	f.Add("goos: linux\nUnit x better=higher\nBenchmarkA-8 1 5 ns/op 0 MB/s\npkg: a\nBenchmarkA-8 1 0 ns/op 3 x\npkg:\nBenchmarkB 1 5 x\n")
	f.Add("# round=0 invalid=a\n# BenchmarkA 1 5 ns/op\nBenchmarkA 1 5 ns/op\n\n# round=x\nBenchmarkA 1 5 x 5 x\r\n")
	f.Fuzz(func(t *testing.T, data string) {
		text := ReadText("f", []byte(data))
		rest := text.Lines
		result := text.Results("f")
		reader := benchfmt.NewReader(strings.NewReader(data), "f")
		reader.Reset(strings.NewReader(data), "f", ".file", "f")
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
			if _, line := rec.Pos(); line != l.Number || rec.Iters != int(l.N) {
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
