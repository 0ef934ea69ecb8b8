package plot

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLabel(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"plain", "idle", "idle"},
		{"empty", "", "(unnamed)"},
		{"spaces", " \n\t", "(unnamed)"},
		{"line breaks", "a\r\n b\tc", "a b c"},
		{"markup stays", `<b>"x"&'y'`, `<b>"x"&'y'`},
		{"control characters", "a\x00b\x1bc", "a\uFFFDb\uFFFDc"},
		{"override", "a\u202Eb\u200Fc", "a\uFFFDb\uFFFDc"},
		{"isolate", "a\u2066b\u2069", "a\uFFFDb\uFFFD"},
		{"zero width", "a\u200Bb\uFEFFc", "a\uFFFDb\uFFFDc"},
		{"not UTF-8", "a\xffb", "a\uFFFDb"},
		{"no character of XML", "a\uFFFEb", "a\uFFFDb"},
		{"marks", "a\u0301\u0302\u0303\u0304b\u0301", "a\u0301\u0302b\u0301"},
		{"marks over nothing", "\u0301a", "a"},
		{"right to left", "\u05d0\u05d1", "\u2068\u05d0\u05d1\u2069"},
		{"long", strings.Repeat("x", 10_000), strings.Repeat("x", 200) + "…"},
	} {
		got := Label(test.in)
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if again := Label(got); !strings.ContainsRune(got, '\u2068') && utf8.RuneCountInString(got) <= 200 && again != got {
			t.Errorf("%s: twice %q, once %q", test.name, again, got)
		}
	}
}

func TestTextWidth(t *testing.T) {
	// The advances of Liberation Sans, and so of Arial, in 2048ths: i 455,
	// W 1933, digits and ellipsis as here.
	for s, want := range map[string]float64{"": 0, "i": 455, "W": 1933, "0": 1139, "iW": 455 + 1933, "…": 2048, "i\u0301": 455, "\u2068i\u2069": 455, "世": 2048} {
		if got := textWidth(s, 2048, false); math.Abs(got-want) > 0.5 {
			t.Errorf("%q is %v wide, want %v", s, got, want)
		}
	}
	if regular, bold := textWidth("idle", 12, false), textWidth("idle", 12, true); bold <= regular {
		t.Errorf("bold text is %v wide, regular %v", bold, regular)
	}
}

func TestCut(t *testing.T) {
	name := "wake/impl=mutexonly/load=160k"
	full := textWidth(name, 12, false)
	for _, width := range []float64{full, full - 1, full / 2, 60, 30, 10, 0, -5} {
		got := cut(name, width, 12, false)
		if w := textWidth(got, 12, false); w > math.Max(width, 0) {
			t.Errorf("%q is %v wide, more than %v", got, w, width)
		}
		if width >= full != (got == name) {
			t.Errorf("cut to %v of %v: %q", width, full, got)
		}
		if got != "" && got != name && (!strings.HasPrefix(got, "w") || !strings.Contains(got, "…")) {
			t.Errorf("cut to %v: %q", width, got)
		}
	}
	if got := cut(name, full-1, 12, false); !strings.HasSuffix(got, "k") {
		t.Errorf("%q has lost its end", got)
	}
	hebrew := Label(strings.Repeat("\u05d0", 100))
	if got := cut(hebrew, 100, 12, false); strings.Count(got, "\u2068") != 1 || strings.Count(got, "\u2069") != 1 {
		t.Errorf("%q is not isolated once", got)
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		in    string
		width float64
		want  []string
	}{
		{"", 100, nil},
		{"one two three", 1000, []string{"one two three"}},
		{"one two three", 45, []string{"one two", "three"}},
		{"one two three", 30, []string{"one", "two", "three"}},
	} {
		if got := wrap(test.in, test.width, 12, false); !slices.Equal(got, test.want) {
			t.Errorf("wrap(%q, %v) = %q, want %q", test.in, test.width, got, test.want)
		}
	}
	for _, l := range wrap(strings.Repeat("x", 500)+" y", 100, 12, false) {
		if w := textWidth(l, 12, false); w > 100 {
			t.Errorf("%q is %v wide", l, w)
		}
	}
}

func TestID(t *testing.T) {
	for in, want := range map[string]string{"p99": "p99", "": "figure", "a b\"<": "a-b--", "9": "figure9", "ä": "figure-", strings.Repeat("x", 999): strings.Repeat("x", 200)} {
		if got := id(in); got != want {
			t.Errorf("id(%q) = %q, want %q", in, got, want)
		}
	}
}
