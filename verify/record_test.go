//go:build explore

package verify

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A record that is not complete is continued: what it has is not explored again.
func TestRecordIsContinued(t *testing.T) {
	if options.strategy != "bounded" || options.schedule != "" || options.record != "" || options.plan != "" {
		t.Skip("once is enough")
	}
	explore := func(args ...string) {
		t.Helper()
		args = append([]string{"-test.run", "^TestScenarios$/^mutexonly$/^cond$/^(shutdown|submit)$", "-bound", "1"}, args...)
		if out, err := exec.Command(os.Args[0], args...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	// fields returns the first fields of a file's lines, sorted.
	fields := func(name string, n int) (keys []string) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			keys = append(keys, strings.Join(strings.Split(strings.TrimSpace(line), "\t")[:n], "\t"))
		}
		slices.Sort(keys)
		return keys
	}
	folder := t.TempDir()
	plan, record := filepath.Join(folder, "plan"), filepath.Join(folder, "record")
	explore("-plan", plan)
	want := []string{"bound 1\tmutexonly/cond\tshutdown", "bound 1\tmutexonly/cond\tsubmit"}
	if got := fields(plan, 3); !slices.Equal(got, want) {
		t.Fatalf("planned %q, want %q", got, want)
	}

	// One was done before, with a figure that no exploration has; the other failed.
	text := want[0] + "\tcomplete\t123456\t0\t1\n" + want[1] + "\tfailed\t1\t0\t1\n"
	if err := os.WriteFile(record, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing to do
		explore("-record", record)
		got := fields(record, 4)
		if !slices.Equal(got, []string{want[0] + "\tcomplete", want[1] + "\tcomplete", want[1] + "\tfailed"}) {
			t.Errorf("recorded %q", got)
		}
	}
	// In parts: each has its own, and together they have all.
	record = filepath.Join(folder, "parts")
	for _, part := range []string{"3/3", "1/3", "2/3"} {
		explore("-record", record, "-part", part)
	}
	if got := fields(record, 3); !slices.Equal(got, want) {
		t.Errorf("in parts %q, want %q", got, want)
	}
}
