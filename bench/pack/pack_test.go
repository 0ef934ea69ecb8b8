package pack_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/idlebench/idlebench/bench/pack"
)

func programs() fstest.MapFS {
	return fstest.MapFS{
		"linux-amd64/bench":       {Data: []byte("program"), Mode: 0o755},
		"linux-amd64/peers/tokio": {Data: []byte("peer"), Mode: 0o700},
		"linux-arm64/bench":       {Data: []byte("other"), Mode: 0o755},
		"linux-arm64/notes":       {Data: []byte("text"), Mode: 0o600},
		"elsewhere/bench":         {Data: []byte("left out"), Mode: 0o755},
	}
}

func write(t *testing.T, run []string, platforms ...string) (archive []byte, id string) {
	t.Helper()
	var b bytes.Buffer
	id, err := pack.Write(&b, run, programs(), platforms)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), id
}

func TestWrite(t *testing.T) {
	archive, _ := write(t, []string{"-quick"}, pack.Platforms...)
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, h.FileInfo().Mode().String()+" "+h.Name)
	}
	want := []string{
		"-rw-r--r-- idlebench/README.txt",
		"-rw-r--r-- idlebench/SHA256SUMS",
		"-rwxr-xr-x idlebench/linux-amd64/bench",
		"-rwxr-xr-x idlebench/linux-amd64/peers/tokio",
		"-rwxr-xr-x idlebench/linux-arm64/bench",
		"-rw-r--r-- idlebench/linux-arm64/notes",
		"-rw-r--r-- idlebench/pack.json",
		"-rwxr-xr-x idlebench/run",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}

// The same input makes the same bytes, and another plan or platform another identity.
func TestSame(t *testing.T) {
	a, id := write(t, []string{"-quick"}, "linux/amd64")
	if b, same := write(t, []string{"-quick"}, "linux/amd64"); !bytes.Equal(a, b) || id != same {
		t.Error("the same input made another archive")
	}
	if _, other := write(t, []string{"-full"}, "linux/amd64"); other == id {
		t.Error("another plan has the same identity")
	}
	if _, other := write(t, []string{"-quick"}, "linux/arm64"); other == id {
		t.Error("other programs have the same identity")
	}
}

func TestWriteFails(t *testing.T) {
	if _, err := pack.Write(io.Discard, nil, fstest.MapFS{}, pack.Platforms); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	p := programs()
	p["linux-amd64/bench"].Mode = 0o644
	if _, err := pack.Write(io.Discard, nil, p, pack.Platforms[:1]); err == nil || !strings.Contains(err.Error(), "has no program bench") {
		t.Errorf("no program: %v", err)
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	archive, id := write(t, []string{"-quick", "-impl", "all"}, "linux/amd64")
	unpack(t, archive, dir)
	p, got, err := pack.Open(filepath.Join(dir, pack.Folder))
	if err != nil || got != id || !slices.Equal(p.Run, []string{"-quick", "-impl", "all"}) {
		t.Errorf("%+v, %s (want %s), %v", p, got, id, err)
	}
	if err := os.WriteFile(filepath.Join(dir, pack.Folder, "linux-amd64", pack.Bench), []byte("prog"), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, _, err := pack.Open(filepath.Join(dir, pack.Folder)); err == nil || !strings.Contains(err.Error(), "linux-amd64/bench was changed or cut") {
		t.Errorf("a cut program: %v", err)
	}
}

func unpack(t *testing.T, archive []byte, dir string) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(dir, h.Name)), 0o777)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, h.Name), data, 0o777)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
