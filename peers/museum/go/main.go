// Goroutines as a peer of the museum, which builds it with several versions of Go, so it
// needs none of the suite's packages, which are for the newest. docs/peers.md has the
// protocol. A task is a goroutine, and a task that yields calls runtime.Gosched.
//
// The peer's name is that of the program: go_1_21_13.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(from io.Reader, to io.Writer) error {
	version := strings.TrimPrefix(runtime.Version(), "go")
	fmt.Fprintf(to, "hello protocol=1 peer=%s version=%s build=%s,%s config=default held=no can=yield_many,chained_spawn,spawn_many_local\n",
		filepath.Base(os.Args[0]), version, runtime.Version(), runtime.GOARCH)
	in := bufio.NewReader(from)
	var operation func() (tasks, units int64)
	var samples *histogram
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		fields := make(map[string]string)
		words := strings.Fields(line)
		for _, w := range words {
			name, value, _ := strings.Cut(w, "=")
			fields[name] = value
		}
		switch {
		case len(words) == 0:
		case words[0] == "cell":
			samples = new(histogram)
			if operation, err = load(fields, samples); err != nil {
				fmt.Fprintln(to, "no", err)
				continue
			}
			fmt.Fprintln(to, "ready")
		case words[0] == "run":
			ns, err := strconv.ParseInt(fields["ns"], 10, 64)
			if err != nil || operation == nil {
				return fmt.Errorf("%q without a cell, or without a time", line)
			}
			*samples = histogram{}
			var ops, tasks, units, busy int64
			start := time.Now()
			for time.Since(start) < time.Duration(ns) || ops == 0 {
				begin := time.Now()
				t, u := operation()
				busy += int64(time.Since(begin))
				ops, tasks, units = ops+1, tasks+t, units+u
			}
			fmt.Fprintf(to, "ran ops=%d tasks=%d units=%d ns=%d busy=%d waited=0%s\n", ops, tasks, units, int64(time.Since(start)), busy, samples)
		case words[0] == "end":
			return nil
		}
	}
}

// load returns an operation of a workload. One goroutine submits, and then blocks until the
// last task wakes it.
func load(fields map[string]string, samples *histogram) (func() (tasks, units int64), error) {
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(fields[name], 10, 64)
		return n
	}
	if s := fields["submitter"]; s != "" && s != "block" {
		return nil, fmt.Errorf("its submitters block, they do not %s", s)
	}
	// As many as there are workers, and one for the submitter, but no more than CPUs.
	runtime.GOMAXPROCS(int(min(number("workers")+1, int64(runtime.NumCPU()))))
	done := make(chan struct{}, 1)
	switch fields["workload"] {
	case "yield_many":
		tasks, yields := number("tasks"), number("yields")
		return func() (int64, int64) {
			var left atomic.Int64
			left.Store(tasks)
			for i := int64(0); i < tasks; i++ {
				go func() {
					for y := int64(0); y < yields; y++ {
						runtime.Gosched()
					}
					if left.Add(-1) == 0 {
						done <- struct{}{}
					}
				}()
			}
			<-done
			return tasks * (yields + 1), tasks * (yields + 1)
		}, nil
	case "chained_spawn":
		depth := number("depth")
		var chain func(int64)
		chain = func(left int64) {
			if left == 0 {
				done <- struct{}{}
				return
			}
			go chain(left - 1)
		}
		return func() (int64, int64) {
			go chain(depth)
			<-done
			return depth + 1, depth + 1
		}, nil
	case "spawn_many_local":
		tasks := number("tasks")
		return func() (int64, int64) {
			var left atomic.Int64
			left.Store(tasks)
			for i := int64(0); i < tasks; i++ {
				var at time.Time
				sampled := i%8 == 0
				if sampled {
					at = time.Now()
				}
				go func() {
					if sampled {
						samples.add(time.Since(at))
					}
					if left.Add(-1) == 0 {
						done <- struct{}{}
					}
				}()
			}
			<-done
			return tasks, tasks
		}, nil
	}
	return nil, fmt.Errorf("it does not have the workload %s", fields["workload"])
}

// A histogram counts times, each rounded down to seven binary digits.
type histogram struct {
	mu     sync.Mutex
	counts map[int64]int64
}

func (h *histogram) add(d time.Duration) {
	v, shift := int64(d), 0
	for v >= 1<<7 {
		v, shift = v>>1, shift+1
	}
	h.mu.Lock()
	if h.counts == nil {
		h.counts = make(map[int64]int64)
	}
	h.counts[v<<shift]++
	h.mu.Unlock()
}

// String is a field of an answer, with a space before it; nothing without samples.
func (h *histogram) String() string {
	text, sep := "", " latency="
	for v, n := range h.counts {
		text += fmt.Sprintf("%s%d:%d", sep, v, n)
		sep = ","
	}
	return text
}
