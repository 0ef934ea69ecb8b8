package phrase_test

import (
	"testing"

	"github.com/idlebench/idlebench/internal/phrase"
)

func TestCount(t *testing.T) {
	for _, tt := range []struct {
		n          int
		noun, want string
	}{
		{0, "cell", "0 cells"},
		{1, "launch", "1 launch"},
		{2, "launch", "2 launches"},
		{2, "CPU", "2 CPUs"},
	} {
		if got := phrase.Count(tt.n, tt.noun); got != tt.want {
			t.Errorf("Count(%d, %q) = %q, want %q", tt.n, tt.noun, got, tt.want)
		}
	}
}

func TestASCII(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ttext\n":            "plain\ttext\n",
		"100.5n ± 0% │ ≤ 5 – 6 …":  "100.5n +-0% | <= 5 - 6 ...",
		"▁▅█ 1 → 2†":               "158 1 -> 2*",
		"± ∞ ¹":                    "+-inf ^1",
		"Größe/\u2067א\u2069/\xff": `Gr\u00f6\u00dfe/\u05d0/?`,
	} {
		if got := phrase.ASCII(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, tt := range []struct{ what, text, want string }{
		{"empty", "", "> \n"},
		{"fits", "one  two\nsix", "> one two six\n"},
		{"one too many", "one two sixx", "> one two\n. sixx\n"},
		{"characters, not bytes", "äää ööö üüü", "> äää ööö üüü\n"},
		{"percent", "one three 5 %", "> one three\n. 5 %\n"},
		{"long word", "one extraordinarily two", "> one\n. extraordinarily\n. two\n"},
	} {
		if got := phrase.Fold(tt.text, "> ", ". ", 13); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.what, got, tt.want)
		}
	}
}

func TestShell(t *testing.T) {
	for _, tt := range []struct {
		want  string
		words []string
	}{
		{"report -o a/b.html x=1", []string{"report", "-o", "a/b.html", "x=1"}},
		{"'' 'a b'", []string{"", "a b"}},
		{`'it'\''s' '$x' '*' '~'`, []string{"it's", "$x", "*", "~"}},
	} {
		if got := phrase.Shell(tt.words...); got != tt.want {
			t.Errorf("Shell(%q) = %s, want %s", tt.words, got, tt.want)
		}
	}
}
