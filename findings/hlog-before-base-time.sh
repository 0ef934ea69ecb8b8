#!/bin/sh
# github.com/HdrHistogram/hdrhistogram-go v1.4.0 and hdrhistogram 0.10.8 of PyPI: an interval
# that begins before the base time of its log is read with the wrong sign by Go, and not at
# all by Python. Both write it as Java does, whose reader takes it.
#
# Good guess: what the writer wrote, the reader of the same library reads.
# Behaviour: the time stamp is negative. The pattern for numbers has no sign in either: Go's
# matches from behind the minus on, and Python's, which has to match the line from its
# beginning, takes it for a legend and goes on with the next one.
# Who meets it: a base time that is taken after the recorder was started; a clock that is set
# back during a run.
# Output seen: Go: 500 ms before the base time is read as 500 ms after it. Python: 1 of 2
# intervals is read.
# It fails if Go reads the time that was written, or Python both intervals.
set -eu
tmp=$(mktemp -d)
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
cd "$tmp"
cat > go.mod <<'MOD'
module finding
go 1.26.0
require github.com/HdrHistogram/hdrhistogram-go v1.4.0
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/HdrHistogram/hdrhistogram-go"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	const base = 1_790_000_000_000
	f, err := os.Create("log")
	check(err)
	w := hdrhistogram.NewHistogramLogWriter(f)
	check(w.OutputBaseTime(base))
	w.SetBaseTime(base)
	for _, after := range []int64{-500, 500} {
		h := hdrhistogram.New(1, 1000, 2)
		check(h.RecordValue(7))
		h.SetStartTimeMs(base + after)
		h.SetEndTimeMs(base + after + 1000)
		check(w.OutputIntervalHistogram(h))
	}
	check(f.Close())

	f, err = os.Open("log")
	check(err)
	h, err := hdrhistogram.NewHistogramLogReader(f).NextIntervalHistogram()
	check(err)
	fmt.Printf("Go: written %d ms after the base time, read %d ms after it\n", -500, h.StartTimeMs()-base)
	if h.StartTimeMs()-base != 500 {
		os.Exit(1)
	}
}
GO
go mod tidy > /dev/null 2>&1
go run .
cut -c 1-40 log
python3 -m venv python
python/bin/pip install -q --disable-pip-version-check hdrhistogram==0.10.8
python/bin/python - <<'PY'
import sys
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader
reader = HistogramLogReader("log", HdrHistogram(1, 1000, 2))
n = 0
while reader.get_next_interval_histogram():
    n += 1
print("Python: %d of 2 intervals" % n)
sys.exit(n != 1)
PY
