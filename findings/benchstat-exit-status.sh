#!/bin/sh
# golang.org/x/perf/cmd/benchstat v0.0.0-20260908200009-22c9c6c9d4da: its exit status is 0
# although a file that it was given does not exist.
#
# Good guess: 1 or 2, as of other commands, so that a script that compares results stops.
# Behaviour: the message goes to standard error, the tables stay empty, and the status is 0.
# Who meets it: CI jobs whose benchmark step failed before; the comparison step passes.
# Output seen: "benchstat: open no-such-file: no such file or directory", status 0.
# It fails if the status is another.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
go mod init finding > /dev/null 2>&1
go get -tool golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da > /dev/null 2>&1
status=0
go tool benchstat no-such-file > out 2>&1 || status=$?
cat out
echo "status $status"
grep -q 'no-such-file' out && test "$status" -eq 0
