package record

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ArchiveFile is a zip archive in a result folder. Readers find the latency logs and
// profiles in it as if they lay in the folder.
const ArchiveFile = "latency-and-profiles.zip"

// LoadFile is the recorded load that a run replayed, if it did (package
// loadgen/recording). The digest in the names of its cells says which one that is.
const LoadFile = "recorded.load"

// maxArchived bounds the size of an archived file, which its archive only claims. A log
// has some kilobytes for each launch.
const maxArchived = 512 << 20

// Files reads the files of a result folder, whether they lie there or in its archive.
// Names are paths relative to the folder, with slashes. A file that lies in the folder
// hides one of the same name in the archive.
type Files struct {
	folder  fs.FS
	archive *zip.ReadCloser // nil if the folder has none
}

// OpenFiles opens a result folder for reading. The error is that of a damaged archive,
// a [Loss] that names it.
func OpenFiles(dir string) (*Files, error) {
	file := filepath.Join(dir, ArchiveFile)
	archive, err := zip.OpenReader(file)
	if errors.Is(err, fs.ErrNotExist) {
		archive, err = nil, nil
	}
	if err != nil {
		return nil, Loss{File: file, What: "the content of " + LatencyDir, Err: fmt.Errorf("the archive cannot be read: %w: %s", err, restore)}
	}
	return &Files{os.DirFS(dir), archive}, nil
}

// Packed reports whether the folder has an archive.
func (f *Files) Packed() bool { return f.archive != nil }

// Close closes the archive.
func (f *Files) Close() error {
	if f.archive == nil {
		return nil
	}
	return f.archive.Close()
}

// Open opens a file or a directory. A directory has the entries of one place only;
// ReadDir has those of both.
func (f *Files) Open(name string) (fs.File, error) {
	file, err := f.folder.Open(name)
	if f.archive == nil || !errors.Is(err, fs.ErrNotExist) {
		return file, err
	}
	if file, err = f.archive.Open(name); err != nil {
		return nil, inArchive(err)
	}
	return archived{file}, nil
}

// ReadDir returns the entries of a directory by name.
func (f *Files) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(f.folder, name)
	if f.archive == nil || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return entries, err
	}
	more, packed := fs.ReadDir(f.archive, name)
	if errors.Is(packed, fs.ErrNotExist) {
		return entries, err
	}
	if packed != nil {
		return nil, inArchive(packed)
	}
	byName := func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) }
	for _, e := range more {
		if i, hidden := slices.BinarySearchFunc(entries, e, byName); !hidden {
			entries = slices.Insert(entries, i, e)
		}
	}
	return entries, nil
}

// ReadFile reads a whole file.
func (f *Files) ReadFile(name string) ([]byte, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	// Not fs.ReadFile: it allocates what an archive claims.
	return io.ReadAll(file)
}

// An archived file is one in an archive; its errors say so.
type archived struct{ fs.File }

func (a archived) Read(p []byte) (int, error) {
	if info, err := a.Stat(); err != nil {
		return 0, inArchive(err)
	} else if info.Size() < 0 || info.Size() > maxArchived {
		return 0, inArchive(fmt.Errorf("it has %d bytes uncompressed, and at most %d are read", uint64(info.Size()), maxArchived))
	}
	n, err := a.File.Read(p)
	if err != nil && err != io.EOF {
		err = inArchive(err)
	}
	return n, err
}

func inArchive(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return fmt.Errorf("in %s: %w: %s", ArchiveFile, err, restore)
}
