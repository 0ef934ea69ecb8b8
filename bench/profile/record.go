package profile

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/google/pprof/profile"
)

// A Recording is a profile that was recorded.
type Recording struct {
	Kind     Kind
	Start    time.Time
	Duration time.Duration // wall-clock

	profile *profile.Profile
}

// Record profiles run. The profile also has whatever else the process does at that time.
// No other profile of the same kind, and no CPU profile, may be recorded at the same
// time. An error of run is returned unchanged.
func Record(kind Kind, run func() error) (*Recording, error) {
	switch kind {
	case CPU:
		return recordCPU(run)
	case Mutex:
		return recordWaits(kind, run, func() (off func()) {
			was := runtime.SetMutexProfileFraction(1)
			return func() { runtime.SetMutexProfileFraction(was) }
		})
	case Block:
		return recordWaits(kind, run, func() (off func()) {
			runtime.SetBlockProfileRate(1)
			return func() { runtime.SetBlockProfileRate(0) }
		})
	}
	_, err := Parse(string(kind))
	return nil, err
}

func recordCPU(run func() error) (*Recording, error) {
	var data bytes.Buffer
	r := &Recording{Kind: CPU, Start: time.Now()}
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
func recordWaits(kind Kind, run func() error, on func() (off func())) (*Recording, error) {
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
func counted(kind Kind) (*profile.Profile, error) {
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
