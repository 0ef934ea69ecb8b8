package main

import (
	"fmt"
	"io"

	"github.com/idlebench/idlebench/explore"
)

// program is that of shuttle/src/main.rs: three threads, each with ten atomic adds
// and ten increments under a lock.
func program() {
	n := new(explore.Int32)
	m := new(explore.Mutex)
	locked := 0
	for range 3 {
		explore.Go(func() {
			for range 10 {
				n.Add(1)
				m.Lock()
				locked++
				m.Unlock()
			}
		})
	}
	explore.Wait()
	if locked != 30 {
		panic("an increment was lost")
	}
}

// explored runs the program and prints its decisions, of which each execution has
// as many.
func explored(w io.Writer, executions int) error {
	r := explore.Run(program, explore.Random(1), explore.Limits{Executions: executions})
	if r.Failure != nil {
		return fmt.Errorf("%v", r.Failure)
	}
	_, err := fmt.Fprintln(w, r.MaxSteps)
	return err
}
