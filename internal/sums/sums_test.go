package sums_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/idlebench/idlebench/internal/sums"
)

func folder() fstest.MapFS {
	return fstest.MapFS{"a": {Data: []byte("1")}, "b/c": {Data: []byte("2")}, "left": {Data: []byte("3")}}
}

// sealed returns the folder with its list.
func sealed(t *testing.T) fstest.MapFS {
	t.Helper()
	f := folder()
	list, err := sums.List(f, func(name string) bool { return name == "left" })
	if err != nil {
		t.Fatal(err)
	}
	f[sums.File] = &fstest.MapFile{Data: list}
	return f
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(fstest.MapFS)
		want   string // in the error; "" if there is none
	}{
		{"as it was", func(fstest.MapFS) {}, ""},
		{"a file more", func(f fstest.MapFS) { f["d"] = &fstest.MapFile{} }, ""},
		{"a file that was left out", func(f fstest.MapFS) { delete(f, "left") }, ""},
		{"changed", func(f fstest.MapFS) { f["b/c"].Data = []byte("x") }, "b/c was changed or cut"},
		{"missing", func(f fstest.MapFS) { delete(f, "a") }, "a is missing"},
		{"a cut list", func(f fstest.MapFS) { f[sums.File].Data = f[sums.File].Data[:70] }, "is cut"},
		{"an empty list", func(f fstest.MapFS) { f[sums.File].Data = nil }, "is cut"},
		{"not a list", func(f fstest.MapFS) { f[sums.File].Data = []byte("hello\n") }, "is not a checksum and a file"},
		{"a way out", func(f fstest.MapFS) {
			f[sums.File].Data = []byte(strings.Repeat("0", 64) + "  ../a\n")
		}, "is not a checksum and a file"},
		{"no list", func(f fstest.MapFS) { delete(f, sums.File) }, "file does not exist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := sealed(t)
			c.change(f)
			_, err := sums.Check(f)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// The form is that of sha256sum, with the checksum of "1" as it prints it.
func TestForm(t *testing.T) {
	f := sealed(t)
	const want = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  a\n" +
		"d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35  b/c\n"
	if got := string(f[sums.File].Data); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestNames(t *testing.T) {
	if _, err := sums.List(fstest.MapFS{"a\nb": {}}, nil); err == nil {
		t.Error("a name of two lines is in the list")
	}
}
