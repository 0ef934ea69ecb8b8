#!/bin/sh
# Interval logs of HdrHistogram: the column Interval_Max of the same histogram differs by a
# factor of a million between the implementations, each with its defaults.
# hdrhistogram-go v1.4.0, hdrhistogram 0.10.8 of PyPI, hdr-histogram-js 3.0.1, and
# hdrhistogram 7.6.0 of crates.io.
#
# Good guess: a column of a common format has a common unit, milliseconds as in Java.
# Behaviour: Go divides by 1,000,000, Python does and drops the fraction, JS divides by
# 1,000, Rust by 1. Nothing in the log says the divisor, or the unit of its values.
# Who meets it: dashboards and scripts that read the column, since it needs no decoder.
# Output seen, for a largest value of 5,700,000 ns: Go 5.701631, Python 5.000000, JS 5700.000,
# Rust 5701631.000.
# It fails if two of them are the same, or within 5 %.
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
	"os"

	"github.com/HdrHistogram/hdrhistogram-go"
)

func main() {
	h := hdrhistogram.New(1, 1e10, 3)
	if err := h.RecordValue(5_700_000); err != nil {
		panic(err)
	}
	if err := hdrhistogram.NewHistogramLogWriter(os.Stdout).OutputIntervalHistogram(h); err != nil {
		panic(err)
	}
}
GO
go mod tidy > /dev/null 2>&1
go run . > Go
python3 -m venv python
python/bin/pip install -q --disable-pip-version-check hdrhistogram==0.10.8
python/bin/python > Python <<'PY'
import sys
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogWriter
h = HdrHistogram(1, 10**10, 3)
h.record_value(5700000)
HistogramLogWriter(sys.stdout).output_interval_histogram(h)
PY
npm install --silent --no-save hdr-histogram-js@3.0.1
node > JS <<'JS'
const hdr = require("hdr-histogram-js");
const h = hdr.build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3 });
h.recordValue(5700000);
new hdr.HistogramLogWriter((text) => process.stdout.write(text)).outputIntervalHistogram(h);
JS
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"
[dependencies]
hdrhistogram = "=7.6.0"
TOML
cat > src/main.rs <<'RUST'
use hdrhistogram::serialization::{interval_log::IntervalLogWriterBuilder, V2DeflateSerializer};
use std::time::Duration;
fn main() {
    let mut h = hdrhistogram::Histogram::<u64>::new(3).unwrap();
    h.record(5_700_000).unwrap();
    let (mut out, mut serializer) = (std::io::stdout(), V2DeflateSerializer::new());
    let mut w = IntervalLogWriterBuilder::new().begin_log_with(&mut out, &mut serializer).unwrap();
    w.write_histogram(&h, Duration::ZERO, Duration::ZERO, None).unwrap();
}
RUST
cargo run --quiet > Rust
for name in Go Python JS Rust; do
	echo "$name $(cut -d , -f 3 "$name")"
done | tee out
sort -g -k 2 out | awk '{ if (NR > 1 && $2 < last * 1.05) exit 1; last = $2 }'
