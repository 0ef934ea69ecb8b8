// Package replace writes a file so that its name always has a whole content, the old or
// the new one.
//
// The content goes to a new file in the same folder, which is then renamed: on every
// system that Go knows, another process sees either file and nothing in between. If the
// machine stops, a rename may be on disk before the content it points to; [Durable]
// therefore syncs the content first, and the folder afterwards.
package replace

import (
	"os"
	"path/filepath"
	"runtime"
)

// File replaces a file. What is there and no regular file, such as /dev/stdout or a pipe,
// is written to, for nothing can be put in its place.
func File(path string, data []byte) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(path, data, 0o666)
	}
	return replace(path, data, false)
}

// Durable replaces a regular file. When it returns nil, the new file survives a stop of
// the machine; when it fails, the old one is still there, unless the folder could not be
// synced.
func Durable(path string, data []byte) error {
	if err := replace(path, data, true); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

func replace(path string, data []byte, sync bool) error {
	f, err := os.Create(path + ".tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil && sync {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// SyncDir makes new names in a folder durable, where the system knows how.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closed := d.Close(); err == nil {
		err = closed
	}
	return err
}
