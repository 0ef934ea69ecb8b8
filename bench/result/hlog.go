package result

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// An interval log has one histogram per launch. Its time stamps are absolute:
// StartTime says when the run began and is a comment, as it were, and BaseTime
// is 0. Stamps relative to the start would become negative, and be misread,
// when the clock is set back during a run. The stamps are in seconds and exact
// to the millisecond. Interval_Max is in milliseconds, by the convention of
// the format for histograms of nanoseconds; the histograms themselves keep
// nanoseconds.

// hlogHeader returns the beginning of an interval log.
func hlogHeader(start time.Time) ([]byte, error) {
	var b bytes.Buffer
	w := hdrhistogram.NewHistogramLogWriter(&b)
	for _, step := range []func() error{
		w.OutputLogFormatVersion,
		func() error { return w.OutputStartTime(start.UnixMilli()) },
		func() error { return w.OutputBaseTime(0) },
		w.OutputLegend,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// hlogLine returns the line of one launch.
func hlogLine(l Launch) ([]byte, error) {
	h := l.Latency.Clone() // the stamps below are not the caller's
	h.SetTag("")
	h.SetStartTimeMs(l.Start.UnixMilli())
	h.SetEndTimeMs(l.Start.Add(l.Duration).UnixMilli())
	var b bytes.Buffer
	if err := hdrhistogram.NewHistogramLogWriter(&b).OutputIntervalHistogram(h); err != nil {
		return nil, fmt.Errorf("%s: latency: %w", l.Cell.Name(), err)
	}
	return b.Bytes(), nil
}

// readHlog reads an interval log. A last line without its newline is not read.
func readHlog(r io.Reader, file string) (hs []*hdrhistogram.Histogram, dropped []error, err error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, nil, err
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	for i, line := range lines {
		switch {
		case len(line) == 0 || line[0] == '#' || line[0] == '"':
			continue
		case line[len(line)-1] != '\n':
			dropped = append(dropped, fmt.Errorf("%s:%d: the last line is torn and was not read: %q", file, i+1, excerpt(line)))
			continue
		}
		// One reader per line, for the line number. It needs no header: the
		// stamps are absolute.
		h, err := hdrhistogram.NewHistogramLogReader(bytes.NewReader(line)).NextIntervalHistogram()
		if err != nil {
			return nil, nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
		if h == nil {
			return nil, nil, fmt.Errorf("%s:%d: not an interval line: %q", file, i+1, excerpt(line))
		}
		hs = append(hs, h)
	}
	return hs, dropped, nil
}
