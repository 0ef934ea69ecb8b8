package browser

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// axe-core checks a page against accessibility rules, in the browser. It is an npm
// package, pinned by its version and by the integrity that the registry states for it
// ("npm view axe-core@VERSION dist.integrity").
const (
	axeName      = "axe-core"
	axeVersion   = "4.14.1"
	axeIntegrity = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
	axeFile      = "package/axe.min.js"
)

// Axe returns the text of axe-core. It comes from the npm registry once, and then from
// the user's cache. Where it cannot be had, the test says that accessibility is left
// out, and ok is false; or it fails where the environment variable IDLEBENCH_BROWSER is
// "required".
func Axe(t interface {
	Helper()
	Logf(string, ...any)
	Fatal(...any)
}) (js string, ok bool) {
	t.Helper()
	js, err := axe()
	switch {
	case err == nil:
		return js, true
	case os.Getenv("IDLEBENCH_BROWSER") == "required" || errors.Is(err, errIntegrity):
		t.Fatal(err)
	default:
		t.Logf("left out: accessibility rules: %v", err)
	}
	return "", false
}

var axe = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	name := filepath.Join(cache, "idlebench", fmt.Sprintf("%s-%s.tgz", axeName, axeVersion))
	pack, err := os.ReadFile(name)
	if err != nil || intact(pack, axeIntegrity) != nil {
		if pack, err = download(filepath.Dir(name), filepath.Base(name)); err != nil {
			return "", err
		}
	}
	if err := intact(pack, axeIntegrity); err != nil {
		return "", err
	}
	return unpack(pack, axeFile)
})

// download has npm write the package into a folder, and returns it. The file gets its
// name when it is complete, since tests of several packages may want it at once.
func download(folder, file string) ([]byte, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	own, err := os.MkdirTemp(folder, "npm")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(own) }()
	npm := exec.Command("npm", "pack", "--silent", "--pack-destination", own, axeName+"@"+axeVersion)
	var said bytes.Buffer
	npm.Stderr = &said
	if err := npm.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", strings.Join(npm.Args, " "), err, bytes.TrimSpace(said.Bytes()))
	}
	if err := os.Rename(filepath.Join(own, file), filepath.Join(folder, file)); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(folder, file))
}

// errIntegrity is of a package that is not the one that was pinned.
var errIntegrity = errors.New("the npm package is not the pinned one")

// intact compares a package with its integrity, in the form of the registry.
func intact(pack []byte, integrity string) error {
	sum := sha512.Sum512(pack)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != integrity {
		return fmt.Errorf("%w: its integrity is %s, want %s", errIntegrity, got, integrity)
	}
	return nil
}

// unpack returns the text of a file in a package.
func unpack(pack []byte, file string) (string, error) {
	z, err := gzip.NewReader(bytes.NewReader(pack))
	if err != nil {
		return "", err
	}
	for files := tar.NewReader(z); ; {
		header, err := files.Next()
		if err == io.EOF {
			return "", fmt.Errorf("the npm package has no %s", file)
		}
		if err != nil {
			return "", err
		}
		if header.Name == file {
			text, err := io.ReadAll(files)
			return string(text), err
		}
	}
}
