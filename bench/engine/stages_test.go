package engine

import (
	"context"
	"errors"
	"testing"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/record"
)

// All launches of a plan record stages or none does, also in a resumed run. Profiled
// launches never record them.
func TestStagesOfPlan(t *testing.T) {
	for _, stages := range []bool{true, false} {
		plan := smallPlan(1, 1)
		plan.Stages = stages
		plan.Profiles = []string{"cpu"}
		enough := errors.New("seen")
		var seen []bool
		s := newSession(t, plan, func(r launch.Request) ([]string, error) {
			seen = append(seen, r.Stages)
			return nil, enough
		})
		run, err := record.Read(s.Folder)
		if err != nil {
			t.Fatal(err)
		}
		if s.request, err = requestOf(run.Plan, nil); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.rounds(context.Background()), s.profiles(context.Background())); err != nil {
			t.Fatal(err)
		}
		if len(seen) != 2 || seen[0] != stages || seen[1] {
			t.Errorf("stages %v: launch and profile recorded %v", stages, seen)
		}
	}
}
