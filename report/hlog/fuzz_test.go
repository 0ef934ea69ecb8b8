package hlog

import (
	"strings"
	"testing"
)

// Whatever a file has in it, each of its lines that is no comment is an interval or a
// problem, and the values of an interval are in order.
func FuzzRead(f *testing.F) {
	for _, e := range []encoding{version2, uncompressed, {cookie: v0 | 0x80, compressed: v0Compressed | 0x80, size: 8}, {cookie: v1 | 0x20, size: 2}, {cookie: v2 | 0x10, double: true, factor: 0.5}} {
		payload := e.encode(f, small()...)
		f.Add(version13 + startTime + legend + "Tag=a,-0.5,1.0,2.0," + payload + "\n" + payload + "\n")
		f.Add(utf16le(endLegend + "1,2,3," + payload))
	}
	f.Add("#[BaseTime: 1e300]\n0,1,0,2,0,3,HISTFAAAAA==\n")
	f.Fuzz(func(t *testing.T, text string) {
		log, problems := Read([]byte(text))
		lines := 0
		for line := range strings.Lines(string(plain([]byte(text), 0))) {
			line = strings.TrimSpace(line)
			if line != "" && line[0] != '#' && !strings.HasPrefix(line, `"StartTimestamp"`) {
				lines++
			}
		}
		if lines != len(log.Intervals)+len(problems) {
			t.Errorf("%d lines are %d intervals and %d problems", lines, len(log.Intervals), len(problems))
		}
		for _, s := range log.Series() {
			if s.Values.Quantile(0.5) > s.Values.Max() {
				t.Errorf("the median is %v, the largest value %v", s.Values.Quantile(0.5), s.Values.Max())
			}
			for n, b := range s.Values.Bars {
				if b.Count <= 0 || b.From > b.To || n > 0 && b.To < s.Values.Bars[n-1].To {
					t.Errorf("bar %d: %+v", n, b)
				}
			}
		}
	})
}
