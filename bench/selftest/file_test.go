package selftest

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

func TestFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(dir); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "no folder of a self-test") {
		t.Errorf("no file: error %v", err)
	}
	d := newDesign(t, true)
	e := evaluate(t, d, chain{noise: white(0.02)}, 1)
	for _, evidence := range []*Evidence{nil, &e} {
		if err := Write(dir, d, evidence); err != nil {
			t.Fatal(err)
		}
		got, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(File{Version, d, evidence}, got); diff != "" {
			t.Error(diff)
		}
	}
	for text, want := range map[string]string{
		"{":              EvidenceFile,
		`{"version": 7}`: "version 7",
		`{"version": 1, "design": {"block": "x"}}`: EvidenceFile,
	} {
		if err := os.WriteFile(filepath.Join(dir, EvidenceFile), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", text, err, want)
		}
	}
}

// The text is short, and says what was found in numbers.
func TestText(t *testing.T) {
	for name, c := range map[string]struct {
		quick bool
		chain chain
	}{
		"passed":      {false, chain{noise: white(0.025), invalid: 0.02}},
		"quick":       {true, chain{noise: white(0.025)}},
		"failed":      {false, chain{noise: white(0.01), effect: func(moment) float64 { return 1 }}},
		"invalid":     {false, chain{noise: white(0.05), invalid: 1}},
		"interrupted": {false, chain{noise: white(0.05), rounds: 1}},
	} {
		d := newSmallDesign(t)
		if c.quick {
			d = newDesign(t, true)
		}
		e := evaluate(t, d, c.chain, 2)
		got := e.Text(d, "results/x") + "\n" + e.Advice(6, 44)
		path := filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.MkdirAll("testdata", 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		for line := range strings.Lines(got) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > 100 {
				t.Errorf("%s: a line of %d columns: %s", name, n, line)
			}
		}
	}
}
