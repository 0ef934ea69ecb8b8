package browser

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

// What is not the pinned package is refused.
func TestIntact(t *testing.T) {
	sum := sha512.Sum512([]byte("the package"))
	pinned := "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
	if err := intact([]byte("the package"), pinned); err != nil {
		t.Error(err)
	}
	if err := intact([]byte("another"), pinned); !errors.Is(err, errIntegrity) {
		t.Errorf("another package: %v", err)
	}
}

func TestUnpack(t *testing.T) {
	var pack bytes.Buffer
	z := gzip.NewWriter(&pack)
	files := tar.NewWriter(z)
	for name, text := range map[string]string{"package/a.js": "a", "package/b.js": "b"} {
		if err := files.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(files.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	if text, err := unpack(pack.Bytes(), "package/b.js"); err != nil || text != "b" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := unpack(pack.Bytes(), "package/c.js"); err == nil || !strings.Contains(err.Error(), "package/c.js") {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := unpack([]byte("no archive"), "package/a.js"); err == nil {
		t.Error("what is no archive was unpacked")
	}
}

// The pinned package is axe-core, where it can be had.
func TestAxe(t *testing.T) {
	js, ok := Axe(t)
	if !ok {
		t.Skip("axe-core cannot be had")
	}
	if !strings.HasPrefix(js, "/*! axe v"+axeVersion) {
		t.Errorf("it begins with %.40q", js)
	}
}
