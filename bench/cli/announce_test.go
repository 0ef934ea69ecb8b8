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

// Nobody answers, and the run is interrupted.
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
