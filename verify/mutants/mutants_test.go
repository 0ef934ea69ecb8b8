package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every replacement fits the source as it is, exactly once, and what comes out
// compiles. The names are different, and the rows of the model are there.
func TestMutantsFit(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	model, err := os.ReadFile(filepath.Join(root, "verify", "model", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	check := newChecker(t, root)
	seen := make(map[string]bool)
	for _, m := range mutants() {
		t.Run(m.name, func(t *testing.T) {
			if seen[m.name] {
				t.Error("there is another of this name")
			}
			seen[m.name] = true
			if m.breaks == "" || m.like == "" && m.spin == "" {
				t.Error("the entry does not say what it breaks and stands for")
			}
			if m.spin != "" && !bytes.Contains(model, []byte("\t"+m.spin+" ")) {
				t.Errorf("verify/model/README.md has no row %s", m.spin)
			}
			if _, err := m.suite(); err != nil {
				t.Error(err)
			}
			source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.file)))
			if err != nil {
				t.Fatal(err)
			}
			changed, err := m.apply(string(source))
			if err != nil {
				t.Fatal(err)
			}
			if err := check(m.file, changed); err != nil {
				t.Errorf("does not compile: %v", err)
			}
		})
	}
}

// newChecker returns a function that type-checks a file's package with another
// text in the place of the file.
func newChecker(t *testing.T, root string) func(file, text string) error {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export", "./impls/...", "./loadgen/host")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	export := make(map[string]string)
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ ImportPath, Export string }
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		export[p.ImportPath] = p.Export
	}
	set := token.NewFileSet()
	config := types.Config{Importer: importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(export[path]) })}
	return func(file, text string) error {
		dir := filepath.Join(root, filepath.FromSlash(file[:strings.LastIndex(file, "/")]))
		p, err := build.ImportDir(dir, 0)
		if err != nil {
			return err
		}
		var files []*ast.File
		for _, name := range p.GoFiles {
			var source any
			if name == filepath.Base(file) {
				source = text
			}
			f, err := parser.ParseFile(set, filepath.Join(dir, name), source, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			files = append(files, f)
		}
		_, err = config.Check(dir, set, files, nil)
		return err
	}
}

func TestApply(t *testing.T) {
	m := mutant{name: "m", file: "f.go", old: "\tb\n", new: "\tc\n"}
	for _, test := range []struct{ source, want, err string }{
		{"a\n\tb\n", "a\n\tc\n", ""},
		{"a\n", "", `mutant m: the text to replace is not in f.go; it was: "b"`},
		{"a\n\tb\na\n\tb\n", "", `mutant m: the text to replace is in f.go 2 times, the second time in line 4; it must be there once: "b"`},
	} {
		got, err := m.apply(test.source)
		if got != test.want || (err == nil) != (test.err == "") || err != nil && err.Error() != test.err {
			t.Errorf("%q: got %q, %v", test.source, got, err)
		}
	}
}

// Some mutants are really found, in a moment. What finds them all is the
// program; its table is in docs/mutants.md.
func TestMutantsAreFound(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRunner(root, filepath.Join(t.TempDir(), "journal"), limits{}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	type expected struct{ mutant, scenario, bound, what string }
	// A test for each group, with all of its mutants: they are in different
	// files, and none is below another.
	for _, group := range [][]expected{
		{
			{"last-look-dropped", "fork", "2", "deadlock"},
			{"cond-token-lost", "submit", "1", "deadlock"},
			{"channels-shutdown-tells-nobody", "shutdown", "1", "deadlock"},
		},
		{
			{"window-before-sleep", "submit", "2", "deadlock"},
			{"mutex-window-before-release", "submit_two_workers", "2", "panic"},
		},
	} {
		var seeded []mutant
		for _, e := range group {
			seeded = append(seeded, named(t, e.mutant))
		}
		var bin string
		for i, e := range group {
			t.Run(e.mutant, func(t *testing.T) {
				u, err := seeded[i].suite()
				if err != nil {
					t.Fatal(err)
				}
				if bin == "" {
					if _, bin, err = r.build(t.Context(), u, exploring, seeded...); err != nil {
						t.Fatal(err)
					}
				}
				p, err := r.play(t.Context(), bin, u, []string{"-test.run", u.scenarios + "/^" + e.scenario + "$", "-bound", e.bound}, time.Minute)
				if err != nil {
					t.Fatal(err) // also if the test passed
				}
				if p.kind != e.what || p.scenario != e.scenario {
					t.Errorf("got %+v, want a %s in %s", p, e.what, e.scenario)
				}
			})
		}
	}
}

// A mutant is shown with its change and a schedule that kills it.
func TestShow(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRunner(root, filepath.Join(t.TempDir(), "journal"), limits{scenario: time.Minute}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	var b strings.Builder
	if err := r.show(t.Context(), &b, named(t, "cond-token-lost")); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n--- impls/park/cond.go\n-", "\n+", "found by bound 2", "deadlock: no thread can go on", "park/cond.go:", "Schedule: "} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

func named(t *testing.T, name string) mutant {
	all := mutants()
	i := slices.IndexFunc(all, func(m mutant) bool { return m.name == name })
	if i < 0 {
		t.Fatalf("there is no mutant %s", name)
	}
	return all[i]
}

// What convicts a mutant must not convict the unchanged code. Here the test of the
// unchanged code is that of a mutant.
func TestAcquit(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRunner(root, filepath.Join(t.TempDir(), "journal"), limits{}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	m := named(t, "cond-token-lost")
	u, err := m.suite()
	if err != nil {
		t.Fatal(err)
	}
	s := strategies[slices.Index(strategyNames(), "bound 2")]
	convicted := cell{Verdict: found, Where: "submit", N: 10}
	if err := r.acquit(t.Context(), u, s, convicted); err != nil {
		t.Error(err)
	}
	_, bin, err := r.build(t.Context(), u, exploring, m)
	if err != nil {
		t.Fatal(err)
	}
	r.bins[u.name] = [2]string{bin, ""}
	err = r.acquit(t.Context(), u, s, convicted)
	if err == nil || !strings.Contains(err.Error(), "unchanged, fails under bound 2 as well: submit deadlock") {
		t.Errorf("got %v", err)
	}
}
