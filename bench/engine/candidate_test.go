package engine

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/record"
)

// An A/B run measures what it can judge: implementations that both programs have, in
// workloads with a primary unit.
func TestCommon(t *testing.T) {
	cell := func(workload, impl string) record.Cell {
		return record.Cell{Workload: workload, Impl: impl, Park: "futex", Workers: 1}
	}
	side := func(primary map[string]string, cells ...record.Cell) record.Manifest {
		return record.Manifest{Plan: record.Plan{Cells: cells}, Primary: primary}
	}
	floor, bitmap, gone, more := cell("wake", "floor"), cell("wake", "bitmap"), cell("wake", "gone"), cell("wake", "more")
	// The old revision still judged the workload idle.
	old := side(map[string]string{"wake": "p50-ns/wake", "idle": "cpu-ns/sec"}, floor, bitmap, cell("idle", "bitmap"), cell("idle", "mutexonly"), gone)
	new := side(map[string]string{"wake": "p50-ns/wake", "idle": ""}, floor, bitmap, cell("idle", "bitmap"), cell("idle", "mutexonly"), more)
	want := Common{Cells: []record.Cell{bitmap}, OnlyOld: []record.Cell{gone}, OnlyNew: []record.Cell{more}, NotJudged: []string{"idle"}}
	if diff := cmp.Diff(want, common(old, new)); diff != "" {
		t.Error(diff)
	}
}

// What a program lacks shows in exit statuses alone, whatever it prints.
func TestAsk(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	plan := smallPlan(1, 1)
	answer, err := json.Marshal(record.Manifest{Version: record.Version, Plan: plan})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		what, refuses string // the pattern of arguments that the program ends with status 2 for
		refused       bool
		unlimits      bool
		err           string
	}{
		{what: "a program of today", unlimits: true},
		{what: "without the cell", refuses: "*nosuch*", refused: true, unlimits: true},
		{what: "before -throttled", refuses: "*-throttled*"},
		{what: "before -plan", refuses: "*-plan*", err: "a revision before \"bench run -plan\", which cannot be compared: what?"},
	} {
		file := filepath.Join(t.TempDir(), "program")
		script := "#!/bin/sh\ncase \"$*\" in " + tt.refuses + ") echo 'what?' >&2; exit 2;; esac\necho '" + string(answer) + "'\n"
		if tt.refuses == "" {
			script = strings.Replace(script, " )", " no)", 1)
		}
		if err := os.WriteFile(file, []byte(script), 0o777); err != nil {
			t.Fatal(err)
		}
		s := side{Candidate: Candidate{Name: "old", Path: file}}
		err := s.ask(t.Context(), []string{"-impl", "nosuch"})
		var refused *RefusedError
		if errors.As(err, &refused) != tt.refused || tt.refused && refused.Said != "what?" {
			t.Errorf("%s: error %v, want a refusal: %v", tt.what, err, tt.refused)
		}
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: error %v, want %q", tt.what, err, tt.err)
			}
			continue
		}
		if err := s.findUnlimits(t.Context()); err != nil || s.unlimits != tt.unlimits {
			t.Errorf("%s: knows -throttled: %v, %v", tt.what, s.unlimits, err)
		}
	}
}

// A cell is measured in slices if both programs would measure it so.
func TestSlicePairs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	sliced := slicedPlan(3, 1, 2)
	sliced.Cells[2] = matrix.Vary(sliced.Cells[2], "whole")
	other := sliced
	other.Slices, other.Lead, other.Groups = 0, 0, nil
	names := func(p record.Plan) (measured map[string]bool) {
		answer, err := json.Marshal(record.Manifest{Version: record.Version, Plan: p})
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "program")
		if err := os.WriteFile(file, []byte("#!/bin/sh\necho '"+string(answer)+"'\n"), 0o777); err != nil {
			t.Fatal(err)
		}
		s := side{Candidate: Candidate{Name: "old", Path: file}}
		if err := s.ask(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		return s.sliced
	}
	today, before := names(sliced), names(other)

	p := slicedPlan(3, 1, 2)
	p.Cells = sliced.Cells
	slicePairs(&p, today, today)
	if diff := cmp.Diff([][]int{{0}, {1}}, p.Groups); diff != "" || p.Slices != 2 {
		t.Errorf("both know slices: %d, %s", p.Slices, diff)
	}
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
	slicePairs(&p, before, today)
	if p.Groups != nil || p.Slices != 0 || p.Lead != 0 {
		t.Errorf("one is older: %d slices after %v, groups %v", p.Slices, p.Lead, p.Groups)
	}
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
}
