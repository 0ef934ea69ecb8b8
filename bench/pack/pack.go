package pack

import (
	"archive/tar"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/internal/sums"
)

// Version is that of the form of pack.json.
const Version = 1

// Folder is the folder in the archive that has everything.
const Folder = "idlebench"

// The files of a pack.
const (
	RunFile    = "run"
	PlanFile   = "pack.json"
	readmeFile = "README.txt"
)

// Bench is the program that each platform has.
const Bench = "bench"

// Platforms are those that a pack can have programs for.
var Platforms = []string{"linux/amd64", "linux/arm64"}

//go:embed run
var runScript []byte

//go:embed README.txt
var readme []byte

// A Plan is pack.json.
type Plan struct {
	Version int      `json:"version"`
	Run     []string `json:"run"` // flags of "bench run"
}

// FolderOf returns the folder of a platform's programs, such as linux-amd64.
func FolderOf(platform string) string { return strings.ReplaceAll(platform, "/", "-") }

// Write writes the archive of a plan and the programs of some platforms. Each platform is
// a folder in programs, all of whose regular files go into the archive.
func Write(w io.Writer, run []string, programs fs.FS, platforms []string) (id string, err error) {
	plan, err := json.MarshalIndent(Plan{Version, run}, "", "\t")
	if err != nil {
		return "", err
	}
	files := contents{
		RunFile:    {runScript, 0o755},
		PlanFile:   {append(plan, '\n'), 0o644},
		readmeFile: {readme, 0o644},
	}
	for _, p := range platforms {
		if err := files.add(programs, FolderOf(p)); err != nil {
			return "", err
		}
	}
	var list []byte
	for _, name := range slices.Sorted(maps.Keys(files)) {
		list = append(list, sums.Line(name, files[name].content)...)
	}
	files[sums.File] = file{list, 0o644}
	return sums.ID(list), archive(w, files)
}

// contents are the files of an archive, by name.
type contents map[string]file

type file struct {
	content []byte
	mode    int64
}

// add adds the files of a folder. A program is what its owner may execute.
func (c contents) add(all fs.FS, folder string) error {
	err := fs.WalkDir(all, folder, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := fs.Stat(all, name) // follows links
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s: not a regular file", name)
		}
		content, err := fs.ReadFile(all, name)
		if err != nil {
			return err
		}
		mode := int64(0o644)
		if info.Mode()&0o100 != 0 {
			mode = 0o755
		}
		c[name] = file{content, mode}
		return nil
	})
	if err != nil {
		return err
	}
	if c[path.Join(folder, Bench)].mode != 0o755 {
		return fmt.Errorf("%s has no program %s", folder, Bench)
	}
	return nil
}

// made is the time of every file: not the epoch, which tar calls implausible.
var made = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// archive writes files in the order of their names. Programs hardly shrink further at a
// higher level, which takes several times as long.
func archive(w io.Writer, files contents) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f := files[name]
		h := tar.Header{Typeflag: tar.TypeReg, Name: path.Join(Folder, name), Mode: f.mode, Size: int64(len(f.content)), ModTime: made, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(&h); err != nil {
			return err
		}
		if _, err := t.Write(f.content); err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), z.Close())
}

// Open reads the plan of an unpacked archive and checks all its files.
func Open(dir string) (p Plan, id string, err error) {
	id, err = sums.Check(os.DirFS(dir))
	if err != nil {
		return Plan{}, "", fmt.Errorf("the pack in %s is damaged: %w: unpack it again", dir, err)
	}
	data, err := os.ReadFile(filepath.Join(dir, PlanFile))
	if err != nil {
		return Plan{}, "", err
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return Plan{}, "", fmt.Errorf("%s: %w", PlanFile, err)
	}
	if p.Version != Version {
		return Plan{}, "", fmt.Errorf("%s has version %d of its form; this program reads version %d", PlanFile, p.Version, Version)
	}
	return p, id, nil
}
