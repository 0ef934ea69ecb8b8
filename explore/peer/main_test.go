package main

import (
	"os"
	"strings"
	"testing"
)

// The program has as many decisions in each execution.
func TestExplored(t *testing.T) {
	var b strings.Builder
	if err := explored(&b, 100); err != nil || b.String() != "94\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestWithoutCargo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var b strings.Builder
	err := compare(&b, 1, 1)
	if err == nil || !strings.HasPrefix(err.Error(), "cargo is not installed") || b.Len() > 0 {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestLocked(t *testing.T) {
	lock, err := os.ReadFile("shuttle/Cargo.lock")
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile("shuttle/Cargo.toml")
	if err != nil {
		t.Fatal(err)
	}
	if v := locked(string(lock), "shuttle"); v == "" || !strings.Contains(string(manifest), `shuttle = "=`+v+`"`) {
		t.Errorf("Cargo.lock has shuttle %q, Cargo.toml\n%s", v, manifest)
	}
}

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{{[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 9, 2}, 3}} {
		if got := median(test.values); got != test.want {
			t.Errorf("%v: got %v, want %v", test.values, got, test.want)
		}
	}
}
