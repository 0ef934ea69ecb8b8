package profile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/idlebench/idlebench/record"
	recorded "github.com/idlebench/idlebench/record/profile"

	"github.com/google/pprof/profile"
)

// A Recording is a profile that was recorded.
type Recording struct {
	Kind     recorded.Kind
	Start    time.Time
	Duration time.Duration // wall-clock

	profile *profile.Profile
}

// Record profiles run. The profile also has whatever else the process does at that time.
// No other profile of the same kind, and no CPU profile, may be recorded at the same
// time. An error of run is returned unchanged.
func Record(kind recorded.Kind, run func() error) (*Recording, error) {
	switch kind {
	case recorded.CPU:
		return recordCPU(run)
	case recorded.Mutex:
		return recordWaits(kind, run, func() (off func()) {
			was := runtime.SetMutexProfileFraction(1)
			return func() { runtime.SetMutexProfileFraction(was) }
		})
	case recorded.Block:
		return recordWaits(kind, run, func() (off func()) {
			runtime.SetBlockProfileRate(1)
			return func() { runtime.SetBlockProfileRate(0) }
		})
	}
	_, err := recorded.Parse(string(kind))
	return nil, err
}

func recordCPU(run func() error) (*Recording, error) {
	var data bytes.Buffer
	r := &Recording{Kind: recorded.CPU, Start: time.Now()}
	if err := pprof.StartCPUProfile(&data); err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	err := run()
	r.Duration = time.Since(r.Start)
	pprof.StopCPUProfile()
	if err != nil {
		return nil, err
	}
	if r.profile, err = profile.ParseData(data.Bytes()); err != nil {
		return nil, fmt.Errorf("profile: the runtime's %s profile: %w", r.Kind, err)
	}
	return r, nil
}

// recordWaits profiles what the runtime counts after on.
func recordWaits(kind recorded.Kind, run func() error, on func() (off func())) (*Recording, error) {
	before, err := counted(kind)
	if err != nil {
		return nil, err
	}
	r := &Recording{Kind: kind, Start: time.Now()}
	off := on()
	err = run()
	r.Duration = time.Since(r.Start)
	off() // first, so as not to count the reading
	if err != nil {
		return nil, err
	}
	after, err := counted(kind)
	if err != nil {
		return nil, err
	}
	r.profile, err = subtract(after, before)
	return r, err
}

// counted returns what the runtime has counted since the process began.
func counted(kind recorded.Kind) (*profile.Profile, error) {
	var data bytes.Buffer
	if err := pprof.Lookup(string(kind)).WriteTo(&data, 0); err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	p, err := profile.ParseData(data.Bytes())
	if err != nil {
		return nil, fmt.Errorf("profile: the runtime's %s profile: %w", kind, err)
	}
	return p, nil
}

// subtract returns what came after the profile before.
func subtract(after, before *profile.Profile) (*profile.Profile, error) {
	if len(before.Sample) == 0 {
		return after, nil
	}
	before.Scale(-1)
	p, err := profile.Merge([]*profile.Profile{after, before})
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	// The runtime counts time in ticks, and estimates their length again for each
	// profile. So events from before may leave a remainder of time, of either sign.
	samples := p.Sample[:0]
	for _, s := range p.Sample {
		if s.Value[0] > 0 {
			s.Value[1] = max(0, s.Value[1])
			samples = append(samples, s)
		}
	}
	p.Sample = samples
	return p.Compact(), nil
}

// Save writes the recording, of ops operations on the cell, to a file, atomically. It
// creates the file's folder and replaces an existing file. It is called once.
func (r *Recording) Save(file string, cell record.Cell, ops int64) error {
	p := r.profile
	p.TimeNanos = r.Start.UnixNano()
	p.DurationNanos = r.Duration.Nanoseconds()
	recorded.Mark{Cell: cell, Kind: r.Kind, Ops: ops}.Put(p)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	f, err := os.Create(file + ".tmp")
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	if err = p.Write(f); err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("profile %s: %w", file, err)
	}
	return nil
}
