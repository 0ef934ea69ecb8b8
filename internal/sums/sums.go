// Package sums writes and checks lists of checksums in the form of sha256sum, so that
// "sha256sum -c SHA256SUMS" checks them where none of our programs is.
//
// A list covers every regular file of a folder, by its path with slashes, in the order of
// the paths. So the same files have the same list, and its own checksum identifies them
// all ([ID]). A list that is written last, after everything it covers, shows that what it
// covers is whole.
package sums

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// File is the usual name of a list, at the top of the folder that it covers.
const File = "SHA256SUMS"

// List returns the list of the files of a folder, without those for which leave is true.
// The list itself is never in it.
func List(folder fs.FS, leave func(name string) bool) ([]byte, error) {
	var names []string
	err := fs.WalkDir(folder, ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && name != File && (leave == nil || !leave(name)) {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var b bytes.Buffer
	for _, name := range names {
		if strings.ContainsAny(name, "\n\\") {
			return nil, fmt.Errorf("%q: a list of checksums cannot have such a name", name)
		}
		sum, err := of(folder, name)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s  %s\n", sum, name)
	}
	return b.Bytes(), nil
}

// Line returns the line of a list for a file with this content.
func Line(name string, content []byte) string {
	return fmt.Sprintf("%x  %s\n", sha256.Sum256(content), name)
}

// Check compares the files of a folder with its list. Files that are not in the list do
// not matter. It returns the identity of the list.
func Check(folder fs.FS) (id string, err error) {
	list, err := fs.ReadFile(folder, File)
	if err != nil {
		return "", err
	}
	want, err := parse(list)
	if err != nil {
		return "", err
	}
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(want)) {
		sum, err := of(folder, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			wrong = append(wrong, fmt.Errorf("%s is missing", name))
		case err != nil:
			wrong = append(wrong, err)
		case sum != want[name]:
			wrong = append(wrong, fmt.Errorf("%s was changed or cut: its checksum is not that of %s", name, File))
		}
	}
	return ID(list), errors.Join(wrong...)
}

// ID identifies what a list covers.
func ID(list []byte) string {
	sum := sha256.Sum256(list)
	return hex.EncodeToString(sum[:6])
}

func parse(list []byte) (map[string]string, error) {
	sums := make(map[string]string)
	if !bytes.HasSuffix(list, []byte("\n")) {
		return nil, fmt.Errorf("%s is cut", File)
	}
	for line := range strings.Lines(string(list)) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok || len(sum) != hex.EncodedLen(sha256.Size) || !fs.ValidPath(name) {
			return nil, fmt.Errorf("%s: %q is not a checksum and a file", File, line)
		}
		sums[name] = sum
	}
	return sums, nil
}

func of(folder fs.FS, name string) (string, error) {
	f, err := folder.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
