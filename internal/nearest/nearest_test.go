package nearest

import (
	"testing"

	"pgregory.net/rapid"
)

func TestHint(t *testing.T) {
	names := []string{"wake", "wakestorm", "ping_pong", "spin", "go-spin", "wake"}
	for typed, want := range map[string]string{
		"wak":         "did you mean wake?",
		"Wake":        "did you mean wake?",
		"pingpong":    "did you mean ping_pong?",
		"wakestrom":   "did you mean wakestorm?",
		"wake-storm":  "did you mean wakestorm?",
		"spni":        "there are wake, wakestorm, ping_pong, spin, go-spin",
		"poisson":     "there are wake, wakestorm, ping_pong, spin, go-spin",
		"":            "there are wake, wakestorm, ping_pong, spin, go-spin",
		"go-spni":     "did you mean go-spin?",
		"wwwwwwwwwww": "there are wake, wakestorm, ping_pong, spin, go-spin",
	} {
		if got := Hint(typed, names); got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
}

// It is a metric, and no larger than the longer of the two.
func TestDistance(t *testing.T) {
	word := rapid.StringMatching(`[abü]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		d := distance(a, b)
		if (d == 0) != (a == b) {
			t.Errorf("%q and %q are %d apart", a, b, d)
		}
		if back := distance(b, a); back != d {
			t.Errorf("%q and %q: %d one way, %d the other", a, b, d, back)
		}
		if around := distance(a, c) + distance(c, b); around < d {
			t.Errorf("%q and %q: %d, and by way of %q %d", a, b, d, c, around)
		}
		if longer := max(len([]rune(a)), len([]rune(b))); d > longer {
			t.Errorf("%q and %q: %d", a, b, d)
		}
	})
}
