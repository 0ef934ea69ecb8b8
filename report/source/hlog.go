package source

import (
	"bytes"
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/idlebench/idlebench/record"
)

// log reads an interval log that was given on its own. Each line is read with the log's
// header, so that a damaged line affects no other.
func (s *Source) log(file string, data []byte) {
	log := &Log{File: file}
	var header []byte
	n := 0
	for line := range bytes.Lines(data) {
		n++
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case len(line) == 0 || line[0] == '"':
			continue
		case line[0] == '#':
			if len(header) < maxHeader {
				header = append(append(header, line...), '\n')
			}
			continue
		}
		i, err := interval(header, line)
		if err != nil {
			s.lose(record.Loss{File: file, Line: n, What: "the interval", Kind: record.BadLog, Err: fmt.Errorf("%w: it is cut off or damaged", err)})
			continue
		}
		i.Line = n
		log.Intervals = append(log.Intervals, i)
	}
	if len(log.Intervals) == 0 {
		s.skip(file, 0, "the file", "there is no interval in it")
		return
	}
	s.Logs = append(s.Logs, log)
}

// maxHeader bounds the comments of a log, which are read again for each line.
const maxHeader = 4 << 10

// interval reads a line.
func interval(header, line []byte) (i Interval, err error) {
	r := hdrhistogram.NewHistogramLogReader(bytes.NewReader(append(bytes.Clone(header), line...)))
	h, err := r.NextIntervalHistogram()
	if err != nil {
		return i, err
	}
	if h == nil {
		return i, fmt.Errorf("not the line of an interval")
	}
	start, end := time.UnixMilli(h.StartTimeMs()).UTC(), time.UnixMilli(h.EndTimeMs()).UTC()
	return Interval{Tag: h.Tag(), Start: start, Length: end.Sub(start), Histogram: h}, nil
}
