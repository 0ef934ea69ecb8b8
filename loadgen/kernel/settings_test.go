package kernel

import (
	"strings"
	"testing"
	"time"
)

func TestParseSlack(t *testing.T) {
	for _, test := range []struct {
		text string
		want time.Duration // 0 for an error
		name string
	}{
		{"1ns", 1, "1ns"}, {"50us", 50 * time.Microsecond, "50us"}, {"50µs", 50 * time.Microsecond, "50us"},
		{"1000ns", time.Microsecond, "1us"}, {"1s", time.Second, "1s"},
		{"0", 0, ""}, {"0ns", 0, ""}, {"-1us", 0, ""}, {"1001ms", 0, ""}, {"50", 0, ""}, {"default", 0, ""},
	} {
		got, err := ParseSlack(test.text)
		if got != test.want || (err != nil) != (test.want == 0) {
			t.Errorf("%s: %v, %v", test.text, got, err)
		}
		if err == nil && FormatSlack(got) != test.name {
			t.Errorf("%s is called %s", test.text, FormatSlack(got))
		}
	}
}

func TestParseSlots(t *testing.T) {
	for _, text := range []string{"2", "16", "1024", "65536", "global"} {
		got, err := ParseSlots(text)
		if err != nil || got.String() != text {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"0", "1", "3", "24", "-16", "131072", "default", "", "16x"} {
		if got, err := ParseSlots(text); err == nil || !strings.Contains(err.Error(), "or global") {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

// What Linux chooses for some numbers of threads and CPUs.
func TestChosen(t *testing.T) {
	for _, test := range []struct{ threads, cpus, want int }{
		{1, 1, 16}, {4, 2, 16}, {68, 2, 16}, {5, 8, 32}, {64, 64, 256}, {65, 96, 512}, {1000, 256, 1024},
	} {
		if got := Chosen(test.threads, test.cpus); got != Slots(test.want) {
			t.Errorf("%d threads on %d CPUs: %v, want %d", test.threads, test.cpus, got, test.want)
		}
	}
}

func TestApplyNothing(t *testing.T) {
	if err := (Settings{}).Apply(); err != nil {
		t.Error(err)
	}
}
