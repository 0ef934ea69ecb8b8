package journal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A manager's source is a hash of the shared packages and of its own package with its
// imports. The hash changes with every token of these, and with nothing else.
func TestSource(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"go.mod":                    "module example.org/m\n\ngo 1.26\n",
		"shared/shared.go":          "package shared\n\nfunc F() int { return 1 }\n",
		"shared/known.go":           "package shared\n\nvar known = 1\n",
		"shared/real.go":            "//go:build !explore\n\npackage shared\n",
		"shared/shared_test.go":     "package shared\n",
		"verify/journal/journal.go": "package journal\n",
		"helper/helper.go":          "package helper\n",
		"one/one.go":                "package one\n\nimport (\n\t_ \"example.org/m/helper\"\n\t_ \"example.org/m/shared\"\n\t_ \"example.org/m/verify/journal\"\n)\n\nvar s = `x`\n",
		"two/two.go":                "package two\n",
	}
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		write(name, text)
	}
	t.Chdir(dir)
	source := func(texts ...string) string {
		t.Helper()
		s, err := Source([]string{"example.org/m/shared", "example.org/m/one"}, []string{"shared/known.go"}, texts...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := source("a", "b")
	for _, test := range []struct {
		file, text string
		changes    bool
	}{
		{"shared/shared.go", "package shared\n\nfunc F() int { return 2 }\n", true},
		{"shared/shared.go", "// Package shared is shared.\npackage shared\n\n// F returns 1.\nfunc F() int {\n\treturn 1 // always\n}\n", true}, // one ; more
		{"shared/shared.go", "// Package shared is shared.\npackage shared\n\n// F returns 1.\nfunc F() int { return 1 }\n", false},
		{"shared/known.go", "package shared\n\nvar known = 2\n", false},
		{"shared/real.go", "//go:build !explore\n\npackage shared\n\nvar real = 2\n", false},
		{"shared/more.go", "package shared\n", true},
		{"shared/shared_test.go", "package shared\n\nvar test = 1\n", false},
		{"verify/journal/journal.go", "package journal\n\nvar x = 1\n", false},
		{"helper/helper.go", "package helper\n\nvar x = 1\n", true},
		{"one/one.go", "package one\n\nimport (\n\t_ \"example.org/m/helper\"\n\t_ \"example.org/m/shared\"\n\t_ \"example.org/m/verify/journal\"\n)\n\nvar s = `x `\n", true},
		{"two/two.go", "package two\n\nvar x = 1\n", false},
	} {
		write(test.file, test.text)
		if after := source("a", "b"); (after != before) != test.changes {
			t.Errorf("%s is now %q: changed is %v, want %v", test.file, test.text, after != before, test.changes)
		}
		if text, ok := files[test.file]; ok {
			write(test.file, text)
		} else if err := os.Remove(filepath.Join(dir, test.file)); err != nil {
			t.Fatal(err)
		}
	}
	if source("a", "b") != before {
		t.Error("all is as it was, and the source is not")
	}
	if source("a", "c") == before || source("ab") == before {
		t.Error("other texts do not change it")
	}
	if _, err := Source([]string{"example.org/m/missing"}, nil); err == nil {
		t.Error("of a package that is not there: no error")
	}
}

func TestPackageOf(t *testing.T) {
	for function, want := range map[string]string{
		"example.org/a.b/impls/bitmap.New":     "example.org/a.b/impls/bitmap",
		"example.org/impls/bitmap.init.func1":  "example.org/impls/bitmap",
		"example.org/idle%2ev2.(*Idle).New-fm": "example.org/idle.v2",
		"example.org/mine_test.TestX.func1":    "example.org/mine",
		"mine.New":                             "mine",
	} {
		if got := PackageOf(function); got != want {
			t.Errorf("of %s: %s, want %s", function, got, want)
		}
	}
}

// A row depends on itself and on what is outside of the table.
func TestRow(t *testing.T) {
	const file = "package p\n\nvar table = []row{\n\t// The first.\n\t{name: \"a\", f: func() { g(1) }},\n\n\t{name: \"b\", f: func() { g(2) }},\n}\n\nfunc g(int) {}\n"
	row := func(text, name string) string {
		t.Helper()
		hash, err := Row([]byte(text), name)
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	a, b := row(file, "a"), row(file, "b")
	if a == b {
		t.Error("two rows are the same")
	}
	for _, test := range []struct {
		what, old, new string
		a, b           bool // whether they change
	}{
		{"the first row", "g(1)", "g(3)", true, false},
		{"the second row", "g(2)", "g(3)", false, true},
		{"outside", "func g(int) {}", "func g(int) { println() }", true, true},
		{"a comment", "The first", "The second", false, false},
		{"a new row in the middle", "\n\n\t{name: \"b\"", "\n\t{name: \"c\", f: nil},\n\n\t// More.\n\t{name: \"b\"", false, false},
		{"a new row at the end", "},\n}\n", "},\n\t{name: \"c\", f: nil},\n}\n", false, false},
	} {
		text := strings.Replace(file, test.old, test.new, 1)
		if text == file {
			t.Fatalf("%s: nothing is changed", test.what)
		}
		if got := row(text, "a") != a; got != test.a {
			t.Errorf("%s: the first row changes: %v", test.what, got)
		}
		if got := row(text, "b") != b; got != test.b {
			t.Errorf("%s: the second row changes: %v", test.what, got)
		}
	}
	if _, err := Row([]byte("package"), "a"); err == nil {
		t.Error("no error for what is no Go")
	}
}
