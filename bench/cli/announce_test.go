package cli

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/engine"
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

// A run says how many rounds each family takes, and warns if one gets too few.
func TestDecidable(t *testing.T) {
	managers := engine.Family{Baseline: "bitmap", Others: 2, Comparisons: 54, Rounds: 11}
	parkers := engine.Family{Baseline: "futex", Others: 1, Comparisons: 18, Rounds: 9}
	alone := engine.Family{Baseline: "bitmap"}
	for _, tt := range []struct {
		families engine.Families
		rounds   int
		says     string // the beginning
		warns    string // the beginning; "" for no warning
	}{
		{engine.Families{Managers: managers, Parkers: parkers}, 14, "Judged: 54 comparisons of managers with bitmap, and 18 comparisons of parkers of bitmap with futex, " +
			"each family at an error rate of 5 %. A verdict takes at least 11 and 9 rounds with valid launches; planned: 14.", ""},
		{engine.Families{Managers: managers, Parkers: parkers}, 10, "Judged: ", "TOO FEW ROUNDS FOR ANY VERDICT ON MANAGERS: with 10, "},
		{engine.Families{Managers: managers, Parkers: parkers}, 8, "Judged: ", "TOO FEW ROUNDS FOR ANY VERDICT: with 8, "},
		{engine.Families{Managers: parkers, Parkers: managers}, 10, "Judged: ", "TOO FEW ROUNDS FOR ANY VERDICT ON PARKERS: with 10, "},
		{engine.Families{Managers: managers, Parkers: engine.Family{Baseline: "futex"}}, 10, "Judged: 54 comparisons of managers with bitmap, together ",
			"TOO FEW ROUNDS FOR ANY VERDICT: with 10, "},
		{engine.Families{Managers: alone, Parkers: parkers}, 9, "Judged: 18 comparisons of parkers of bitmap with futex, together ", ""},
		{engine.Families{Managers: alone, Parkers: engine.Family{Baseline: "futex"}}, 1, "Nothing is judged: there are not two ", ""},
		{engine.Families{}, 1, "Nothing is judged: there are not two ", ""},
		{engine.Families{Managers: engine.Family{Baseline: "bitmap", Others: 1}}, 1, "Nothing is judged: no workload with a primary metric ", ""},
	} {
		if got := decidable(tt.families, tt.rounds); !strings.HasPrefix(got, tt.says) {
			t.Errorf("%+v:\ngot  %s\nwant %s", tt.families, got, tt.says)
		}
		warned := strings.Join(undecidable(tt.families, tt.rounds), "")
		if !strings.HasPrefix(warned, tt.warns) || (warned == "") != (tt.warns == "") {
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
