package prim

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What has to be explored takes its primitives from here and from nowhere else.
func TestOneDoor(t *testing.T) {
	files := []string{"../mutex.go", "../../loadgen/host/runqueue.go", "../../loadgen/host/injection.go", "../../loadgen/host/slot.go", "../../loadgen/host/lockless.go"}
	list, err := filepath.Glob("../../impls/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, slices.DeleteFunc(list, func(file string) bool {
		// These are not explored: they are the door, test managers, or change one that is.
		return slices.Contains([]string{"prim", "idletest", "variant"}, filepath.Base(filepath.Dir(file)))
	})...)
	checked := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		checked++
		for _, past := range pastTheDoor(t, file, source) {
			t.Errorf("%s: %s; take it from impls/prim", file, past)
		}
	}
	if checked < 15 {
		t.Errorf("only %d files were checked", checked)
	}
}

func TestOneDoorCanFail(t *testing.T) {
	for source, want := range map[string]int{
		"package x\nimport \"sync\"\nvar m sync.Mutex":           1,
		"package x\nimport a \"sync/atomic\"\nvar n a.Int32":     1,
		"package x\nfunc f(c chan int) { go f(c); c <- 1; <-c }": 4,
		"package x\nfunc f(c chan int) { select {} }":            2,
		"package x\nfunc f() {}":                                 0,
	} {
		if got := pastTheDoor(t, "x.go", []byte(source)); len(got) != want {
			t.Errorf("%q: found %q, want %d", source, got, want)
		}
	}
}

// pastTheDoor lists what a file uses of Go's own concurrency.
func pastTheDoor(t *testing.T, name string, source []byte) (found []string) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		if slices.Contains([]string{"sync", "sync/atomic", "runtime", "syscall", "golang.org/x/sys/unix", "unsafe"}, path) {
			found = append(found, "imports "+path)
		}
	}
	return append(found, statements(file)...)
}
