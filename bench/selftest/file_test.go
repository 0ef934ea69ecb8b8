package selftest

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record/evidence"
)

var update = flag.Bool("update", false, "write the golden files")

func TestFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(dir); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "is not the folder of a self-test") {
		t.Errorf("no file: error %v", err)
	}
	d := newDesign(t, true)
	e := evaluate(t, d, chain{noise: white(0.02)}, 1)
	for _, found := range []*Evidence{nil, &e} {
		if err := Write(dir, d, found); err != nil {
			t.Fatal(err)
		}
		got, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(File{Version: evidence.Selftest.Version, Design: d, Evidence: found}, got); diff != "" {
			t.Error(diff)
		}
	}
	for text, want := range map[string]string{
		"{":              evidence.Selftest.File,
		`{"version": 7}`: "version 7",
		`{"version": 1, "design": {"block": "x"}}`: evidence.Selftest.File,
	} {
		if err := os.WriteFile(filepath.Join(dir, evidence.Selftest.File), []byte(text), 0o666); err != nil {
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
		d.Default = byDefault(d)
		e := evaluate(t, d, c.chain, 2)
		got := e.Text(d, "results/x") + "\n" + e.Advice(d) + "\nTo be quoted:\n"
		for _, s := range e.Statements {
			got += "\n" + phrase.Fold(s, "", "", width)
		}
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

// byDefault is a default run that judges a row which has delays in the design,
// another one of it, and one that it lacks.
func byDefault(d Design) *Default {
	return &Default{Rounds: 6, Time: 200 * time.Millisecond, Comparisons: 44,
		Rows: []string{RowName(d.Rows[0].Cell), RowName(d.Rows[3].Cell), "Burst/workers=4"}}
}

// What may be quoted names the number of cases and how they were judged: a share of a
// few, or of comparisons judged alone, promises more than a report keeps.
func TestStatements(t *testing.T) {
	d := newDesign(t, false)
	d.Default = byDefault(d)
	e := Evidence{Time: 50 * time.Millisecond}
	blocks := Level{Rounds: 12, Family: 21, AA: newCount(108, 5), Families: newCount(12, 0)}
	halves := Level{Rounds: 72, Family: 21}
	for _, s := range []struct{ percent, alone, family, halves int }{{2, 7, 1, 1}, {5, 15, 3, 5}, {10, 26, 12, 6}, {20, 33, 24, 6}} {
		blocks.Delays = append(blocks.Delays, Seen{Percent: s.percent, Found: newCount(36, s.alone), FoundInFamily: newCount(36, s.family)})
		halves.Delays = append(halves.Delays, Seen{Percent: s.percent, FoundInFamily: newCount(6, s.halves)})
	}
	e.Valid = View{Blocks: blocks, Halves: halves}
	got := e.statements(d)
	want := []string{
		"In A/A tests (bitmap against itself), 5 of 108 (4.6 %; 95 % interval of the rate: 1.5 to 10.5 %) comparisons of 12 rounds, each judged alone at 5 %, reported a difference; judged as a report does, 0 of 12 whole families of 21 comparisons had a wrong verdict.",
		"An injected delay of 20 % of p50 was detected in 33 of 36 (92 %) comparisons of 12 rounds that were judged alone, and in 24 of 36 (67 %) that were judged within a whole family of 21.",
		"An injected delay of 10 % of p50 was detected in 26 of 36 (72 %) comparisons of 12 rounds that were judged alone, and in 12 of 36 (33 %) that were judged within a whole family of 21.",
		"An injected delay of 5 % of p50 was detected in 15 of 36 (42 %) comparisons of 12 rounds that were judged alone, and in 3 of 36 (8 %) that were judged within a whole family of 21.",
		"By 72 rounds, within a family of 21: 20 % in 6 of 6, 10 % in 6 of 6, 5 % in 5 of 6, 2 % in 1 of 6.",
		"The self-test has 9 rows of cells, and delays in 3 of them: wake gap=200us submitter=block with futex, wake gap=200us submitter=block with go-cond, wake gap=50us submitter=block with futex. " +
			"Of the 3 rows that a default run judges, whatever the parker, A/A comparisons cover 2 and delays 2. Its launches measure 50ms each, those of a default run 200ms.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := sensitivity(e.Valid).Text; !strings.Contains(got, "33 of 36 (92 %)") || !strings.Contains(got, "24 of 36 (67 %)") || !strings.Contains(got, "10 % in 6 of 6") {
		t.Errorf("the claim does not say how often, alone and in a family: %s", got)
	}
	d.Default = nil
	if got := fmt.Sprint(e.statements(d)); strings.Contains(got, "default run") {
		t.Errorf("without a default run: %s", got)
	}
}
