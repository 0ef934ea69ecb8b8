package loadgen

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/idlebench/idlebench/loadgen/stages"
)

// A Sitting measures a cell in slices of time. Between them its pool is at rest, its
// generator sleeps, and other processes may measure on the same CPUs. One goroutine
// uses it. After an error of Slice, or without End, the process should end.
type Sitting struct {
	spec      Spec
	placement *placement
	subject   Running
	driver    *driver
	restore   func() error // undoes what the sitting changed in the process
}

// Start starts the cell's subject, and returns when it has warmed up and is at rest.
// Spec.Measure has no effect. When the context ends, Start returns early with its cause.
func Start(ctx context.Context, spec Spec) (*Sitting, error) {
	p, err := newPlacement(spec)
	if err != nil {
		return nil, err
	}
	s := &Sitting{spec: spec, placement: p}
	percent, limit := debug.SetGCPercent(-1), debug.SetMemoryLimit(memoryLimit)
	procs := runtime.GOMAXPROCS(p.procs(spec))
	release := func() error { return nil }
	s.restore = func() error {
		runtime.GOMAXPROCS(procs)
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(percent)
		return release()
	}
	confined, err := p.confine()
	if err == nil {
		release = confined
		err = s.start(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.restore())
	}
	return s, nil
}

func (s *Sitting) start(ctx context.Context) error {
	setting := Setting{
		Workers: s.spec.Workers,
		Spare:   s.spec.Harness.Spare,
		Host:    s.spec.Host,
		OnStart: s.placement.pinWorker,
		Seed:    s.spec.Seed,
	}
	if s.spec.Subject.WholeMask {
		setting.OnStart = nil
	}
	if s.spec.Stages && s.spec.Workload.Staged && s.spec.Subject.Hosted {
		setting.Stages = stages.NewRecorder()
	}
	var err error
	if s.subject, err = s.spec.Subject.Start(setting); err != nil {
		return err
	}
	s.driver = newDriver(s.spec, setting, s.subject)
	go s.driver.run(s.placement)
	// After an error something may still be running: nothing is touched.
	return s.driver.await(ctx)
}

// Slice runs the load for lead, which does not count, then for length, at least one
// operation each, and waits until the pool is at rest. A slice that exceeds a limit of
// noise (package noise) is dropped, and its limits are returned. With a lead of 0 there
// are no operations before those that count.
//
// A load with a random schedule does the same in the n-th kept slice of all sittings
// with the same seed: a slice after one that was dropped repeats it.
func (s *Sitting) Slice(ctx context.Context, lead, length time.Duration) (exceeded []string, err error) {
	select {
	case s.driver.requests <- request{lead, length}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if err := s.driver.await(ctx); err != nil {
		return nil, err
	}
	return s.driver.exceeded, nil
}

// UnderWay returns between which times, by the clock of package latency, the operations of
// the last slice ran that count.
func (s *Sitting) UnderWay() (began, ended int64) { return s.driver.under[0], s.driver.under[1] }

// End closes the subject and returns what the kept slices measured together. If there
// are none, the measurement is that of the last slice, and invalid.
//
// What was measured together is held to the same limits again. They are sharper over
// more time: the kernel's ticks of 10 ms are a large part of a slice.
func (s *Sitting) End(ctx context.Context) (Measurement, error) {
	m, err := s.end(ctx)
	return m, errors.Join(err, s.restore())
}

func (s *Sitting) end(ctx context.Context) (Measurement, error) {
	d := s.driver
	close(d.requests)
	tally := d.kept
	if tally.slices == 0 {
		tally = d.dropped
	}
	if tally.slices == 0 {
		return Measurement{}, errors.New("loadgen: no slice was measured")
	}
	closing, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	if err := s.subject.Close(closing); err != nil {
		return Measurement{}, err
	}
	if tally.totals.Ops == 0 {
		return Measurement{}, errors.New("loadgen: no task arrived while it was measured, so the load is too sparse for the time: a longer one (-time) measures it")
	}
	m := d.measurement(tally)
	m.Kept, m.Dropped = d.kept.slices, d.asked-d.kept.slices
	m.Facts = append(s.placement.facts(), m.Facts...)
	return m, nil
}
