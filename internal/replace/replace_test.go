package replace_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/idlebench/idlebench/internal/replace"
)

// The old content is replaced as a whole, and no other file stays behind.
func TestReplaces(t *testing.T) {
	for name, write := range map[string]func(string, []byte) error{"File": replace.File, "Durable": replace.Durable} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "x")
			for _, want := range []string{"a long content", "short"} {
				if err := write(file, []byte(want)); err != nil {
					t.Fatal(err)
				}
				if got, err := os.ReadFile(file); err != nil || string(got) != want {
					t.Errorf("%q, %v; want %q", got, err, want)
				}
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
				t.Errorf("the folder has %v, %v", entries, err)
			}
		})
	}
}

// A reader that has the old file open keeps it whole: it is not written into.
func TestOldFileStaysWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x")
	if err := replace.File(file, []byte("old")); err != nil {
		t.Fatal(err)
	}
	old, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if err := replace.File(file, []byte("new")); err != nil {
		t.Skip("this system does not replace an open file: ", err)
	}
	got := make([]byte, 10)
	if n, _ := old.Read(got); string(got[:n]) != "old" {
		t.Errorf("%q", got[:n])
	}
}

// When it cannot be replaced, what is there stays, without a temporary file.
func TestFailureLeavesTheOld(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "x")
	if err := os.MkdirAll(filepath.Join(taken, "y"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := replace.Durable(taken, []byte("new")); err == nil {
		t.Error("a folder was replaced")
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the folder has %v, %v", entries, err)
	}
}
