package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/profile"
)

// profileTimes is how many times as long a profiled launch measures as others. In
// the default 0.8 s a busy thread gets 80 samples of CPU time.
const profileTimes = 4

// A wantedProfile is a profile of the plan that is still to be made.
type wantedProfile struct {
	cell record.Cell
	kind profile.Kind
	file string
}

// unprofiled returns the profiles of the plan that the folder does not have.
func (s *Session) unprofiled() (left []wantedProfile, err error) {
	for _, cell := range s.Plan.Cells {
		if record.IsPeer(cell) {
			continue // only a program of the suite can profile itself
		}
		for _, name := range s.Plan.Profiles {
			kind, err := profile.Parse(name)
			if err != nil {
				return nil, fmt.Errorf("%s: the plan: %w", s.Folder, err)
			}
			file := profile.File(s.Folder, cell, kind)
			_, err = os.Stat(file)
			if errors.Is(err, fs.ErrNotExist) {
				left = append(left, wantedProfile{cell, kind, file})
			} else if err != nil {
				return nil, err
			}
		}
	}
	return left, nil
}

// profiles makes the profiles that are left, after all rounds. Each takes a launch of
// its own, whose measurement is not used. An error means that it stopped early.
func (s *Session) profiles(ctx context.Context) error {
	left, err := s.unprofiled()
	if err != nil || len(left) == 0 {
		return err
	}
	each := startup + s.Plan.Warmup + profileTimes*s.Plan.Time
	s.observe(PhaseBegan{Phase: Profiles, Work: time.Duration(len(left)) * each, Profiles: len(left)})
	defer s.observe(PhaseEnded{Profiles})
	for _, p := range left {
		r := s.request
		r.Cell, r.Seed = p.cell, s.Plan.Seed
		r.Time *= profileTimes
		r.Profile, r.File = p.kind, p.file
		r.Stages = false // recording them would show in the profile
		_, failure, err := s.try(ctx, r)
		if err != nil {
			return err
		}
		if failure != nil {
			s.counts.Unprofiled++
			s.observe(LaunchFailed{Cell: p.cell, Profile: p.kind, Err: failure})
			if err := s.writer.FailProfile(p.cell, string(p.kind), failure); err != nil {
				return s.stopped(Unwritable, err)
			}
		}
		s.observe(StepDone{Phase: Profiles, Work: each})
	}
	return nil
}
