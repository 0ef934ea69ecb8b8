package annotate

import (
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"os"
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
			f, err := annotateFile(p, syntax, p.CompiledGoFiles[i])
			errs = append(errs, err)
			if f.Accesses > 0 {
				files = append(files, f)
			}
		}
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, errors.Join(errs...)
}

// An Unclassified is an expression or a statement for which there is no annotation.
type Unclassified struct {
	Position token.Position
	What     string
}

func (u Unclassified) Error() string { return fmt.Sprintf("%v: cannot annotate %s", u.Position, u.What) }

func annotateFile(p *packages.Package, syntax *ast.File, name string) (File, error) {
	source, err := os.ReadFile(name)
	if err != nil {
		return File{}, err
	}
	a := &annotator{fset: p.Fset, file: p.Fset.File(syntax.FileStart), info: p.TypesInfo, pkg: p.Types, vars: variables(syntax, p.TypesInfo, p.TypesSizes)}
	for _, d := range syntax.Decls {
		a.declaration(d)
	}
	if a.accesses == 0 {
		return File{}, errors.Join(a.errs...)
	}
	// On the line of the package clause, so that the others keep their numbers.
	a.edit(syntax.Name.End(), syntax.Name.End(), fmt.Sprintf("; import %s %q", accessAlias, accessPath))
	annotated := a.apply(source)
	if _, err := format.Source(annotated); err != nil {
		return File{}, fmt.Errorf("annotated, %s is not Go: %w", name, err)
	}
	return File{Name: name, Source: annotated, Accesses: a.accesses}, errors.Join(a.errs...)
}
