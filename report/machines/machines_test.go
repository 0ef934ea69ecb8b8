package machines

import (
	"bytes"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/simulate/machine"
)

func render(t *testing.T, name string) string {
	t.Helper()
	f, err := machine.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := page.Render(&b, Document(f)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The page of a machine that was measured has its figures, and says of each constant
// where it is from.
func TestCalibrated(t *testing.T) {
	html := render(t, "../../simulate/machine/testdata/calibrated.toml")
	for _, want := range []string{"Half a round trip of a line", "A wake-up by the time slept", "measured: batches", "assumed: serve", "cited: futex", "median of the least disturbed quarter"} {
		if !strings.Contains(html, want) {
			t.Errorf("no %q", want)
		}
	}
}

// That of a preset has no figures, and none is promised; a made-up machine says that it is.
func TestPresets(t *testing.T) {
	for _, name := range machine.Presets() {
		html := render(t, name)
		if strings.Contains(html, "<svg") || strings.Contains(html, "Measured on") {
			t.Errorf("%s has figures", name)
		}
		if made := strings.Contains(html, "This machine does not exist"); made != (name == "made-up-1024") {
			t.Errorf("%s: says that it does not exist: %v", name, made)
		}
	}
}

// A file may have been calibrated without pairs or wake-ups.
func TestPartlyCalibrated(t *testing.T) {
	f, err := machine.Load("epyc-rome")
	if err != nil {
		t.Fatal(err)
	}
	f.Calibration = &machine.Calibration{}
	var b bytes.Buffer
	if err := page.Render(&b, Document(f)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "no times between pairs of CPUs") || !strings.Contains(b.String(), "no wake-ups") {
		t.Error("does not say what is missing")
	}
}
