package record

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writePackable makes a folder with two histograms of one cell and a profile.
func writePackable(t *testing.T, s State) (dir, log string) {
	t.Helper()
	w, dir := create(t)
	wakes := wakeLaunches()
	appendAll(t, w, wakes[0], spawnLaunch(0), wakes[1])
	if err := w.Close(s); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, ProfilesDir, "x.cpu.pb.gz")
	if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o777), os.WriteFile(file, []byte("\x1f\x8bprofile"), 0o666)); err != nil {
		t.Fatal(err)
	}
	return dir, logFile(dir, wakes[0].Cell)
}

func packFolder(t *testing.T, dir string) (archive string) {
	t.Helper()
	if err := Pack(dir); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, ArchiveFile)
}

func readFile(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A packed folder is read as before, from the same bytes whenever and wherever it was
// packed.
func TestPack(t *testing.T) {
	dir, log := writePackable(t, Decided)
	want, text := read(t, dir), readFile(t, log)
	other := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(other, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(logFile(other, want.Plan.Cells[0]), day, day.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	archive := readFile(t, packFolder(t, dir))
	if !bytes.Equal(archive, readFile(t, packFolder(t, other))) {
		t.Error("a copy of the folder gives another archive")
	}
	for _, part := range []string{LatencyDir, ProfilesDir} {
		if _, err := os.Stat(filepath.Join(dir, part)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there: %v", part, err)
		}
	}
	got := read(t, dir)
	if diff := diffLaunches(want.Recorded, got.Recorded); diff != "" {
		t.Errorf("launches (-want +got):\n%s", diff)
	}
	if got.Recorded[0].Latency == nil || len(got.Dropped) > 0 {
		t.Errorf("histogram %v, dropped %v", got.Recorded[0].Latency, got.Dropped)
	}
	files, err := OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if data, err := files.ReadFile(LatencyDir + "/" + filepath.Base(log)); err != nil || !bytes.Equal(data, text) {
		t.Errorf("the log: %v, %d bytes", err, len(data))
	}
	if entries, err := files.ReadDir(ProfilesDir); err != nil || len(entries) != 1 || entries[0].Name() != "x.cpu.pb.gz" {
		t.Errorf("profiles: %v, %v", entries, err)
	}
	if !bytes.Equal(readFile(t, packFolder(t, dir)), archive) {
		t.Error("packing a packed folder changes it")
	}
}

// What lies in the folder comes before what is in the archive, and packing does not lose
// either.
func TestFilesOfBothPlaces(t *testing.T) {
	dir, _ := writePackable(t, Decided)
	packFolder(t, dir)
	if err := os.Mkdir(filepath.Join(dir, ProfilesDir), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.cpu.pb.gz", "x.cpu.pb.gz"} {
		if err := os.WriteFile(filepath.Join(dir, ProfilesDir, name), []byte("newer"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	files, err := OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	entries, err := files.ReadDir(ProfilesDir)
	if err != nil || len(entries) != 2 || entries[0].Name() != "a.cpu.pb.gz" || entries[1].Name() != "x.cpu.pb.gz" {
		t.Errorf("entries %v, %v", entries, err)
	}
	if data, err := files.ReadFile(ProfilesDir + "/x.cpu.pb.gz"); err != nil || string(data) != "newer" {
		t.Errorf("%q, %v", data, err)
	}
	if err := Pack(dir); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("packing with an archive there: %v", err)
	}
}

// A run that goes on is not packed, and a packed one does not go on.
func TestPackedRunEnds(t *testing.T) {
	dir, _ := writePackable(t, Interrupted)
	if err := Pack(dir); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("packing: %v", err)
	}
	data, n, err := pack(dir)
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	if err := os.WriteFile(filepath.Join(dir, ArchiveFile), data, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Resume(dir, day); err == nil || !strings.Contains(err.Error(), "it is packed") {
		t.Errorf("resuming: %v", err)
	}
}

// What is damaged or missing in an archive costs histograms only, and is named.
func TestDamagedArchive(t *testing.T) {
	for _, tt := range []struct {
		what string
		edit func(archive string) error
		want []string // parts of the one loss
	}{
		{"cut", func(a string) error { return os.Truncate(a, 100) }, []string{ArchiveFile + ": the archive cannot be read", restore}},
		{"empty", func(a string) error { return os.Truncate(a, 0) }, []string{ArchiveFile + ": the archive cannot be read"}},
		{"gone", os.Remove, []string{".hlog: the file no longer exists"}},
		{"changed content", func(a string) error {
			data, err := os.ReadFile(a)
			if err == nil {
				data[150] ^= 1 // of the first file, behind its name
				err = os.WriteFile(a, data, 0o666)
			}
			return err
		}, []string{".hlog: in " + ArchiveFile + ": ", restore}},
		{"a size beyond memory", func(a string) error {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			name := LatencyDir + "/" + header().Plan.Cells[0].Slug() + hlogExt
			_, err := z.CreateRaw(&zip.FileHeader{Name: name, UncompressedSize64: 1 << 60})
			return errors.Join(err, z.Close(), os.WriteFile(a, b.Bytes(), 0o666))
		}, []string{".hlog: in " + ArchiveFile + ": it has 1152921504606846976 bytes"}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			dir, _ := writePackable(t, Decided)
			if err := tt.edit(packFolder(t, dir)); err != nil {
				t.Fatal(err)
			}
			run, lost, err := Salvage(dir)
			if err != nil || len(run.Recorded) != 3 || len(lost) != 1 {
				t.Fatalf("%d launches, lost %v, %v", len(run.Recorded), lost, err)
			}
			for _, want := range tt.want {
				if !strings.Contains(lost[0].Error(), want) {
					t.Errorf("lost %q, want %q", lost[0], want)
				}
			}
			if _, err := Read(dir); !errors.As(err, new(Loss)) {
				t.Errorf("Read: %v", err)
			}
		})
	}
}
