package source

import (
	"bytes"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/hlog"
)

// log reads an interval log that was given on its own. A damaged line affects no other.
func (s *Source) log(file string, data []byte) {
	log, problems := hlog.Read(data)
	for _, p := range problems {
		loss := record.Loss{File: file, Line: p.Line, What: "the interval", Err: p.Err}
		if p.Damaged() {
			loss.Kind = record.BadLog
		}
		s.lose(loss)
	}
	if len(log.Intervals) == 0 {
		s.skip(file, 0, "the file", "there is no interval in it")
		return
	}
	s.Logs = append(s.Logs, &Log{File: file, Log: log})
}

// isPercentiles reports whether data are the percentiles that HdrHistogram prints: for
// people, or as CSV.
func isPercentiles(data []byte) bool {
	head := data[:min(len(data), 512)]
	for line := range bytes.Lines(head) {
		words := bytes.Fields(bytes.ReplaceAll(bytes.ReplaceAll(line, []byte(","), []byte(" ")), []byte(`"`), nil))
		if len(words) >= 3 && string(words[0]) == "Value" && string(words[1]) == "Percentile" && string(words[2]) == "TotalCount" {
			return true
		}
	}
	return false
}
