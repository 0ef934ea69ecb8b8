package fleet

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/idlebench/idlebench/internal/sums"
)

// Bounds on an archive, whose content comes from another machine.
const (
	mostBytes = 4 << 30
	mostFiles = 1_000_000
)

// IsArchive reports whether a name is that of an archive that Unpack reads.
func IsArchive(name string) bool {
	return strings.HasSuffix(name, ".tar.gz") || strings.HasSuffix(name, ".tgz") || strings.HasSuffix(name, ".tar")
}

// Unpack unpacks an archive into a folder, which must not exist. What is in an archive that
// is cut stays there, so that it is found to be half-written; the error says so.
func Unpack(archive, folder string) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o777); err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o777); err != nil {
		return err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	bytes, files := int64(0), 0
	return each(archive, func(h *tar.Header, r io.Reader) error {
		if h.Typeflag != tar.TypeReg {
			return nil // folders are made for their files; a result has no links
		}
		if bytes, files = bytes+h.Size, files+1; bytes > mostBytes || files > mostFiles {
			return fmt.Errorf("it has more than %d bytes or %d files: it is no archive of results", int64(mostBytes), mostFiles)
		}
		name := filepath.FromSlash(path.Clean(h.Name))
		if err := root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, r)
		return errors.Join(err, f.Close())
	})
}

// each calls do with each file of an archive.
func each(archive string, do func(*tar.Header, io.Reader) error) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	in := io.Reader(f)
	if !strings.HasSuffix(archive, ".tar") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return fmt.Errorf("%s: %w", archive, err)
		}
		in = z
	}
	for t := tar.NewReader(in); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = do(h, t)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", archive, err)
		}
	}
}

// PackID returns the identity of a pack: of its archive, of the folder it is unpacked in,
// or the identity itself.
func PackID(pack string) (string, error) {
	info, err := os.Stat(pack)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return pack, nil
	case err != nil:
		return "", err
	case info.IsDir():
		list, err := os.ReadFile(filepath.Join(pack, sums.File))
		return sums.ID(list), err
	}
	id := ""
	err = each(pack, func(h *tar.Header, r io.Reader) error {
		if path.Base(h.Name) != sums.File {
			return nil
		}
		list, err := io.ReadAll(r)
		id = sums.ID(list)
		return err
	})
	if err == nil && id == "" {
		err = fmt.Errorf("%s has no %s: it is not a pack", pack, sums.File)
	}
	return id, err
}
