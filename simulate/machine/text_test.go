package machine

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func text(t *testing.T, f *File, width int) string {
	t.Helper()
	var b strings.Builder
	if err := f.WriteText(&b, width); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Everything that is in the file is in the text, and of each constant its source.
func TestText(t *testing.T) {
	f, err := Load("testdata/calibrated.toml")
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, f, 80)
	for _, want := range []string{
		"2 CPUs: 1 socket of 1 last-level cache, each of 2 cores with 1 thread\n",
		"measured [batches], ", "assumed [serve]\n", "cited [futex]\n",
		"An idle CPU comes back at once;\n  after 0 ns in ",
		"\n         0    1\n    0    –   ",
		"\n  slept   the waker's call ", "\n  chan-sleeper ", "\n  kernel: ", "\n  batches, measured: ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	for line := range strings.Lines(got) {
		if strings.HasSuffix(line, " \n") {
			t.Errorf("space at the end of %q", line)
		}
	}
}

// With many CPUs the lines between them are shades: light in a cache, dark to the other
// socket. They fit into the width, however many there are.
func TestShades(t *testing.T) {
	for _, test := range []struct{ cpus, width int }{{32, 80}, {96, 80}, {512, 80}, {41, 40}} {
		c := &Calibration{}
		for i := range test.cpus {
			c.CPUs = append(c.CPUs, i)
			c.Lines = append(c.Lines, make([]int64, test.cpus))
			for j := range test.cpus {
				switch {
				case i == j:
				case 2*i/test.cpus == 2*j/test.cpus:
					c.Lines[i][j] = 25 * ns
				default:
					c.Lines[i][j] = 200 * ns
				}
			}
		}
		var b strings.Builder
		c.writeLines(&b, test.width)
		lines := strings.Split(strings.TrimSpace(b.String()), "\n")
		if !strings.Contains(lines[0], "from 25 ns (light) to 200 ns (dark)") {
			t.Errorf("%q", lines[0])
		}
		rows := lines[1:]
		for i, row := range rows {
			if n := utf8.RuneCountInString(row); n > test.width || n != len(rows) {
				t.Errorf("%d CPUs: row %d has %d characters, there are %d rows", test.cpus, i, n, len(rows))
			}
		}
		if first := []rune(rows[0]); first[1] != '·' || first[len(first)-1] != '█' {
			t.Errorf("%d CPUs: the first row is %q", test.cpus, rows[0])
		}
	}
}
