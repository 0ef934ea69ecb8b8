package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/profile"
)

// Each profile is made once, for longer than a measurement. One that fails does not stop
// the others. After an interruption the missing ones are made.
func TestProfiles(t *testing.T) {
	plan := smallPlan(2, 1)
	plan.Profiles = []string{"cpu", "block"}
	noLuck := errors.New("no luck\nat all")
	var made []string
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	s := newSession(t, plan, func(r launch.Request) ([]string, error) {
		if r.Profile == "" || r.Time != profileTimes*time.Second {
			t.Errorf("request %+v", r)
		}
		name := r.Cell.Impl + " " + string(r.Profile)
		made = append(made, name)
		switch {
		case name == "impl0 block":
			return nil, noLuck
		case name == "impl1 cpu" && ctx.Err() == nil:
			interrupt()
			return nil, ctx.Err()
		}
		if err := os.MkdirAll(filepath.Dir(r.File), 0o777); err != nil {
			return nil, err
		}
		return nil, os.WriteFile(r.File, nil, 0o666)
	})
	s.request.Time, s.Plan.Time = time.Second, time.Second

	var events []Event
	s.observe = func(e Event) { events = append(events, e) }
	if err := s.profiles(ctx); !errors.Is(err, ErrInterrupted) {
		t.Errorf("interrupted: %v", err)
	}
	each := startup + profileTimes*time.Second
	want := []Event{
		PhaseBegan{Phase: Profiles, Work: 4 * each, Profiles: 4}, StepDone{Phase: Profiles, Work: each},
		LaunchFailed{Cell: plan.Cells[0], Profile: profile.Block, Err: noLuck}, StepDone{Phase: Profiles, Work: each},
		PhaseEnded{Profiles},
	}
	if !reflect.DeepEqual(events, want) {
		t.Errorf("events %+v; want %+v", events, want)
	}
	if s.counts.Unprofiled != 1 {
		t.Errorf("%d are counted as failed", s.counts.Unprofiled)
	}
	if err := s.profiles(t.Context()); err != nil {
		t.Error(err)
	}
	if want := []string{"impl0 cpu", "impl0 block", "impl1 cpu", "impl0 block", "impl1 cpu", "impl1 block"}; !slices.Equal(made, want) {
		t.Errorf("made %q; want %q", made, want)
	}
	run, err := record.Read(s.Folder)
	if err != nil {
		t.Fatal(err)
	}
	failed := []record.Unprofiled{{Cell: plan.Cells[0], Kind: "block", Error: "no luck\nat all"}}
	if diff := cmp.Diff(failed, run.Unprofiled); diff != "" {
		t.Error("run.json has of those that failed", diff)
	}
	left, err := s.unprofiled()
	if err != nil || len(left) != 1 || left[0].file != profile.File(s.Folder, plan.Cells[0], profile.Block) {
		t.Errorf("left: %v, %v", left, err)
	}
}

// A plan with an unknown kind of profile, of another version or edited.
func TestProfilesUnknown(t *testing.T) {
	plan := smallPlan(1, 1)
	plan.Profiles = []string{"heap"}
	s := newSession(t, plan, func(launch.Request) ([]string, error) { return nil, fmt.Errorf("it was launched") })
	if err := s.profiles(t.Context()); err == nil || !strings.Contains(err.Error(), s.Folder) {
		t.Errorf("error %v", err)
	}
	if run, err := record.Read(s.Folder); err != nil || run.Plan.Profiles[0] != "heap" {
		t.Errorf("the folder: %v, %v", run.Plan.Profiles, err)
	}
}
