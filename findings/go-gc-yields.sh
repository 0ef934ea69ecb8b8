#!/bin/sh
# Go 1.26.8: one call of runtime.GC makes its goroutine yield thousands of times.
#
# Good guess: runtime.GC blocks until the collection is over, which is one wait.
# Behaviour: it also sweeps the heap, and yields after each span. In an execution trace each
# yield is a switch of its own, of less than 1 µs.
# Who meets it: those who count activations or switches in a trace; with 64 MB of small objects
# the collection is nearly all there is.
# Output seen (2 vCPUs): 9,075 to 19,194 yields in one call, with at least 8,192 spans.
# It fails if there are fewer than 100.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
cat > go.mod <<'MOD'
module finding
go 1.26.0
toolchain go1.26.8
require golang.org/x/exp v0.0.0-20260824195058-e88cd73687aa
MOD
cat > main.go <<'GO'
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	rt "runtime/trace"

	"golang.org/x/exp/trace"
)

func main() {
	debug.SetGCPercent(-1) // only the one that is asked for
	var keep [][]byte
	for range 64 << 10 {
		keep = append(keep, make([]byte, 1024))
	}
	var b bytes.Buffer
	if err := rt.Start(&b); err != nil {
		panic(err)
	}
	runtime.GC()
	rt.Stop()
	runtime.KeepAlive(keep)
	r, err := trace.NewReader(&b)
	if err != nil {
		panic(err)
	}
	yields := 0
	for {
		e, err := r.ReadEvent()
		if err == io.EOF {
			break
		}
		if err != nil {
			panic(err)
		}
		if e.Kind() != trace.EventStateTransition {
			continue
		}
		t := e.StateTransition()
		if t.Resource.Kind != trace.ResourceGoroutine || t.Resource.Goroutine() != 1 { // main's
			continue
		}
		if from, to := t.Goroutine(); from == trace.GoRunning && to == trace.GoRunnable {
			yields++
		}
	}
	fmt.Println(yields, "yields in one call")
	if yields < 100 {
		os.Exit(1)
	}
}
GO
go mod tidy > /dev/null 2>&1
go run .
