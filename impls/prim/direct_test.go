package prim

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const primPath = "github.com/idlebench/idlebench/impls/prim"

// withoutDoor returns the files of the given packages, by name, as they would be
// without this package: with sync, sync/atomic and chan in place of its names,
// but for functions that are called in any case.
func withoutDoor(patterns ...string) (map[string][]byte, error) {
	list := exec.Command("go", append([]string{"list", "-export", "-deps",
		"-f", "{{.ImportPath}}\t{{.Export}}\t{{if not .DepOnly}}{{.Dir}}\t{{join .GoFiles \"\\t\"}}{{end}}"}, patterns...)...)
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	exports := make(map[string]string)
	var packages [][]string // import path, folder, files
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) > 1 {
			exports[f[0]] = f[1]
		}
		if len(f) > 3 {
			packages = append(packages, append([]string{f[0], f[2]}, f[3:]...))
		}
	}
	set := token.NewFileSet()
	imports := importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	direct := make(map[string][]byte)
	for _, p := range packages {
		if err := rewrite(direct, set, imports, p[0], p[1], p[2:]); err != nil {
			return nil, err
		}
	}
	return direct, nil
}

// rewrite adds the files of a package that import this one.
func rewrite(direct map[string][]byte, set *token.FileSet, imports types.Importer, path, dir string, names []string) error {
	source := make(map[*ast.File][]byte)
	var files []*ast.File
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(set, filepath.Join(dir, name), text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, file)
		source[file] = text
	}
	info := &types.Info{
		Uses:       make(map[*ast.Ident]types.Object),
		Types:      make(map[ast.Expr]types.TypeAndValue),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}
	conf := types.Config{Importer: imports}
	pkg, err := conf.Check(path, set, files, info)
	if err != nil {
		return err
	}
	for file, text := range source {
		r := rewriter{set: set, info: info, text: text, pkg: pkg, needs: make(map[string]bool)}
		ast.Inspect(file, r.visit)
		if spec := primImport(file); spec != nil {
			r.imports(file, spec)
		}
		// Importers of the real thing can inline all of it.
		r.edit(file.Name.End(), file.Name.End(), "\nimport _ \"sync\"\nimport _ \"sync/atomic\"\n")
		out, err := format.Source(r.apply())
		if err != nil {
			return fmt.Errorf("%s without the door: %w", set.File(file.Pos()).Name(), err)
		}
		direct[set.File(file.Pos()).Name()] = out
	}
	return nil
}

func primImport(file *ast.File) *ast.ImportSpec {
	i := slices.IndexFunc(file.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == strconv.Quote(primPath) })
	if i < 0 {
		return nil
	}
	return file.Imports[i]
}

// A rewriter collects the edits of one file.
type rewriter struct {
	set   *token.FileSet
	info  *types.Info
	text  []byte
	pkg   *types.Package
	needs map[string]bool // imports
	edits []edit
}

// An edit puts text in place of what is from one offset to another. Edits do not
// overlap, so an expression and its operands can both have theirs.
type edit struct {
	from, to int
	text     string
}

func (r *rewriter) edit(from, to token.Pos, text string) {
	r.edits = append(r.edits, edit{r.set.Position(from).Offset, r.set.Position(to).Offset, text})
}

func (r *rewriter) apply() []byte {
	slices.SortStableFunc(r.edits, func(a, b edit) int { return a.from - b.from })
	var b bytes.Buffer
	at := 0
	for _, e := range r.edits {
		b.Write(r.text[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.Write(r.text[at:])
	return b.Bytes()
}

// operation returns which name of this package an expression is, if it is one,
// and the type arguments' brackets if it has them.
func (r *rewriter) operation(e ast.Expr) (name string, index *ast.IndexExpr) {
	if x, ok := e.(*ast.IndexExpr); ok {
		index, e = x, x.X
	}
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", nil
	}
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return "", nil
	}
	if p, ok := r.info.Uses[x].(*types.PkgName); !ok || p.Imported().Path() != primPath {
		return "", nil
	}
	return s.Sel.Name, index
}

func (r *rewriter) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ExprStmt:
		if call, ok := n.X.(*ast.CallExpr); ok {
			if name, _ := r.operation(call.Fun); name == "TrySend" {
				r.edit(call.Pos(), call.Args[0].Pos(), "select { case ")
				r.edit(call.Args[0].End(), call.Args[1].Pos(), " <- ")
				r.edit(call.Args[1].End(), call.End(), ":\n default:\n }")
				return r.operands(call)
			}
		}
	case *ast.CallExpr:
		return r.call(n)
	case *ast.IndexExpr:
		switch name, _ := r.operation(n); name {
		case "Chan":
			r.edit(n.Pos(), n.Index.Pos(), "chan ")
			r.edit(n.Rbrack, n.End(), "")
			return r.walk(n.Index)
		case "Pointer":
			r.edit(n.X.Pos(), n.X.End(), "atomic.Pointer")
			r.needs["sync/atomic"] = true
			return r.walk(n.Index)
		case "Var":
			r.edit(n.Pos(), n.Index.Pos(), "")
			r.edit(n.Rbrack, n.End(), "")
			return r.walk(n.Index)
		}
	case *ast.SelectorExpr:
		switch name, _ := r.operation(n); name {
		case "Mutex", "Cond", "NewCond":
			r.edit(n.Pos(), n.End(), "sync."+name)
			r.needs["sync"] = true
		case "Bool", "Int32", "Uint32", "Uint64":
			r.edit(n.Pos(), n.End(), "atomic."+name)
			r.needs["sync/atomic"] = true
		case "":
		default:
			r.needs[primPath] = true
		}
	}
	return true
}

// call rewrites the calls that are not of functions elsewhere.
func (r *rewriter) call(c *ast.CallExpr) bool {
	arg := func(i int) string {
		return string(r.text[r.set.Position(c.Args[i].Pos()).Offset:r.set.Position(c.Args[i].End()).Offset])
	}
	switch name, index := r.operation(c.Fun); name {
	case "MakeChan":
		r.edit(c.Pos(), index.Index.Pos(), "make(chan ")
		r.edit(index.Rbrack, c.Args[0].Pos(), ", ")
	case "Send":
		r.edit(c.Pos(), c.Args[0].Pos(), "")
		r.edit(c.Args[0].End(), c.Args[1].Pos(), " <- ")
		r.edit(c.Args[1].End(), c.End(), "")
	case "Recv":
		r.edit(c.Pos(), c.Args[0].Pos(), "(<-")
	case "Len":
		r.edit(c.Pos(), c.Args[0].Pos(), "len(")
	case "TrySend": // its result is used
		r.edit(c.Pos(), c.End(), fmt.Sprintf("func() bool { select { case %s <- %s: return true\n default: return false\n } }()", arg(0), arg(1)))
		return false
	case "TryRecv":
		element := types.TypeString(r.info.TypeOf(c).(*types.Tuple).At(0).Type(), r.qualify)
		r.edit(c.Pos(), c.End(), fmt.Sprintf("func() (v %s, ok bool) { select { case v, ok = <-%s: return v, ok\n default: return v, false\n } }()", element, arg(0)))
		return false
	case "Peek":
		r.edit(c.Pos(), c.Args[0].Pos(), "")
		r.edit(c.Args[0].End(), c.End(), "()")
	case "":
		return r.variable(c)
	default:
		return true
	}
	return r.operands(c)
}

// variable rewrites Get and Set of a Var. The receiver is one, or a pointer to one.
func (r *rewriter) variable(c *ast.CallExpr) bool {
	s, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || r.info.Selections[s] == nil {
		return true
	}
	receiver, pointer := strings.CutPrefix(r.info.Selections[s].Recv().String(), "*")
	if !strings.HasPrefix(receiver, primPath+".Var[") {
		return true
	}
	star := ""
	if pointer {
		star = "*"
	}
	switch s.Sel.Name {
	case "Get":
		r.edit(c.Pos(), c.Pos(), "("+star)
		r.edit(s.X.End(), c.End(), ")")
	case "Set":
		r.edit(c.Pos(), c.Pos(), star)
		r.edit(s.X.End(), c.Args[0].Pos(), " = ")
		r.edit(c.Args[0].End(), c.End(), "")
	}
	r.walk(s.X)
	return r.operands(c)
}

// operands rewrites what a call has in parentheses.
func (r *rewriter) operands(c *ast.CallExpr) bool {
	for _, a := range c.Args {
		r.walk(a)
	}
	return false
}

func (r *rewriter) walk(n ast.Node) bool {
	ast.Inspect(n, r.visit)
	return false
}

func (r *rewriter) qualify(p *types.Package) string {
	if p == r.pkg {
		return ""
	}
	return p.Name()
}

// imports puts those that are needed in place of this package's.
func (r *rewriter) imports(file *ast.File, door *ast.ImportSpec) {
	var specs []string
	for _, path := range []string{"sync", "sync/atomic", primPath} {
		there := slices.ContainsFunc(file.Imports, func(s *ast.ImportSpec) bool { return s != door && s.Path.Value == strconv.Quote(path) })
		if r.needs[path] && !there {
			specs = append(specs, strconv.Quote(path))
		}
	}
	text := strings.Join(specs, "\n")
	if len(file.Imports) == 1 {
		text = "(\n" + text + "\n)"
	}
	r.edit(door.Pos(), door.End(), text)
}
