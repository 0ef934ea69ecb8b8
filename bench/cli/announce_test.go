package cli

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/family"
)

func TestConfirm(t *testing.T) {
	for answer, want := range map[string]error{
		"y\n": nil, "Yes\r\n": nil, "y": nil,
		"n\n": errDeclined, "\n": errDeclined, "": errDeclined, "yeah\n": errDeclined,
	} {
		var out strings.Builder
		if err := confirm(t.Context(), strings.NewReader(answer), &out); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", answer, err, want)
		}
		if !strings.HasPrefix(out.String(), "Go on?") {
			t.Errorf("%q: asked %q", answer, out.String())
		}
	}
}

// A run says how many rounds each family takes, and warns of one that gets too few.
func TestDecidable(t *testing.T) {
	managers := engine.Family{Column: family.ImplKey, Baseline: "bitmap", Comparisons: 54, Rounds: 11}
	parkers := engine.Family{Column: family.ParkKey, Baseline: "futex", Comparisons: 1, Rounds: 6}
	const (
		tooFewManagers = "with 54 implementation comparisons it takes at least 11: -count 13 "
		tooFewParkers  = "with 1 parker comparison it takes at least 6: -count 8 "
	)
	for _, tt := range []struct {
		families []engine.Family
		rounds   int
		says     string
		warns    []string
	}{
		{[]engine.Family{managers, parkers}, 14, "Judged: 54 implementation comparisons with bitmap and 1 parker comparison with futex, " +
			"each kind at an error rate of 5 %. A verdict takes at least 11 and 6 rounds with valid launches; planned: 14.", nil},
		{[]engine.Family{managers, parkers}, 10, "planned: 10.", []string{tooFewManagers}},
		{[]engine.Family{managers, parkers}, 5, "planned: 5.", []string{tooFewManagers, tooFewParkers}},
		{[]engine.Family{parkers}, 6, "Judged: 1 parker comparison with futex, at an error rate of 5 %. A verdict takes at least 6 rounds ", nil},
		{nil, 1, "Nothing is judged: ", nil},
	} {
		if got := decidable(tt.families, record.Plan{Rounds: tt.rounds}); !strings.Contains(got, tt.says) {
			t.Errorf("%+v:\ngot  %s\nwant %s", tt.families, got, tt.says)
		}
		warned := undecidable(tt.families, tt.rounds)
		if !slices.EqualFunc(warned, tt.warns, func(got, want string) bool { return strings.Contains(strings.ToLower(got), want) }) {
			t.Errorf("%+v, %d rounds: warns %q, want %q", tt.families, tt.rounds, warned, tt.warns)
		}
	}
}

// No answer comes, and the run is interrupted.
func TestConfirmInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, answer := io.Pipe()
	defer answer.Close()
	cancel()
	if err := confirm(ctx, in, io.Discard); !errors.Is(err, engine.ErrInterrupted) {
		t.Errorf("%v, want %v", err, engine.ErrInterrupted)
	}
}

// Text for people fits the width that they say they have.
func TestWidth(t *testing.T) {
	for columns, want := range map[string]int{"": 80, "72": 72, "10": 40, "300": 100, "wide": 80, "-3": 80} {
		t.Setenv("COLUMNS", columns)
		if got := (app{}).width(io.Discard); got != want {
			t.Errorf("COLUMNS=%q: %d, want %d", columns, got, want)
		}
	}
}

func TestHang(t *testing.T) {
	got := hang("one two threeandmore ü ü ü ü", "- ", "  ", 10)
	if want := "- one two\n  threeandmore\n  ü ü ü ü\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
