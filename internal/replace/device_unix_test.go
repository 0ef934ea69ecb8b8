//go:build unix

package replace_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/idlebench/idlebench/internal/replace"
)

// A pipe is written to, and still a pipe afterwards.
func TestPipe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(file, 0o666); err != nil {
		t.Fatal(err)
	}
	// Opened for both, so that no side waits for the other.
	pipe, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	if err := replace.File(file, []byte("text")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 10)
	if n, err := pipe.Read(got); err != nil || string(got[:n]) != "text" {
		t.Errorf("%q, %v", got[:n], err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().IsRegular() {
		t.Errorf("%v, %v", info, err)
	}
}
