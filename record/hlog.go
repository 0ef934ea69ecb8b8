package record

import (
	"bytes"
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// An interval log has one histogram per launch. Its time stamps are absolute: StartTime
// says when the run began and serves as a comment, and BaseTime is 0. Stamps relative
// to the start would become negative, and be misread, when the clock is set back during
// a run. The stamps are in seconds and exact to the millisecond. Interval_Max is in
// milliseconds, by the convention of the format for histograms of nanoseconds; the
// histograms themselves keep nanoseconds.

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

// invalidTag tags an invalid launch's histogram.
const invalidTag = "invalid"

// hlogLine returns the line of one launch.
func hlogLine(l Launch) ([]byte, error) {
	h := l.Latency.Clone() // the stamps below are not the caller's
	h.SetTag("")
	if len(l.Invalid) > 0 {
		h.SetTag(invalidTag)
	}
	h.SetStartTimeMs(l.Start.UnixMilli())
	h.SetEndTimeMs(l.Start.Add(l.Duration).UnixMilli())
	var b bytes.Buffer
	if err := hdrhistogram.NewHistogramLogWriter(&b).OutputIntervalHistogram(h); err != nil {
		return nil, fmt.Errorf("%s: latency: %w", l.Cell.Name(), err)
	}
	return b.Bytes(), nil
}

// An interval is a line of an interval log.
type interval struct {
	*hdrhistogram.Histogram
	line int    // from 1
	end  int64  // offset of its end
	sum  string // its checksum
}

// readHlog reads an interval log. A torn last line is not read, and a damaged line is
// lost.
func readHlog(data []byte, file string) (list []interval, dropped, lost []Loss) {
	rest := data
	for n := 1; len(rest) > 0; n++ {
		var line []byte
		line, rest = cutLine(rest)
		switch {
		case len(rest) == 0 && (!isLine(line) || bytes.IndexByte(line, 0) >= 0):
			dropped = append(dropped, Loss{File: file, Line: n, What: "a torn line", Err: fmt.Errorf("the last line is torn and was not used: %q", excerpt(line))})
			continue
		case line[0] == '#' || line[0] == '"':
			continue
		}
		// One reader per line, for the line number. It needs no header: the
		// stamps are absolute.
		h, err := hdrhistogram.NewHistogramLogReader(bytes.NewReader(line)).NextIntervalHistogram()
		if err == nil && h == nil {
			err = fmt.Errorf("not an interval line: %q", excerpt(line))
		}
		if err != nil {
			lost = append(lost, Loss{File: file, Line: n, What: "a histogram", Kind: BadLog, Err: fmt.Errorf("%w: %s", err, restore)})
			continue
		}
		list = append(list, interval{h, n, int64(len(data) - len(rest)), checksum(line)})
	}
	return list, dropped, lost
}
