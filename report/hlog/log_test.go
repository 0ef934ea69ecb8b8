package hlog

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// 1790000000.789 seconds since 1970.
var began = time.UnixMilli(1790000000789).UTC()

const (
	legend      = `"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"` + "\n"
	endLegend   = `"StartTimestamp","EndTimestamp","Interval_Max","Interval_Compressed_Histogram"` + "\n"
	version13   = "#[Histogram log format version 1.3]\n"
	startTime   = "#[StartTime: 1790000000.789 (seconds since epoch), Mon Sep 21 14:13:20 UTC 2026]\n"
	baseTime    = "#[BaseTime: 1790000000.789 (seconds since epoch)]\n"
	unitUnknown = "The log does not say the unit of its values."
)

// utf16le is text as .NET writes it.
func utf16le(text string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// Logs in the form of each implementation. {} is the histogram of small.
func TestDialects(t *testing.T) {
	type interval struct {
		tag    string
		start  time.Duration // after began
		length time.Duration
	}
	second := time.Second
	for _, test := range []struct {
		name      string
		log       string
		encode    encoding
		intervals []interval
		unit      string
		notes     []string // part of them
	}{
		{"jHiccup 2.0.1, V0",
			"#[Logged with jHiccup version 2.0.1]\n#[Histogram log format version 1.01]\n" + startTime + endLegend +
				"0.116,1.005,0.000,{}\n1.121,1.000,0.000,{}\n",
			encoding{cookie: v0 | 0x80, compressed: v0Compressed | 0x80, size: 8},
			[]interval{{"", 116e6, 1005e6}, {"", 1121e6, second}}, "", []string{unitUnknown, "the second column has lengths"}},
		{"Java 1.2.1, V0, before the start",
			"#[Histogram log format version 1.01]\n" + startTime + endLegend + "-0.500,1.000,3.424,{}\n0.500,1.000,3.424,{}\n",
			encoding{cookie: v0 | 0x80, compressed: v0Compressed | 0x80, size: 8},
			[]interval{{"", -500e6, second}, {"", 500e6, second}}, "ns", []string{"", "the second column has lengths"}},
		{"jHiccup 2.0.6, V1",
			"#[Logged with jHiccup version 2.0.6]\n#[Histogram log format version 1.1]\n" + startTime + legend + "0.133,1.005,3.424,{}\n",
			encoding{cookie: v1 | 0x20, compressed: v1Compressed | 0x20, size: 2},
			[]interval{{"", 133e6, 1005e6}}, "ns", nil},
		{"Java, absolute", version13 + startTime + legend + "Tag=read,1790000001.289,1.000,3.424,{}\n", version2,
			[]interval{{"read", 500e6, second}}, "ns", nil},
		{"Java, before the base time", version13 + startTime + baseTime + legend + "-0.500,1.000,0.000,{}\nTag=a,0.500,1.000,0.000,{}\n", version2,
			[]interval{{"", -500e6, second}, {"a", 500e6, second}}, "", nil},
		{"Java, a tag with spaces and commas", version13 + startTime + "Tag=GET /a, 1,1790000000.789,1.000,3.424,{}\n", version2,
			[]interval{{"GET /a, 1", 0, second}}, "ns", nil},
		{"C, hdr_log_write", "#[made by hand]\n#[Histogram log format version 1.2]\n" + startTime + endLegend +
			"1790000000.789,1790000001.789,3424255.0,{}\n1790000001.789,1790000003.789,3424255.0,{}\n", version2,
			[]interval{{"", 0, second}, {"", second, 2 * second}}, "", []string{"undivided", "The second column is the end"}},
		{"C, hdr_log_write, relative", "#[Histogram log format version 1.2]\n" + startTime + endLegend + "0.000,1.000,3424255.0,{}\n1.000,3.000,3424255.0,{}\n", version2,
			[]interval{{"", 0, second}, {"", second, 2 * second}}, "", []string{"undivided", "The second column is the end"}},
		{"C, hdr_log_write_entry", "#[Histogram log format version 1.2]\n" + startTime + endLegend +
			"Tag=a,1790000000.789,1.000,3424255.0,{}\n1790000001.789,2.000,3424255.0,{}\n", version2,
			[]interval{{"a", 0, second}, {"", second, 2 * second}}, "", []string{"undivided", "the second column has lengths"}},
		{"Python", "#[Histogram log format version 1.2]\n" + baseTime + legend + "-0.500000,1.000000,3.000000,{}\n0.500000,1.000000,3.000000,{}\n", version2,
			[]interval{{"", -500e6, second}, {"", 500e6, second}}, "ns", nil},
		{"JS", version13 + "#[StartTime: 1790000000.789 (seconds since epoch), Mon Sep 21 2026 14:13:20 GMT+0000 (Coordinated Universal Time)]\n\n" + legend +
			"-0.500,1.000,3424.255,{}\nTag=write,0.500,1.000,3424.255,{}\n", version2,
			[]interval{{"", -500e6, second}, {"write", 500e6, second}}, "", []string{"divided by 1,000,"}},
		{"Rust, not compressed", "#[a comment]\n#[StartTime: 1790000000.789 (seconds since epoch)]\n" + baseTime + "0.000,1.000,3424255.000,{}\nTag=write,1.000,1.000,3424255.000,{}\n",
			uncompressed, []interval{{"", 0, second}, {"write", second, second}}, "", []string{"undivided"}},
		{"Go", version13 + "#[StartTime: 1790000000 (seconds since epoch), 2026-09-21T14:13:20Z]\n#[BaseTime: 0 (seconds since epoch)]\n" + legend +
			"Tag=x,1790000000.789000,1.000000,3.424255,{}\n", version2, []interval{{"x", 0, second}}, "ns", nil},
		{"Go, before its BaseTime was spelled so", version13 + "#[Basetime: 1790000000 (seconds since epoch)]\n0.789000,1.000000,3.424255,{}\n", version2,
			[]interval{{"", 0, second}}, "ns", nil},
		{".NET", utf16le(version13 + "#[StartTime: 1790000000.789 (seconds since epoch), 2026-09-21T14:13:20.7890000Z]\n" + legend + "Tag=a,1790000000.789,1.000,3.424,{}\n"),
			version2, []interval{{"a", 0, second}}, "ns", nil},
		{".NET, appended", utf16le(version13 + legend + "1790000000.789,1.000,3.424,{}\n")[2:], version2, []interval{{"", 0, second}}, "ns", nil},
		{".NET, in a culture with a decimal comma", utf16le(version13 + "#[StartTime: 1790000000,789 (seconds since epoch), 2026-09-21T14:13:20.7890000Z]\n" + legend +
			"Tag=a,1790000000,789,1,000,3,424,{}\n"), version2, []interval{{"a", 0, second}}, "ns", []string{"", "decimal comma"}},
		{"C, with a decimal comma", startTime + "0,250,1,000,3424255.0,{}\n", version2, []interval{{"", 250e6, second}}, "", []string{"", "decimal comma"}},
		{"double", version13 + startTime + legend + "1790000000.789,1.000,0.856,{}\n",
			encoding{cookie: v2 | 0x10, compressed: v2Compressed | 0x10, double: true, factor: 0.25}, []interval{{"", 0, second}}, "ns", nil},
		{"milliseconds", "#[StartTime: 1790000000789 (ms)]\n1790000000789,1000,3.424,{}\n", version2, []interval{{"", 0, second}}, "ns", nil},
		{"no header", "1790000000.789,1.000,3.424,{}", version2, []interval{{"", 0, second}}, "ns", nil},
		{"spaces, CR and blank lines", "\r\n# x\r\n\r\n1790000000.789, 1.000, 3.424, {} \r\n\r\n", version2, []interval{{"", 0, second}}, "ns", nil},
		{"exponents", "#[StartTime: 1.790000000789E9 (seconds since epoch)]\n0.0,1.0,3.42,{}\n", version2, []interval{{"", 0, second}}, "ns", nil},
		{"comments longer than 4 KiB", "# " + strings.Repeat("x", 5000) + "\n" + startTime + "0.000,1.000,3.424,{}\n", version2, []interval{{"", 0, second}}, "ns", nil},
		{"within a program's output", version13 + startTime + "14:13:20,789 INFO Latency - Tag=a,0.000,1.000,3.424,{}\n[main] 1.000,1.000,3.424,{}\n", version2,
			[]interval{{"a", 0, second}, {"", second, second}}, "ns", []string{"", "was ignored"}},
		{"two logs in a file", version13 + startTime + "0.000,1.000,3.424,{}\n" + version13 + "#[StartTime: 1790000100.789 (s)]\n0.000,1.000,3.424,{}\n", version2,
			[]interval{{"", 0, second}, {"", 100 * second, second}}, "ns", nil},
		{"a new start without a new header", startTime + "0.000,1.000,3.424,{}\n#[StartTime: 1790000100.789 (s)]\n0.000,1.000,3.424,{}\n", version2,
			[]interval{{"", 0, second}, {"", 100 * second, second}}, "ns", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			payload := test.encode.encode(t, small()...)
			text := strings.ReplaceAll(test.log, "{}", payload)
			if wide := utf16le("{}")[2:]; strings.Contains(test.log, wide) {
				text = strings.ReplaceAll(test.log, wide, utf16le(payload)[2:])
			}
			if !Is([]byte(text)) {
				t.Error("it is not recognised")
			}
			log, problems := Read([]byte(text))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			var got []interval
			for _, i := range log.Intervals {
				got = append(got, interval{i.Tag, i.Start.Sub(began), i.Length})
				if i.Values().Count() != 4 {
					t.Errorf("line %d has %d values", i.Line, i.Values().Count())
				}
			}
			if diff := cmp.Diff(test.intervals, got, cmp.AllowUnexported(interval{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if log.Unit != test.unit {
				t.Errorf("unit %q, want %q", log.Unit, test.unit)
			}
			if test.notes == nil {
				test.notes = []string{""}
			}
			if !slices.EqualFunc(log.Notes, test.notes, strings.Contains) {
				t.Errorf("notes %q, want %q", log.Notes, test.notes)
			}
		})
	}
}

// The divisor of Interval_Max says the unit, if it was not rounded to nothing.
func TestUnit(t *testing.T) {
	payload := version2.encode(t, small()...)
	v, err := decode(payload)
	if err != nil {
		t.Fatal(err)
	}
	largest := v.Max()
	for divisor, unit := range map[float64]string{1e6: "ns", 1e3: "", 1: "", 7: ""} {
		log, _ := Read(fmt.Appendf(nil, "%f,1.0,%.3f,%s\n", 1.79e9, largest/divisor, payload))
		if log.Unit != unit {
			t.Errorf("divided by %v: unit %q, want %q", divisor, log.Unit, unit)
		}
	}
	// Python's writer omits the fraction.
	log, _ := Read(fmt.Appendf(nil, "%f,1.0,%.6f,%s\n", 1.79e9, float64(int(largest)/1e6), payload))
	if log.Unit != "ns" {
		t.Errorf("without a fraction: unit %q", log.Unit)
	}
}

// A log that does not say when it began has no dates.
func TestUnknownStart(t *testing.T) {
	payload := version2.encode(t, small()...)
	log, problems := Read([]byte("0.250,1.000,0.200," + payload + "\n" + payload + "\n"))
	if len(problems) > 0 || len(log.Intervals) != 2 {
		t.Fatal(log, problems)
	}
	if i := log.Intervals[0]; !i.Start.IsZero() || i.After != 250*time.Millisecond || i.Length != time.Second {
		t.Errorf("%+v", i)
	}
	if i := log.Intervals[1]; !i.Start.IsZero() || i.After != 0 || i.Length != 0 || i.Values().Count() != 4 {
		t.Errorf("a histogram alone: %+v", i)
	}
	if want := "an unknown start"; !strings.Contains(strings.Join(log.Notes, " "), want) {
		t.Errorf("notes %q", log.Notes)
	}
}

// A line that cannot be read affects no other, and says whether it is not whole.
func TestProblems(t *testing.T) {
	payload := version2.encode(t, small()...)
	line := "1790000000.789,1.000,0.200," + payload + "\n"
	log, problems := Read([]byte(version13 + line + line[:60] + "\nhello\n1e300,1,1," + payload + "\n1790000000.789,x,1," + payload + "\n" + line))
	var lines []int
	for _, i := range log.Intervals {
		lines = append(lines, i.Line)
	}
	if !slices.Equal(lines, []int{2, 7}) {
		t.Errorf("intervals at %d", lines)
	}
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprint(p.Line, p.Damaged()))
	}
	if want := []string{"3 true", "4 false", "5 false", "6 false"}; !slices.Equal(got, want) {
		t.Errorf("problems %q, want %q: %v", got, want, problems)
	}
}

func TestSeries(t *testing.T) {
	payload := version2.encode(t, small()...)
	log, _ := Read([]byte("Tag=b,1790000000.789,1,0.2," + payload + "\n1790000000.789,1,0.2," + payload + "\nTag=b,1790000001.789,1,0.2," + payload + "\n"))
	var got []string
	for _, s := range log.Series() {
		got = append(got, fmt.Sprintf("%s %d %v", s.Tag, len(s.Intervals), s.Values.Bars))
	}
	if want := []string{"b 2 [{1 1 2} {3 3 4} {3.407872e+06 3.424255e+06 2}]", " 1 [{1 1 1} {3 3 2} {3.407872e+06 3.424255e+06 1}]"}; !slices.Equal(got, want) {
		t.Errorf("series %q, want %q", got, want)
	}
}

func TestIsNot(t *testing.T) {
	for _, text := range []string{
		"", "\n", "# a comment\n", "BenchmarkA 1 5 ns/op\n", "goos: linux\n#[Histogram log format version 1.3]\n", "1,2,3,4\n", "HISTORY of the world\n",
		"a,b,HISTORY\n",
	} {
		if Is([]byte(text)) {
			t.Errorf("%q is taken for a log", text)
		}
	}
}

// The logs of real implementations: see testdata/writers/run.sh.
func TestWriters(t *testing.T) {
	dir := os.Getenv("HLOG_WRITERS")
	if dir == "" {
		t.Skip("run by make hlog-writers, which installs the implementations")
	}
	logs, err := filepath.Glob(filepath.Join(dir, "*.hlog"))
	if err != nil || len(logs) == 0 {
		t.Fatal("no logs", err)
	}
	for _, file := range logs {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.TrimSuffix(file, "hlog") + "want")
			if err != nil {
				t.Fatal(err)
			}
			log, problems := Read(data)
			if len(problems) > 0 || !Is(data) {
				t.Fatal(problems)
			}
			t.Logf("unit %q, %q", log.Unit, log.Notes)
			n := 0
			for text := range strings.Lines(string(want)) {
				if n == len(log.Intervals) {
					t.Fatalf("%d intervals: there are more", n)
				}
				checkWritten(t, log.Intervals[n], strings.Fields(text))
				n++
			}
			if n != len(log.Intervals) {
				t.Errorf("%d intervals, want %d", len(log.Intervals), n)
			}
		})
	}
}

// checkWritten compares an interval with what its writer says of it.
func checkWritten(t *testing.T, i Interval, want []string) {
	t.Helper()
	tag := i.Tag
	if tag == "" {
		tag = "-"
	}
	got := []string{tag, fmt.Sprint(i.Start.UnixMilli()), fmt.Sprint(i.Start.Add(i.Length).UnixMilli()), fmt.Sprint(i.Values().Count())}
	if !slices.Equal(got, want[:4]) {
		t.Errorf("line %d: %q, want %q", i.Line, got, want[:4])
	}
	number := func(text string) float64 {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for at, q := range map[int]float64{4: 0.5, 5: 0.99} {
		if got, want := i.Values().Quantile(q), number(want[at]); got != want {
			t.Errorf("line %d: quantile %v is %v, want %v", i.Line, q, got, want)
		}
	}
	if n := len(i.Values().Bars); n > 0 {
		// JS knows the largest value itself, the others its bar. Java's DoubleHistogram has
		// the number before the next bar.
		if last, largest := i.Values().Bars[n-1], number(want[6]); largest < last.From || largest > last.To*(1+1e-8) {
			t.Errorf("line %d: the largest value is in %v to %v, want %v", i.Line, last.From, last.To, largest)
		}
	}
}
