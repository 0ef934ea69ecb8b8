package simulation

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/simulate/machine"
)

// The search ends near the least value, wherever that is in its range, tries what it said,
// and stays where it was if nothing is better.
func TestLeast(t *testing.T) {
	for _, want := range []float64{0.3, 0.5, 1, 2.2, 4, 11, 20} {
		trials := 0
		best, err := least(func(percent int) (float64, error) {
			trials++
			return 1 + math.Abs(math.Log((1+float64(percent)/100)/want)), nil
		})
		if got := 1 + float64(best)/100; err != nil || math.Abs(math.Log(got/want)) > 0.05 || trials != fitTrials {
			t.Errorf("least at %v: %v, %v, after %d trials", want, got, err, trials)
		}
	}
	if best, err := least(func(int) (float64, error) { return 2, nil }); best != 0 || err != nil {
		t.Errorf("all are the same: %d, %v", best, err)
	}
	broken := errors.New("broken")
	for fails := range fitTrials {
		trials := 0
		_, err := least(func(int) (float64, error) {
			if trials++; trials > fails {
				return 0, broken
			}
			return 2, nil
		})
		if !errors.Is(err, broken) || trials != fails+1 {
			t.Errorf("trial %d fails: %v after %d", fails, err, trials)
		}
	}
}

// What is fitted is said to be, in a file that is still whole; then nothing is left to fit.
func TestFitIsNamed(t *testing.T) {
	m, err := machine.Load("epyc-milan")
	if err != nil {
		t.Fatal(err)
	}
	if !Fits(m) {
		t.Fatal("the preset assumes nothing")
	}
	was := *m
	other := *m
	f := Fit{Machine: &other, Before: 1.5, After: 1.2, Cells: 80}
	f.name()
	text := string(f.Machine.Format())
	again, err := machine.Read("m.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	source := again.Sources[again.Costs[fitted].Source]
	if source.Kind != machine.Measured || !strings.Contains(source.Text, "80 cells that are not held out. Their median error is 20.0 %; with the value before it was 50.0 %") {
		t.Errorf("%v", source)
	}
	if Fits(again) {
		t.Error("it would be fitted once more")
	}
	if !Fits(&was) || !Fits(m) {
		t.Error("the machine before has changed")
	}
	if s := f.String(); !strings.Contains(s, "fitted: code is 600ps; the median error of 80 cells that are not held out is 20.0 %, and was 50.0 %") {
		t.Errorf("it says %q", s)
	}
}
