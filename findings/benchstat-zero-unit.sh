#!/bin/sh
# golang.org/x/perf/cmd/benchstat v0.0.0-20260908200009-22c9c6c9d4da: a benchmark with a
# value of 0 ns/op among others is split into two tables, one in sec/op, one in ns/op.
#
# Good guess: zero is zero in any unit, and is one of the benchmark's samples.
# Behaviour: values are scaled to seconds as they are read, but a zero keeps its unit
# (benchunit.Tidy). So it counts as a measurement of another unit, and is missing in the
# median of the others.
# Who meets it: metrics that are often zero and end in ns or B: time spent in locks, lateness
# of a generator, CPU time of an idle pool.
# Output seen: "sec/op" with 5.000n and, below it, "ns/op" with 0.000.
# It fails if there is one table only.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
go mod init finding > /dev/null 2>&1
go get -tool golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da > /dev/null 2>&1
for value in 5 0 5 0 5; do
	echo "BenchmarkA 1 $value ns/op"
done > results.txt
go tool benchstat results.txt | tee out
grep -q 'sec/op' out && grep -q 'ns/op' out
