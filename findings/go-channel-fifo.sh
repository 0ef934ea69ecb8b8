#!/bin/sh
# Go 1.26.8: idle workers that receive from one channel are woken in turn, so one task at a
# time keeps all of them half awake. github.com/panjf2000/ants v2.12.0 wakes the one that
# worked last.
#
# Good guess: the runtime wakes the worker that slept last, whose thread and cache are warm.
# Behaviour: receivers wait in a queue, first come, first served. Of 8 workers each gets
# exactly an eighth of tasks that come one by one.
# Who meets it: the usual worker pool in Go (for task := range tasks). Its idle workers never
# stay idle, so none can be retired, and caches stay cold.
# Output seen: channel: 100 tasks for each of 8 workers; ants: 800 for one worker.
# It fails if the channel's split is another, or if ants uses more than two workers.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
cat > go.mod <<'MOD'
module finding
go 1.26.0
toolchain go1.26.8
require github.com/panjf2000/ants/v2 v2.12.0
MOD
cat > main.go <<'GO'
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/panjf2000/ants/v2"
)

const workers, each = 8, 100

// goroutine returns the number of the goroutine that calls it.
func goroutine() string {
	b := make([]byte, 64)
	return string(bytes.Fields(b[:runtime.Stack(b, false)])[1])
}

// rest is time enough for a worker to be idle again.
func rest() { time.Sleep(time.Millisecond) }

func main() {
	tasks, ran := make(chan bool), make(chan string)
	for range workers {
		go func() {
			for range tasks {
				ran <- goroutine()
			}
		}()
	}
	rest()
	counts := make(map[string]int)
	for range workers * each {
		tasks <- true
		counts[<-ran]++
		rest()
	}
	fmt.Printf("%s, channel:", runtime.Version())
	same := len(counts) == workers
	for _, n := range counts {
		fmt.Printf(" %d", n)
		same = same && n == each
	}
	fmt.Println()

	pool, err := ants.NewPool(workers)
	if err != nil {
		panic(err)
	}
	for range workers { // so that there are as many
		go pool.Submit(func() { rest() })
	}
	time.Sleep(50 * time.Millisecond)
	last := make(map[string]int)
	for range workers * each {
		if err := pool.Submit(func() { ran <- goroutine() }); err != nil {
			panic(err)
		}
		last[<-ran]++
		rest()
	}
	fmt.Print("ants:")
	for _, n := range last {
		fmt.Printf(" %d", n)
	}
	fmt.Println()
	if !same || len(last) > 2 {
		fmt.Println("changed: who is woken")
		os.Exit(1)
	}
}
GO
go mod tidy > /dev/null 2>&1
go run .
