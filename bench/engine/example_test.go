package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// A program measures two implementations without the command line. Its launches are
// processes of the program bench. Started again after an interruption, it measures the
// rest.
func Example() {
	program, err := engine.OpenProgram("bin/bench")
	if err != nil {
		log.Fatal(err)
	}
	e := &engine.Engine{Catalog: catalog.Default(), System: environ.Host(), Program: program}
	e.Observe = func(event engine.Event) {
		if failed, ok := event.(engine.LaunchFailed); ok {
			log.Printf("%s: %v", failed.Cell.Name(), failed.Err)
		}
	}

	const folder = "results/mine"
	s, err := e.Resume("mine", folder)
	if errors.Is(err, os.ErrNotExist) {
		s, err = begin(e, folder)
	}
	if err != nil {
		log.Fatal(err)
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	state, err := s.Measure(ctx)
	var stopped *engine.StoppedError
	if errors.As(err, &stopped) && stopped.Reason == engine.CPULost {
		log.Print("give the CPU back, and start this program again")
	}
	fmt.Println(state, s.Counts().Launches, err)
}

func begin(e *engine.Engine, folder string) (*engine.Session, error) {
	use, err := engine.Usable(nil)
	if err != nil {
		return nil, err
	}
	cells, err := matrix.Cells(e.Catalog, matrix.Selection{
		Workloads: []string{"wake"},
		Impls:     []string{"bitmap", "mutexonly"},
		CPUs:      len(use),
		Cores:     engine.Cores(use),
	})
	if err != nil {
		return nil, err
	}
	t := engine.Normal
	plan := record.Plan{Cells: cells, Rounds: t.Rounds, Warmup: t.Warmup, Time: t.Time, Seed: 1}
	plan.Order = order.Cells(cells, plan.Rounds, plan.Seed)
	engine.Slice(e.Catalog, &plan, order.Groups(cells))
	return e.Begin(engine.Setup{Command: "mine", Folder: folder, Plan: plan})
}
