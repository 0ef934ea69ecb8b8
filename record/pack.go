package record

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/idlebench/idlebench/internal/replace"
)

// packed are the directories that go into the archive.
var packed = []string{LatencyDir, ProfilesDir, SimulatedDir}

// Pack moves the latency logs, profiles and details of simulations of a run that is over into the folder's
// archive. For the same files it writes the same bytes. A folder that has no such files,
// such as one that was packed before, stays as it is.
//
// The archive is durable before the files go. If the process ends in between, both are
// there, which readers accept and Pack refuses.
func Pack(dir string) error {
	m, err := ReadManifest(dir)
	if err != nil {
		return err
	}
	if m.State.Partial() {
		return fmt.Errorf("result folder %s: its run is %s: finish it before packing", dir, m.State)
	}
	data, n, err := pack(dir)
	if err != nil || n == 0 {
		return err
	}
	file := filepath.Join(dir, ArchiveFile)
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s exists already, and so do files that belong in it: unzip it in its folder and remove it, then pack again", file)
	}
	if err := replace.Durable(file, data); err != nil {
		return err
	}
	var failed error
	for _, part := range packed {
		failed = errors.Join(failed, os.RemoveAll(filepath.Join(dir, part)))
	}
	return failed
}

// pack returns the archive of the files and their number. They are in order of their
// paths and have no times, so that nothing but their content decides what it is.
func pack(dir string) (data []byte, n int, err error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range packed {
		err := fs.WalkDir(os.DirFS(dir), part, func(name string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && name == part || err == nil && e.IsDir() {
				return nil
			}
			if err != nil {
				return err
			}
			data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				return err
			}
			method := zip.Deflate
			if strings.HasSuffix(name, ".gz") {
				method = zip.Store // it is compressed already
			}
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
			if err == nil {
				_, err = w.Write(data)
			}
			n++
			return err
		})
		if err != nil {
			return nil, 0, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, 0, err
	}
	return b.Bytes(), n, nil
}
