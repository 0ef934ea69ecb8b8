package annotate

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

const (
	simulator   = "github.com/idlebench/idlebench/simulate"
	accessPath  = simulator + "/access"
	accessAlias = "plainaccess" // in annotated files
)

// A File is a file with its accesses annotated.
type File struct {
	Name     string // of the file that it replaces
	Source   []byte
	Accesses int // annotations in it
}

// Packages annotates the packages that match the patterns, in a build with the tags, and
// returns their files in the order of their names, without those that access nothing.
// The error joins an [Unclassified] for each access that it does not know how to
// annotate.
//
// Packages that import the simulator themselves are left as they are, because they are
// part of the model, and so are those that import testing.
func Packages(tags string, patterns ...string) ([]File, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedDeps | packages.NeedExportFile | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedTypesSizes,
		BuildFlags: []string{"-tags=" + tags},
	}, patterns...)
	if err != nil {
		return nil, err
	}
	var files []File
	var errs []error
	for _, p := range loaded {
		for _, e := range p.Errors {
			errs = append(errs, e)
		}
		if len(p.Errors) > 0 || p.Imports[simulator] != nil || p.Imports["testing"] != nil {
			continue
		}
		for i, syntax := range p.Syntax {
			source, err := os.ReadFile(p.CompiledGoFiles[i])
			if err != nil {
				return nil, err
			}
			f, err := checked{p.Fset, p.TypesInfo, p.TypesSizes, syntax, source}.annotate()
			errs = append(errs, err)
			if f.Accesses > 0 {
				files = append(files, f)
			}
		}
	}
	mark, err := annotatedFile()
	errs = append(errs, err)
	files = append(files, mark)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, errors.Join(errs...)
}

// annotatedFile returns the file that says that there is an overlay.
func annotatedFile() (File, error) {
	found, err := packages.Load(&packages.Config{Mode: packages.NeedFiles}, accessPath)
	if err != nil {
		return File{}, err
	}
	for _, p := range found {
		for _, name := range p.GoFiles {
			if filepath.Base(name) == "annotated.go" {
				source, err := os.ReadFile(name)
				return File{Name: name, Source: bytes.Replace(source, []byte("= false"), []byte("= true"), 1)}, err
			}
		}
	}
	return File{}, fmt.Errorf("annotate: package %s has no file annotated.go", accessPath)
}

// An Unclassified is an expression or a statement for which there is no annotation.
type Unclassified struct {
	Position token.Position
	What     string
}

func (u Unclassified) Error() string {
	return fmt.Sprintf("%v: cannot annotate %s", u.Position, u.What)
}

// A checked is a file with its types.
type checked struct {
	set    *token.FileSet
	info   *types.Info
	sizes  types.Sizes
	syntax *ast.File
	source []byte
}

func (c checked) annotate() (File, error) {
	a := &annotator{
		set:  c.set,
		file: c.set.File(c.syntax.FileStart),
		info: c.info,
		vars: variables(c.syntax, c.info, c.sizes),
	}
	for _, d := range c.syntax.Decls {
		a.declaration(d)
	}
	f := File{Name: a.file.Name(), Accesses: a.accesses}
	if a.accesses == 0 {
		return f, errors.Join(a.errs...)
	}
	// On the line of the package clause, so that the others keep their numbers.
	a.insert(c.syntax.Name.End(), fmt.Sprintf("; import %s %q", accessAlias, accessPath))
	f.Source = a.apply(c.source)
	if _, err := format.Source(f.Source); err != nil {
		a.errs = append(a.errs, fmt.Errorf("annotated, %s is not Go: %w", f.Name, err))
	}
	return f, errors.Join(a.errs...)
}
