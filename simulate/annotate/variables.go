package annotate

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A variable is what decides where the compiler keeps a local variable.
type variable struct {
	declared  *ast.FuncLit // the innermost literal that it is declared in, or nil
	captured  bool         // used in a literal that it is not declared in
	changed   bool         // assigned again after its declaration
	addressed bool         // its address is taken
	large     bool         // a closure does not capture it by value
}

// inMemory reports whether the variable may have a place in memory that others reach.
// The rules are the compiler's: a variable whose address is taken may be moved to the
// heap, and so may one that a closure shares. A closure has a copy of a small one that
// never changes.
func (v *variable) inMemory() bool {
	return v.addressed || v.captured && (v.changed || v.large)
}

// variables finds the local variables of a file.
func variables(file *ast.File, info *types.Info, sizes types.Sizes) map[*types.Var]*variable {
	w := &variableFinder{info: info, sizes: sizes, found: make(map[*types.Var]*variable)}
	ast.Walk(walker{w, nil}, file)
	return w.found
}

type variableFinder struct {
	info  *types.Info
	sizes types.Sizes
	found map[*types.Var]*variable
}

// A walker is the visitor of what is in a function literal, or in none.
type walker struct {
	*variableFinder
	in *ast.FuncLit
}

func (w walker) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.FuncLit:
		return walker{w.variableFinder, n}
	case *ast.Ident:
		w.identifier(n)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			w.root(n.X, func(v *variable) { v.addressed = true })
		}
	case *ast.SliceExpr: // of an array
		if _, array := w.info.TypeOf(n.X).Underlying().(*types.Array); array {
			w.root(n.X, func(v *variable) { v.addressed = true })
		}
	case *ast.SelectorExpr:
		if w.info.Selections[n] == nil {
			break // of another package
		}
		_, pointer := w.info.TypeOf(n.X).Underlying().(*types.Pointer)
		if s := w.info.Selections[n]; s.Kind() == types.MethodVal && hasPointerReceiver(s) && !pointer {
			w.root(n.X, func(v *variable) { v.addressed = true })
		}
	case *ast.AssignStmt:
		for _, e := range n.Lhs {
			if id, ok := e.(*ast.Ident); !ok || w.info.Defs[id] == nil {
				w.root(e, func(v *variable) { v.changed = true })
			}
		}
	case *ast.IncDecStmt:
		w.root(n.X, func(v *variable) { v.changed = true })
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			w.root(n.Key, func(v *variable) { v.changed = true })
			w.root(n.Value, func(v *variable) { v.changed = true })
		}
	}
	return w
}

func (w walker) identifier(id *ast.Ident) {
	if v, ok := w.info.Defs[id].(*types.Var); ok && !v.IsField() {
		w.local(v).declared = w.in
	}
	v, ok := w.info.Uses[id].(*types.Var)
	if !ok || v.IsField() || isGlobal(v) {
		return
	}
	if l := w.local(v); l.declared != w.in {
		l.captured = true
	}
}

func (w walker) local(v *types.Var) *variable {
	l := w.found[v]
	if l == nil {
		const byValue = 128 // bytes
		l = &variable{large: hasTypeParameter(v.Type()) || w.sizes.Sizeof(v.Type()) > byValue}
		w.found[v] = l
	}
	return l
}

// root calls f for the local variable that a place is in, if it is in one.
func (w walker) root(e ast.Expr, f func(*variable)) {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.SelectorExpr:
			s := w.info.Selections[x]
			if s == nil || s.Indirect() {
				return
			}
			e = x.X
		case *ast.IndexExpr:
			if _, array := w.info.TypeOf(x.X).Underlying().(*types.Array); !array {
				return
			}
			e = x.X
		case *ast.Ident:
			v, ok := w.info.ObjectOf(x).(*types.Var)
			if ok && !isGlobal(v) {
				f(w.local(v))
			}
			return
		default:
			return
		}
	}
}

func isGlobal(v *types.Var) bool { return v.Pkg() != nil && v.Parent() == v.Pkg().Scope() }

// hasPointerReceiver reports whether a method that is selected by a value gets the
// value's address.
func hasPointerReceiver(s *types.Selection) bool {
	_, pointer := s.Obj().(*types.Func).Signature().Recv().Type().(*types.Pointer)
	return pointer
}

// hasTypeParameter reports whether the size of a type depends on a type parameter.
func hasTypeParameter(t types.Type) bool {
	if _, is := types.Unalias(t).(*types.TypeParam); is {
		return true
	}
	switch t := t.Underlying().(type) {
	case *types.Array:
		return hasTypeParameter(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if hasTypeParameter(f.Type()) {
				return true
			}
		}
	}
	return false
}
