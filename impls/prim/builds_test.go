package prim

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// All builds offer the same names, so that what compiles with one compiles with
// the others.
func TestBuildsOfferTheSame(t *testing.T) {
	want := offered(t, runtime.GOOS)
	if len(want) < 20 {
		t.Errorf("the ordinary build offers only %q", want)
	}
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, tags := range [][]string{nil, {"explore"}, {"perturb"}, {"explore", "perturb"}, {"simulate"}, {"simulate", "explore"}, {"simulate", "perturb"}} {
			if got := offered(t, system, tags...); !slices.Equal(got, want) {
				t.Errorf("the build with the tags %q on %s offers %q,\nwant %q", tags, system, got, want)
			}
		}
	}
}

// offered returns the exported names of a build.
func offered(t *testing.T, system string, tags ...string) []string {
	t.Helper()
	context := build.Default
	context.GOOS, context.BuildTags = system, tags
	pkg, err := context.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]bool)
	add := func(name *ast.Ident) {
		if name.IsExported() {
			names[name.Name] = true
		}
	}
	for _, file := range pkg.GoFiles {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(pkg.Dir, file), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					add(d.Name)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						add(s.Name)
					case *ast.ValueSpec:
						for _, name := range s.Names {
							add(name)
						}
					}
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}
