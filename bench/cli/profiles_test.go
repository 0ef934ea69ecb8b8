package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/profile"
)

func TestKinds(t *testing.T) {
	for _, test := range []struct{ given, want string }{
		{"", ""}, {"cpu", "cpu"}, {"block cpu mutex cpu", "cpu mutex block"},
	} {
		got, err := kinds(strings.Fields(test.given))
		if err != nil || strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, %v; want %s", test.given, got, err, test.want)
		}
	}
	if _, err := kinds([]string{"cpu", "heap"}); err == nil {
		t.Error("heap is a kind")
	}
}

// Profiles are made once each, longer than what is timed. What fails does not
// stop the others. After an interruption those that are missing are made.
func TestProfiles(t *testing.T) {
	plan := smallPlan(2, 1)
	plan.Profiles = []string{"cpu", "block"}
	var made []string
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	tour := newTour(t, plan, func(r launch.Request) ([]string, error) {
		if r.Profile == "" || r.Time != profileTimes*time.Second {
			t.Errorf("request %+v", r)
		}
		name := r.Cell.Impl + " " + string(r.Profile)
		made = append(made, name)
		switch {
		case name == "impl0 block":
			return nil, errors.New("no luck\nat all")
		case name == "impl1 cpu" && ctx.Err() == nil:
			interrupt()
			return nil, ctx.Err()
		}
		if err := os.MkdirAll(filepath.Dir(r.File), 0o777); err != nil {
			return nil, err
		}
		return nil, os.WriteFile(r.File, nil, 0o666)
	})
	tour.request.Time = time.Second

	var said strings.Builder
	if err := tour.profiles(ctx, &said); !errors.Is(err, errInterrupted) || !strings.Contains(err.Error(), "bench run -resume "+tour.folder) {
		t.Errorf("interrupted: %v", err)
	}
	if want := "4 profiles, into profiles\nthe block profile of Wake/impl=impl0/park=futex/workers=1 failed: no luck\n"; said.String() != want {
		t.Errorf("said %q; want %q", said.String(), want)
	}
	if tour.tally.unprofiled != 1 {
		t.Errorf("%d are counted as failed", tour.tally.unprofiled)
	}
	if err := tour.profiles(t.Context(), io.Discard); err != nil {
		t.Error(err)
	}
	if want := []string{"impl0 cpu", "impl0 block", "impl1 cpu", "impl0 block", "impl1 cpu", "impl1 block"}; !slices.Equal(made, want) {
		t.Errorf("made %q; want %q", made, want)
	}
	run, err := record.Read(tour.folder)
	if err != nil {
		t.Fatal(err)
	}
	failed := []record.Unprofiled{{Cell: plan.Cells[0], Kind: "block", Error: "no luck\nat all"}}
	if diff := cmp.Diff(failed, run.Unprofiled); diff != "" {
		t.Error("run.json has of those that failed", diff)
	}
	left, err := tour.unprofiled()
	if err != nil || len(left) != 1 || left[0].file != profile.File(tour.folder, plan.Cells[0], profile.Block) {
		t.Errorf("left: %v, %v", left, err)
	}
}

// A plan that was written by another version, or by hand.
func TestProfilesUnknown(t *testing.T) {
	plan := smallPlan(1, 1)
	plan.Profiles = []string{"heap"}
	tour := newTour(t, plan, func(launch.Request) ([]string, error) { return nil, fmt.Errorf("it was launched") })
	if err := tour.profiles(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), tour.folder) {
		t.Errorf("error %v", err)
	}
	if run, err := record.Read(tour.folder); err != nil || run.Plan.Profiles[0] != "heap" {
		t.Errorf("the folder: %v, %v", run.Plan.Profiles, err)
	}
}
