#!/bin/sh
# github.com/HdrHistogram/hdrhistogram-go v1.4.0: a log with a base time is up to a second
# early when it is read again, and the Rust implementation (hdrhistogram 7.6.0) does not see
# the base time at all.
#
# Good guess: OutputBaseTime, which takes milliseconds, writes them, as in Java, C, Python,
# JS and .NET ("seconds since epoch with up to 3 decimal places", its comment says).
# Behaviour: it divides integers, and writes whole seconds. The stamps of intervals are
# relative to the base time in milliseconds, so all move. Rust's reader wants a fraction: a
# line without one is an ordinary comment to it. StartTime is the same.
# Who meets it: logs whose intervals are matched with other events by time; readers of logs
# of several languages.
# Output seen: Go: written 1790000001.039, read 1790000000.250. Rust: 1 interval, no base time.
# It fails if Go reads the time that was written, or Rust a base time.
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
	"bytes"
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
	const base, start = 1_790_000_000_789, 1_790_000_001_039
	var log bytes.Buffer
	w := hdrhistogram.NewHistogramLogWriter(&log)
	check(w.OutputBaseTime(base))
	w.SetBaseTime(base)
	h := hdrhistogram.New(1, 1000, 2)
	check(h.RecordValue(7))
	h.SetStartTimeMs(start)
	h.SetEndTimeMs(start + 1000)
	check(w.OutputIntervalHistogram(h))
	check(os.WriteFile("log", log.Bytes(), 0o666))

	h, err := hdrhistogram.NewHistogramLogReader(&log).NextIntervalHistogram()
	check(err)
	fmt.Printf("Go: written %.3f, read %.3f\n", start/1e3, float64(h.StartTimeMs())/1e3)
	if h.StartTimeMs() == start {
		os.Exit(1)
	}
}
GO
go mod tidy > /dev/null 2>&1
go run .
cut -c 1-50 log
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
use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};
fn main() {
    let log = std::fs::read("log").unwrap();
    let (mut intervals, mut bases) = (0, 0);
    for entry in IntervalLogIterator::new(&log) {
        match entry.unwrap() {
            LogEntry::Interval(_) => intervals += 1,
            LogEntry::BaseTime(_) => bases += 1,
            LogEntry::StartTime(_) => {}
        }
    }
    println!("Rust: {intervals} interval, {bases} base times");
    std::process::exit((intervals != 1 || bases != 0) as i32);
}
RUST
cargo run --quiet
